from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class UncalledBridge(AsyncEvent):
    """`await sync_to_async(f)` without the call."""

    kinds = ("uncalled-bridge",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says what is missing."""
        text = (
            f"{event.what}(...) gives an async function; nothing calls it, and awaiting it raises TypeError."
        )
        return f"{text} Add the call: '()'."


rule = UncalledBridge(
    "DUA204", link="https://docs.djangoproject.com/en/stable/topics/async/#asgiref.sync.sync_to_async"
)

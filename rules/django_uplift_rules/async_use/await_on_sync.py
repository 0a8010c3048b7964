from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class AwaitOnSync(AsyncEvent):
    """`await` on something that can't be awaited."""

    kinds = ("await-sync",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says what it is."""
        return f"This is {event.what}, which can't be awaited: Python raises TypeError."


rule = AwaitOnSync("DUA202", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm")

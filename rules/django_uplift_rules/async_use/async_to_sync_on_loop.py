from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class AsyncToSyncOnLoop(AsyncEvent):
    """`async_to_sync` called where an event loop runs already."""

    kinds = ("async-to-sync",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says what to do instead."""
        text = f"{event.what} starts an event loop on a thread that runs one already: asgiref raises RuntimeError."
        return f"{text} Await the coroutine instead."


rule = AsyncToSyncOnLoop(
    "DUA207", link="https://docs.djangoproject.com/en/stable/topics/async/#async-to-sync"
)

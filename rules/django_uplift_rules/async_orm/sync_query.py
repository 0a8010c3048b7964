from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class SyncQuery(AsyncEvent):
    """A method of the ORM that queries, called by async code."""

    kinds = ("query",)

    def message(self, event: Event, ctx: Context) -> str:
        """Names the async method, or the release that has it."""
        text = f"{event.what} is a sync query: {RAISES}"
        if event.bypasses:
            return (
                f"{text}. {event.twin}() would skip the project's own {event.op}(): run this one in a thread."
            )
        if event.twin and event.since and ctx.target >= event.since:
            return f"{text}. Use 'await' and {event.twin}()."
        if event.twin:
            return f"{text}. Run it with sync_to_async; Django {event.since} has {event.twin}()."
        return f"{text}. Run it with sync_to_async."


rule = SyncQuery("DUA101", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm")

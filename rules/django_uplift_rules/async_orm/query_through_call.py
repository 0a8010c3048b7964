from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class QueryThroughCall(AsyncEvent):
    """A sync function of the project that queries is called by async code."""

    kinds = ("call",)

    def message(self, event: Event, ctx: Context) -> str:
        """Names the query at the end of the way, and where it is."""
        cause = event.extra.get("cause", "a query")
        place = f" ({event.path[-1].place.path.name}:{event.path[-1].place.line + 1})" if event.path else ""
        instead = "Run it in a thread with sync_to_async, or make it async."
        if event.extra.get("is_read_later"):
            instead = "Bring it along in the query, or give the field an async resolver."
        if event.twin and event.since is not None and ctx.target >= event.since:
            instead = f"Use 'await' and {event.twin}(), which runs it in a thread."
        return f"{event.what} leads to {cause}{place}: {RAISES}. {instead}"


rule = QueryThroughCall("DUA106", link="https://docs.djangoproject.com/en/stable/topics/async/#async-safety")

from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event

_USED = {
    "statement": "so it never runs",
    "bool": "and a coroutine is always true",
    "async for": "so there is nothing to iterate",
}


class MissingAwait(AsyncEvent):
    """A coroutine is used as if it were its result."""

    kinds = ("missing-await",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says what happens without the await."""
        consequence = _USED.get(event.op, "so a coroutine is used, not its result")
        return f"{event.what} is not awaited, {consequence}. Add 'await'."


rule = MissingAwait("DUA201", link="https://docs.djangoproject.com/en/stable/topics/async/")

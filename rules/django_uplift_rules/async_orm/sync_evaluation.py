from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event

_HOW = {
    "for": "Iterating",
    "iterator": "Iterating",
    "comprehension": "Iterating",
    "len": "Taking the length of",
    "bool": "Testing",
    "in": "Searching in",
    "index": "Indexing",
    "step": "Slicing with a step",
    "star": "Unpacking",
    "unpack": "Unpacking",
    "format": "Formatting",
    "str": "Formatting",
    "repr": "Formatting",
    "yield from": "Iterating",
}
_INSTEAD = {
    "len": "Use 'await' and acount().",
    "bool": "Use 'await' and aexists().",
    "in": "Use 'await' and acontains().",
    "for": "Use 'async for'.",
    "comprehension": "Use 'async for'.",
}


class SyncEvaluation(AsyncEvent):
    """A queryset is evaluated by async code."""

    kinds = ("evaluate",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says by what it is evaluated."""
        how = _HOW.get(event.op, f"Passing to {event.op}()")
        instead = _INSTEAD.get(event.op, "Build a list with 'async for' first.")
        if ctx.target < (4, 1):
            instead = "Fetch it in a thread with sync_to_async(list); Django 4.1 has 'async for'."
        return f"{how} {event.what} runs its query: {RAISES}. {instead}"


rule = SyncEvaluation("DUA102", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm")

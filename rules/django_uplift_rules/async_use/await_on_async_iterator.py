from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class AwaitOnAsyncIterator(AsyncEvent):
    """`await` on an async generator."""

    kinds = ("await-iterator",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says how it is iterated."""
        text = f"{event.what} gives an async iterator, which can't be awaited: Python raises TypeError."
        return f"{text} Iterate it with 'async for'."


rule = AwaitOnAsyncIterator(
    "DUA203", link="https://docs.djangoproject.com/en/stable/ref/models/querysets/#aiterator"
)

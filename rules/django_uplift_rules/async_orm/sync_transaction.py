from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django_uplift.api import Context, Span
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class SyncTransaction(AsyncEvent):
    """A `with` block of a transaction or cursor in async code: one finding for all that is in it."""

    kinds = ("block",)

    def message(self, event: Event, ctx: Context) -> str:
        """The whole block has to move."""
        return (
            f"{event.what} has no async form up to Django 6.1: {RAISES}. "
            "Move the whole block into a function and run that with sync_to_async."
        )

    def where(self, event: Event, ctx: Context) -> ast.AST | Span:
        """What is entered, not the block."""
        return event.extra["item"].context_expr if "item" in event.extra else event.node


rule = SyncTransaction(
    "DUA107", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm"
)

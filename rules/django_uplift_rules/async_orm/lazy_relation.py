from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django_uplift.api import Context, Hop, Span
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent, name_span

if TYPE_CHECKING:
    from django_uplift.api import Event, Place


class LazyRelation(AsyncEvent):
    """A relation, or a deferred field, that is not on board is read by async code."""

    kinds = ("relation", "deferred", "generic")

    def message(self, event: Event, ctx: Context) -> str:
        """Says how to bring it along."""
        if event.kind == "deferred":
            return f"{event.what} was left out of the query, so reading it queries: {RAISES}. Fetch it with the object."
        if event.kind == "generic":
            return f"{event.what} looks its content type up, which queries until it is cached: {RAISES}."
        field = event.extra["field"]
        how = "prefetch_related" if field.kind == "gfk" else "select_related"
        text = f"Reading {event.what} queries where it was not fetched with the object: {RAISES}."
        return f'{text} Fetch it with {how}("{event.op}").'

    def where(self, event: Event, ctx: Context) -> ast.AST | Span:
        """The relation's name."""
        return name_span(ctx, event.node)

    def hops(self, event: Event) -> list[Hop]:
        """Where the object was fetched."""
        place = self.origin(event)
        if place is None:
            return []
        return [Hop(place.path, place.line, place.column, f"fetched here without {event.op}")]

    def origin(self, event: Event) -> Place | None:
        """The query that left the relation out."""
        return event.receiver.plan.place if event.receiver is not None and event.receiver.plan else None


rule = LazyRelation("DUA103", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm")

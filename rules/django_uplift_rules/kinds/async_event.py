"""A rule that says what the analysis of async code found: one or more kinds of its events."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django_uplift.api import Confidence, Context, Finding, Found, Hop, Root, Rule, Severity, Span

if TYPE_CHECKING:
    from django_uplift.api import Event, Place

# A file with none of these holds nothing that runs on an event loop. Those after the first: libraries that
# call plain functions there.
ASYNC_WORDS = (
    "async",
    "ObjectType",
    "MutationType",
    "QueryType",
    "InterfaceType",
    "UnionType",
    "SubscriptionType",
    "strawberry",
    "graphene",
    "reactpy",
)
_ASYNC = re.compile(rb"\basync[\s\\]+(?:def|for|with)\b")
_LIBRARIES = tuple(word.encode() for word in ASYNC_WORDS[1:])


@lru_cache(maxsize=2)
def _may_run_on_a_loop(data: bytes) -> bool:
    return _ASYNC.search(data) is not None or any(word in data for word in _LIBRARIES)


RAISES = "Django raises SynchronousOnlyOperation on the event loop"


class AsyncEvent(Rule):
    """Reports the events of `kinds`. Say what is wrong in `message`."""

    kinds: Sequence[str] = ()
    any_words = ASYNC_WORDS
    default_severity = Severity.ERROR

    def prefilter(self, data: bytes) -> bool:
        """Whether the word is no mere part of a text. A notebook's, whose cells run on a loop, ends with one."""
        return _may_run_on_a_loop(data)

    def file(self, ctx: Context) -> Found:
        """One finding an event."""
        for event in ctx.flow.of(*self.kinds):
            if not ctx.guarded(event.node):
                yield self.report(event, ctx)

    def message(self, event: Event, ctx: Context) -> str:
        """What is wrong, why, and what to do."""
        raise NotImplementedError

    def report(self, event: Event, ctx: Context) -> Finding:
        """The finding for an event."""
        message = self.message(event, ctx)
        if event.guarded:
            message += " It happens only the first time, until the result is kept."
        confidence = Confidence(event.level)
        hops = self.hops(event)
        return self.finding(
            ctx,
            self.where(event, ctx),
            message,
            *ctx.rewrites(event),
            confidence=confidence,
            trace=[
                *hops,
                *(
                    Hop(step.place.path, step.place.line, step.place.column, step.message)
                    for step in event.path
                ),
            ],
            root=self.root(event),
            severity=Severity.HINT if confidence is Confidence.POSSIBLE else None,
        )

    def where(self, event: Event, ctx: Context) -> ast.AST | Span:
        """The characters to mark."""
        return event.node

    def hops(self, event: Event) -> list[Hop]:
        """Where the thing at fault comes from, before the calls on the way to the query."""
        return []

    def root(self, event: Event) -> Root | None:
        """Where the cause is: in the last function on the way to it, or where the thing at fault was made."""
        place = event.path[-1].place if event.path else self.origin(event)
        return Root(place.inside, place.path, place.line, place.column) if place is not None else None

    def origin(self, event: Event) -> Place | None:
        """Where the thing at fault was made, if that is known."""
        return None


def name_span(ctx: Context, node: ast.AST) -> ast.AST | Span:
    """The called or read name alone, without its receiver and arguments."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        end = ctx.span(node).end
        return Span(end - len(node.attr), end)
    return node

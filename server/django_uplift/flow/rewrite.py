"""Fixes of async code: what an expert would write instead, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django_uplift.flow.events import (
    ASYNC_TO_SYNC,
    AWAIT_ITERATOR,
    AWAIT_SYNC,
    BLOCK,
    BOILERPLATE,
    CALL,
    DEFERRED,
    EVALUATE,
    GENERIC,
    MISSING_AWAIT,
    QUERY,
    RAISING,
    RELATION,
    SESSION,
    SYNC_ONLY,
    UNCALLED_BRIDGE,
    USER,
    Event,
)
from django_uplift.flow.rewrites import evaluation, misuse, queries, relations, requests, threads
from django_uplift.flow.rewrites.generators import room
from django_uplift.flow.rewrites.pieces import (
    SYNC_TO_ASYNC,
    File,
    Rewrite,
    awaiting,
    may_await,
    merged,
    needs_parentheses,
)


def rewrites(event: Event, file: File) -> list[Rewrite]:
    """The ways to mend an event, best first."""
    make = _MAKERS.get(event.kind)
    found = [each for each in make(event, file) if each.edits] if make is not None else []
    if not found and event.kind in RAISING:
        found = list(threads.resolver(event, file))
    # Not for what iterates a generator itself: its fix makes that async.
    more = room(event.node, file) if found else []
    if not more:
        return found
    return [
        each._replace(edits=tuple(sorted({*each.edits, *more}))) if _awaits(each) else each for each in found
    ]


def _awaits(rewrite: Rewrite) -> bool:
    return any("await " in edit.text or "async " in edit.text for edit in rewrite.edits)


def _call(event: Event, file: File) -> Iterator[Rewrite]:
    """An override of a model's method is Django's twin's to call."""
    yield from queries.query(event, file) if event.twin else threads.call(event, file)


_Maker = Callable[[Event, File], Iterable[Rewrite]]
_MAKERS: dict[str, _Maker] = {
    QUERY: queries.query,
    EVALUATE: evaluation.evaluate,
    RELATION: relations.relation,
    DEFERRED: relations.relation,
    GENERIC: relations.relation,
    USER: requests.user,
    SESSION: requests.session,
    CALL: _call,
    BLOCK: threads.block,
    SYNC_ONLY: threads.sync_only,
    MISSING_AWAIT: misuse.missing_await,
    AWAIT_ITERATOR: misuse.await_iterator,
    AWAIT_SYNC: misuse.await_sync,
    UNCALLED_BRIDGE: misuse.uncalled,
    BOILERPLATE: misuse.boilerplate,
    ASYNC_TO_SYNC: misuse.async_to_sync,
}

__all__ = [
    "SYNC_TO_ASYNC",
    "File",
    "Rewrite",
    "awaiting",
    "may_await",
    "merged",
    "needs_parentheses",
    "rewrites",
    "room",
]

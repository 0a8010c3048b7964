"""What the analysis says about one file: plain events, which rules turn into findings."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django_uplift.types.values import Place, Value

POSSIBLE, LIKELY, PROVEN = 1, 2, 3

# Kinds that raise SynchronousOnlyOperation on an event loop.
QUERY = "query"
"""A call of an ORM method that queries."""
EVALUATE = "evaluate"
"""A queryset is evaluated: `op` says by what."""
RELATION = "relation"
"""A relation that is not on board is read."""
DEFERRED = "deferred"
"""A field that was left out of the query is read."""
USER = "user"
"""The lazy `request.user` is read."""
SESSION = "session"
"""The session is read or written."""
GENERIC = "generic"
"""A generic relation is touched; raises while the content types are not cached."""
CALL = "call"
"""A call of the project's own that ends in one of these."""
BLOCK = "block"
"""A whole `with` block that can only be sync: `transaction.atomic()`, a cursor."""
SYNC_ONLY = "sync-only"
"""An API without an async twin."""
RAISING = frozenset({QUERY, EVALUATE, RELATION, DEFERRED, USER, SESSION, GENERIC, CALL, BLOCK, SYNC_ONLY})

BLOCKING = "blocking"
"""Stops the loop without an error."""

# Misuse.
MISSING_AWAIT = "missing-await"
AWAIT_SYNC = "await-sync"
AWAIT_ITERATOR = "await-iterator"
UNCALLED_BRIDGE = "uncalled-bridge"
LAZY_BRIDGE = "lazy-bridge"
ATOMIC_ON_ASYNC = "atomic-on-async"
ASYNC_TO_SYNC = "async-to-sync"
"""`async_to_sync(...)(...)` on the loop's own thread: RuntimeError."""
BOILERPLATE = "boilerplate"
TOO_NEW = "too-new"


class Step(NamedTuple):
    """One step on the way from an event to its cause."""

    place: Place
    message: str


class Effect(NamedTuple):
    """What a call of a function ends in."""

    kind: str
    level: int
    what: str
    steps: tuple[Step, ...]
    guarded: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happens at `node` that rules have a say about.

    `what` says it in code ('Order.objects.get()'); `twin` is the async name, which Django has `since` that release;
    `path` leads to the cause in other functions.
    """

    kind: str
    node: ast.AST
    op: str = ""
    what: str = ""
    receiver: Value = None
    level: int = PROVEN
    guarded: bool = False
    path: tuple[Step, ...] = ()
    twin: str = ""
    since: Any = None
    bypasses: bool = False
    """Whether the twin ignores the project's override of the sync method."""
    extra: Mapping[str, Any] = field(default_factory=dict)

"""One call of one function, as the analysis plays it: what its names are, and what happens in it."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django_uplift.flow.events import BLOCKING, CALL, LIKELY, POSSIBLE, PROVEN, RAISING, Effect, Event, Step
from django_uplift.types.program import Mod
from django_uplift.types.values import Func, Inst, Place, Plan, Query, Union, Value, join, not_none

if TYPE_CHECKING:
    from django_uplift.flow.session import Session

Env = dict[str, Value]
_ABSENT = object()


def dotted(node: ast.AST) -> str | None:
    """``a.b.c`` as text; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else None
    if isinstance(node, ast.NamedExpr):
        return dotted(node.target)
    return None


def operand(node: ast.AST) -> ast.expr | None:
    """``x`` in ``x.method(...)``, in ``bridge(x.method)(...)`` and in ``run(x.method, ...)``."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Call) and node.func.args:
        given = node.func.args[0]
    elif node.args and isinstance(node.func, ast.Attribute) and node.func.attr in RUNNERS:
        given = node.args[1] if node.func.attr == "run_in_executor" and len(node.args) > 1 else node.args[0]
    else:
        given = node.func
    return given.value if isinstance(given, ast.Attribute) else None


RUNNERS = frozenset({"to_thread", "run_sync", "run_in_threadpool", "run_in_executor", "submit"})
"""Functions that run what they are given."""


class Frame(ABC):
    """The state of a played function. Names of attributes that were looked at are kept as ``a.b`` beside locals."""

    def __init__(
        self, session: Session, mod: Mod, func: Func | None, outer: Frame | None = None, depth: int = 0
    ) -> None:
        self.session = session
        self.program = session.program
        self.models = session.models
        self.mod = mod
        self.func = func
        self.outer = outer
        self.depth = depth
        self.inside = 0
        """How many calls deep this is in installed packages."""
        self.env: Env = {}
        self.events: dict[tuple[int, str, str], Event] = {}
        self.returned: list[Value] = []
        self.yielded: list[Value] = []
        self.generator = False
        self.muted = 0
        self.guard = 0
        self.returned_early: set[int] = set()
        """The tests behind which what follows is rare: a loop meets them again."""
        self.cap = PROVEN
        self.bridged_elsewhere: frozenset[str] = frozenset()
        """What the other branch of a test around here runs in a thread, or awaits the twin of, as it is written."""
        self.blocks = 0
        self.globals: set[str] = set()
        self.written: set[str] = set()
        """Dotted names that were assigned to."""
        self.rebound: set[str] = set()
        """Names that were given another value than they started with."""
        self.warmed: dict[str, set[str]] = {}
        """Relations that reads put on board of what the parameters hold, as ``a__b``."""
        self.exits: dict[str, list[tuple[Value, list[Value], dict[str, Value]]]] = {}
        """What exit stacks call when their blocks end, by the stack's name."""
        self.breaks: list[Env] = []
        """How things are where the loop around is left by `break`."""
        self.looked_into: set[str] = set()
        """Names of which some attribute is remembered."""
        self.annotated_returns: Value = None

    @property
    def is_async(self) -> bool:
        """Whether `await` may be written in this function's body."""
        return self.func is not None and self.func.is_async

    # What happens

    def report(
        self, kind: str, node: ast.AST, op: str = "", what: str = "", *, level: int = PROVEN, **more: Any
    ) -> None:
        """Something happens at `node`."""
        if self.muted or (self.blocks and self.is_async and kind in RAISING):
            return
        level = min(level, self.cap)
        if kind == BLOCKING and self.mod.is_test:
            # No other request waits.
            level = POSSIBLE
        if self.bridged_elsewhere and isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in self.bridged_elsewhere or (
                kind == CALL and f"await {called}" in self.bridged_elsewhere
            ):
                # The test tells calls that need no thread from those that do.
                level = POSSIBLE
        guarded = bool(more.pop("guarded", False)) or bool(self.guard)
        level = max(level - self.guard, POSSIBLE)
        key = (id(node), kind, op)
        old = self.events.get(key)
        if old is None or level > old.level:
            self.events[key] = Event(kind, node, op, what, level=level, guarded=guarded, **more)

    def doubt(self, keys: Iterable[tuple[int, str, str]]) -> None:
        """These events may happen, or not."""
        for key in keys:
            self.events[key] = replace(self.events[key], level=POSSIBLE)

    def reported(self, node: ast.AST) -> bool:
        """Whether something that raises was reported at this very node."""
        return any(event.node is node and event.kind in RAISING for event in self.events.values())

    def effects(self) -> tuple[Effect | None, Effect | None]:
        """The shortest way to something that raises, and to something that blocks."""
        best: dict[bool, Effect] = {}
        for event in self.events.values():
            raising = event.kind in RAISING
            if not raising and event.kind != BLOCKING:
                continue
            steps = (Step(self.place(event.node), event.what), *event.path)
            effect = Effect(
                event.kind,
                event.level,
                event.extra.get("cause", event.what),
                steps,
                event.guarded,
                event.extra.get("why", ""),
            )
            old = best.get(raising)
            if old is None or _rank(effect) > _rank(old):
                best[raising] = effect
        return best.get(True), best.get(False)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """What is played in here runs elsewhere, or not at all: only its values count."""
        self.muted += 1
        try:
            yield
        finally:
            self.muted -= 1

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """What is played in here happens rarely: once a process, say. Behind two guards, more rarely still."""
        self.guard += 1
        try:
            yield
        finally:
            self.guard -= 1

    def each(self, value: Value, act: Callable[[Value], Value]) -> Value:
        """`act` on every possible value; with several, nothing is certain."""
        if not isinstance(value, Union):
            return act(value)
        several = [option for option in value.options if getattr(option, "kind", "") != "NoneType"]
        if len(several) <= 1:
            return act(several[0] if several else value)
        cap, self.cap = self.cap, min(self.cap, LIKELY)
        try:
            result = act(several[0])
            for option in several[1:]:
                result = join(result, act(option))
            return result
        finally:
            self.cap = cap

    # Names

    def bind(self, name: str, value: Value) -> None:
        """Give a name a value; what was known of its attributes goes."""
        if name in self.globals:
            return
        env = self.env
        if name in self.looked_into:
            prefix = f"{name}."
            for key in [key for key in env if key.startswith(prefix)]:
                del env[key]
        env[name] = value
        self.rebound.add(name)

    def refine(self, node: ast.AST, value: Value) -> None:
        """More is known now of what a name or dotted name holds."""
        key = dotted(node)
        if key is not None:
            self.remember(key, value)

    def remember(self, key: str, value: Value) -> None:
        """Keep what a dotted name holds, until its first name is bound again."""
        name, dot, _ = key.partition(".")
        if dot:
            self.looked_into.add(name)
        self.env[key] = value

    def keep(self, node: ast.AST, value: Value) -> None:
        """What a dotted name gives stays so: remembered where its object belongs."""
        key = dotted(node)
        frame: Frame | None = self if key is not None else None
        while frame is not None and key is not None:
            root, _, attribute = key.partition(".")
            if root in frame.env:
                held = frame.env[root]
                if isinstance(held, Inst) and attribute and "." not in attribute:
                    frame.env[root] = replace(held, args=tuple({**dict(held.args), attribute: value}.items()))
                frame.remember(key, value)
                return
            frame = frame.outer

    def board(self, node: ast.AST | None, path: str, *, deferred: bool = False) -> None:
        """The relation ``a__b`` of the object that `node` names is on board from now on."""
        chain = (dotted(node) or "").split(".") if node is not None else [""]
        for size in range(len(chain), 0, -1):
            key, whole = ".".join(chain[:size]), "__".join([*chain[size:], path])
            frame: Frame | None = self
            while frame is not None and key:
                held = not_none(frame.env.get(key))
                if isinstance(held, Inst) and held.plan is not None:
                    plan = held.plan.adding(loaded=[whole])
                    if deferred and size == len(chain):
                        only = None if plan.only is None else plan.only | {path}
                        plan = replace(plan, only=only, deferred=plan.deferred - {path})
                    frame.remember(key, replace(held, plan=plan))
                    if size == 1 and key not in frame.rebound:
                        frame.warmed.setdefault(key, set()).add(whole)
                    return
                frame = frame.outer

    def local(self, key: str) -> Value:
        """What a name or dotted name holds here or in a function around; `missing` if it is none of theirs."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.env.get(key, _ABSENT)
            if value is not _ABSENT:
                return value
            frame = frame.outer
        return _ABSENT

    def snapshot(self) -> Env:
        """The names as they are now."""
        return dict(self.env)

    def merge(self, other: Env) -> None:
        """Join with how things are on another way to here."""
        mine = self.env
        for key in mine.keys() | other.keys():
            if "." in key and (key not in mine or key not in other):
                # Known on one way only.
                if key in self.written:
                    mine[key] = join(mine.get(key, other.get(key)), None)
                else:
                    mine.pop(key, None)
            elif key in mine and key in other:
                if mine[key] is not other[key]:
                    mine[key] = join(mine[key], other[key])
            else:
                mine[key] = mine.get(key, other.get(key))

    def cache_filled(self, node: ast.AST, query: Query) -> None:
        """The queryset that a name holds has its results now."""
        key = dotted(node)
        if key is not None:
            value = self.local(key)
            root, _, attribute = key.partition(".")
            owner = self.env.get(root)
            if value is _ABSENT and isinstance(owner, Inst) and dict(owner.args).get(attribute) == query:
                # It was handed to the object that keeps it.
                value = query
            if value is not _ABSENT:
                filled = _filled(value)
                # Other names of the same object see its results too.
                for other in [
                    other for other, held in self.env.items() if held is value and isinstance(held, Query)
                ]:
                    self.env[other] = filled
                self.remember(key, filled)

    def place(self, node: ast.AST) -> Place:
        """Where a node of this function is, with the function's name."""
        return self.mod.place(node)._replace(inside=self.func.qualified if self.func is not None else "")

    def fetched(self, plan: Plan, node: ast.AST) -> Plan:
        """The plan of instances that come from a query made at `node`."""
        origin = "unknown" if plan.origin == "unknown" else "fetched"
        return replace(plan, origin=origin, place=self.place(node), node=node)

    @abstractmethod
    def eval(self, node: ast.expr | None) -> Value:
        """Play an expression."""

    @abstractmethod
    def call(self, function: Value, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        """Play a call of a value, at `node`."""

    @abstractmethod
    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """Play an attribute access."""

    @abstractmethod
    def iterate(self, value: Value, node: ast.AST, form: str, site: ast.AST | None = None) -> Value:
        """Play an iteration; what the items are."""

    @abstractmethod
    def run(self, body: list[ast.stmt]) -> bool:
        """Play statements; whether the end is reached."""


class Pending:
    """Work that an iterator does when it is iterated, and not before."""

    __slots__ = ("_done", "_frame", "_item", "_work")

    def __init__(self, work: Callable[[], Value], frame: Frame) -> None:
        self._work = work
        self._frame = frame
        self._done = False
        self._item: Value = None

    def run(self, *, quietly: bool = False) -> Value:
        """Do it; what the items are. A second time nothing is left to do.

        `quietly`, somebody else does it, on another thread.
        """
        if not self._done:
            self._done = True
            if quietly:
                with self._frame.quiet():
                    self._item = self._work()
            else:
                self._item = self._work()
        return self._item


def is_absent(value: Value) -> bool:
    """Whether `Frame.local` found nothing."""
    return value is _ABSENT


def _filled(value: Value) -> Value:
    if isinstance(value, Query):
        return replace(value, cached=True)
    if hasattr(value, "options"):
        return replace(value, options=tuple(_filled(option) for option in value.options))
    return value


def _rank(effect: Effect) -> tuple[int, int]:
    return effect.level, -len(effect.steps)

"""The analysis of one file: every function of it that runs on an event loop is played, and says what happens."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django_uplift.django.releases import Release
from django_uplift.flow import entries
from django_uplift.flow.events import ATOMIC_ON_ASYNC, Event
from django_uplift.flow.player import Player
from django_uplift.flow.session import Session
from django_uplift.project.config import Settings
from django_uplift.project.modules import Modules
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, parent
from django_uplift.types.program import Mod
from django_uplift.types.values import Class, Func, Inst, Plan, Value

log = logging.getLogger(__name__)

_sessions: WeakKeyDictionary[Modules, dict[Release, Session]] = WeakKeyDictionary()


class FileFlow(NamedTuple):
    """What the analysis says about one file."""

    events: tuple[Event, ...]

    def of(self, *kinds: str) -> list[Event]:
        """The events of some kinds, in order of place."""
        return [event for event in self.events if event.kind in kinds]


def session_for(modules: Modules, paths: Iterable[Path], settings: Settings, target: Release) -> Session:
    """The memory of a project's analysis for one target version."""
    sessions = _sessions.setdefault(modules, {})
    session = sessions.get(target)
    if session is None:
        session = sessions[target] = Session(modules, paths, target, settings.facts)
    return session


def analyse(session: Session, path: Path, tree: Tree, name: str, *, is_package: bool) -> FileFlow:
    """Play what runs on an event loop in one file."""
    program = session.program
    old = program.known(name)
    if old is not None and old.text != tree.text:
        session.forget(name)
    mod = Mod(name, path, tree.module, tree.text, is_package=is_package, lines=tree.lines)
    program.add(mod)
    session.start()
    return FileFlow(tuple(_File(session, mod, tree).events()))


class _File:
    def __init__(self, session: Session, mod: Mod, tree: Tree) -> None:
        self.session = session
        self.mod = mod
        self.tree = tree
        self.module_frame = Player(session, mod, None)
        self.found: dict[tuple[int, str, str], Event] = {}
        self.played: set[int] = set()
        self.loop_runs = entries.run_on_loop(tree, mod, self.module_frame)

    def events(self) -> Sequence[Event]:
        roots: dict[FunctionNode, None] = {}
        functions: list[FunctionNode] = [*self.tree.nodes(ast.AsyncFunctionDef), *(n for n in self.loop_runs if isinstance(n, ast.FunctionDef))]
        for node in functions:
            roots[_outermost(node)] = None
            self._decorators(node)
        for root in sorted(roots, key=lambda n: n.lineno):
            try:
                self._root(root)
            except (Exception, RecursionError):  # one function's oddity must not cost the others' findings
                log.exception("the analysis of %s:%s failed", self.mod.path, root.lineno)
                self.session.stop()
        return sorted(self.found.values(), key=lambda e: (getattr(e.node, "lineno", 0), getattr(e.node, "col_offset", 0)))

    def _decorators(self, node: FunctionNode) -> None:
        if isinstance(node, ast.AsyncFunctionDef) and node.decorator_list:
            frame = Player(self.session, self.mod, None)
            frame.decorated(Func(self.mod.name, node, node.lineno, node.col_offset), node, frame)
            self._take(event for event in frame.events.values() if event.kind == ATOMIC_ON_ASYNC)

    def _root(self, node: FunctionNode) -> None:
        cls = parent(node)
        bound: Value = None
        owner = ""
        if isinstance(cls, ast.ClassDef):
            owner = ".".join([self.mod.name, *_class_path(cls)])
            bound = self._self(owner, node)
        function = Func(self.mod.name, node, node.lineno, node.col_offset, bound, owner)
        self._entry(function, cap=self.loop_runs.get(node))

    def _self(self, owner: str, node: FunctionNode) -> Value:
        names = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
        if "staticmethod" in names:
            return None
        if "classmethod" in names:
            return Class(owner)
        return Inst(owner, Plan() if self.session.models.is_model(owner) else None)

    def _entry(self, function: Func, cap: int | None = None) -> None:
        node = function.node
        if id(node) in self.played:
            return
        self.played.add(id(node))
        on_loop = function.is_async or cap is not None
        frame = Player(self.session, self.mod, None)
        frame = frame.enter_function(function)
        if on_loop:
            events = frame.events.values()
            self._take(e if cap is None else _capped(e, cap) for e in events)
        for nested in frame.nested:
            if nested.is_async or _holds_async(nested.node):
                self._entry(nested)
        for local, scope in list(self.session.local_scopes.items()):
            if scope is frame:
                self._local_class(local)

    def _local_class(self, name: str) -> None:
        info = self.session.program.cls(name)
        for node in info.members.values() if info else ():
            if isinstance(node, ast.AsyncFunctionDef):
                function = Func(self.mod.name, node, node.lineno, node.col_offset, self._self(name, node), name, self.session.local_scopes[name])
                self._entry(function)

    def _take(self, events: Iterable[Event]) -> None:
        for event in events:
            key = (id(event.node), event.kind, event.op)
            old = self.found.get(key)
            if old is None or event.level > old.level:
                self.found[key] = event


def _capped(event: Event, cap: int) -> Event:
    from dataclasses import replace

    return replace(event, level=min(event.level, cap))


def _outermost(node: FunctionNode) -> FunctionNode:
    found = node
    for up in ancestors(node):
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found = up
    return found


def _class_path(node: ast.ClassDef) -> list[str]:
    names = [node.name]
    names += [up.name for up in ancestors(node) if isinstance(up, ast.ClassDef)]
    return names[::-1]


def _holds_async(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.AsyncFunctionDef) for inner in ast.walk(node))

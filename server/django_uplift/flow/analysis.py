"""The analysis of one file: every function of it that runs on an event loop is played, and says what happens."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django_uplift.django.releases import Release
from django_uplift.flow import entries
from django_uplift.flow.events import ATOMIC_ON_ASYNC, CALL, EVALUATE, LIKELY, PROVEN, QUERY, RELATION, Event
from django_uplift.flow.player import Player
from django_uplift.flow.selves import bound_of
from django_uplift.flow.session import LoopCall, Session
from django_uplift.project.config import Settings
from django_uplift.project.modules import Modules
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, function_of, mark_on_loop, parent
from django_uplift.types.program import Mod
from django_uplift.types.questions import Ask
from django_uplift.types.values import Func, Inst, LazyUser, Manager, Query, Union, Value

log = logging.getLogger(__name__)

T = TypeVar("T")

# An answer can raise the next question.
_ROUNDS = 4


class FileFlow(NamedTuple):
    """What the analysis says about one file."""

    events: tuple[Event, ...]
    is_settled: bool = True
    """Whether no question is open whose answer may change it."""

    def of(self, *kinds: str) -> list[Event]:
        """The events of some kinds, in order of place."""
        return [event for event in self.events if event.kind in kinds]


def session_for(modules: Modules, paths: Iterable[Path], settings: Settings, target: Release) -> Session:
    """The memory of a project's analysis for one target version."""
    modules.tell()
    session = modules.sessions.get(target)
    if session is None:
        session = modules.sessions[target] = Session(
            modules, paths, target, settings.facts, uses_ruff_async=_uses_ruff_async(modules, settings.root)
        )
    assert isinstance(session, Session)
    return session


_RUFF_ASYNC = re.compile(rb"""select\s*=\s*\[[^\]]*["'](?:ASYNC\d*|ALL)["']""")


def _uses_ruff_async(modules: Modules, root: Path) -> bool:
    """Whether ruff is told to look for blocking calls: then it reports those that it knows."""
    for name, table in (("ruff.toml", b""), (".ruff.toml", b""), ("pyproject.toml", b"[tool.ruff")):
        try:
            data = modules.store.read(root / name)
        except OSError:
            continue
        at = data.find(table)
        if at >= 0 and _RUFF_ASYNC.search(data, at):
            return True
    return False


def analyse(
    session: Session,
    path: Path,
    tree: Tree,
    name: str,
    *,
    is_package: bool,
    ask: Ask | None = None,
    alone: bool = False,
) -> FileFlow:
    """Play what runs on an event loop in one file. `ask` is for what our own inference can't tell.

    `alone`, the file's callers are not played, and what they might take back is left out: a tenth of the time. What
    was played for that is not played again.
    """
    program = session.program
    old = program.known(name)
    if program.differs(name, tree.text):
        session.forget(name)
    if old is not None and old.module is tree.module and old.path == path:
        mod = old
    else:
        mod = Mod(name, path, tree.module, tree.text, is_package=is_package, lines=tree.lines)
        program.add(mod)

    def play() -> tuple[Event, ...]:
        session.start()
        file = session.files.pop(name, None)
        if file is None or file.mod is not mod:
            file = _File(session, mod, tree)
        if alone:
            file.own()
            session.files[name] = file
            return tuple(event for event in file.sorted() if not _is_guess(event))
        return tuple(file.events())

    if alone:
        return FileFlow(play(), is_settled=False)
    events = settled(session, play, ask)
    return FileFlow(events, not session.questions)


def settled(session: Session, play: Callable[[], T], ask: Ask | None) -> T:
    """What `play` gives once the questions that it raises are answered, as far as they can be."""
    if session.recall is not None:
        known = {question: session.recall(question) for question in session.questions}
        session.learn({question: answer for question, (answer, is_final) in known.items() if is_final})
    result = play()
    for _ in range(_ROUNDS if ask is not None else 0):
        if not session.questions or ask is None or not session.learn(ask(list(session.questions))):
            break
        result = play()
    return result


class _File:
    def __init__(self, session: Session, mod: Mod, tree: Tree) -> None:
        self.session = session
        self.mod = mod
        self.tree = tree
        self.module_frame = Player(session, mod, None)
        self.found: dict[tuple[int, str, str], Event] = {}
        self.played: set[int] = set()
        self.open: set[int] = set()
        """Async functions about which their callers can tell more."""
        self.cells: ast.AsyncFunctionDef | None = None
        """A notebook's cells as a function."""
        self.loop_runs = entries.run_on_loop(tree, mod, self.module_frame)
        self.roots = entries.roots(tree, mod, self.module_frame)

    def own(self) -> None:
        """Play all that runs on a loop here."""
        roots: dict[FunctionNode | ast.Lambda, None] = {}
        functions: list[FunctionNode | ast.Lambda] = [
            *self.tree.nodes(ast.AsyncFunctionDef),
            *(n for n in self.loop_runs if isinstance(n, (ast.FunctionDef, ast.Lambda))),
        ]
        for node in functions:
            roots[node if isinstance(node, ast.Lambda) else outermost(node)] = None
            if isinstance(node, ast.AsyncFunctionDef):
                self._decorators(node)
        for root in sorted(roots, key=lambda n: n.lineno):
            try:
                self._root(root)
            except (Exception, RecursionError):  # one function's oddity must not cost the others' findings
                log.exception("the analysis of %s:%s failed", self.mod.path, root.lineno)
                self.session.stop()
        self._inherited()
        self._starters()
        self._cells()

    def events(self) -> Sequence[Event]:
        """What happens here, with what callers in other files tell about it."""
        self.own()
        self.session.played.add(self.mod.name)
        self._calls_from_elsewhere()
        return self.sorted()

    def sorted(self) -> Sequence[Event]:
        """What is known to happen here, in order of place."""
        return sorted(
            self.found.values(),
            key=lambda e: (getattr(e.node, "lineno", 0), getattr(e.node, "col_offset", 0)),
        )

    def _cells(self) -> None:
        """Jupyter runs a notebook's cells on an event loop: they are played like one async function."""
        body = self.tree.module.body
        # With this Django raises nothing in a notebook, and its documentation says to set it there.
        if self.mod.path.suffix != ".ipynb" or not body or "DJANGO_ALLOW_ASYNC_UNSAFE" in self.tree.text:
            return
        mark_on_loop(self.tree.module)
        arguments = ast.arguments([], [], None, [], [], None, [])
        self.cells = ast.AsyncFunctionDef("cells", arguments, body, [], None, None, lineno=1, col_offset=0)
        try:
            self._entry(Func(self.mod.name, self.cells, 1, 0))
        except (Exception, RecursionError):
            log.exception("the analysis of %s failed", self.mod.path)
            self.session.stop()

    def _calls_from_elsewhere(self) -> None:
        """What our async functions are given by their callers, and what happens in them then."""
        self._play_callers()
        calls = self.session.on_loop.get(self.mod.name)
        if not calls:
            return
        ours = {_place(node): node for node in self.tree.nodes(ast.AsyncFunctionDef)}
        provided: dict[tuple[int, int], list[LoopCall]] = {}
        for call in calls.values():
            provided.setdefault((call.function.line, call.function.column), []).append(call)
        for place, given in provided.items():
            node = ours.get(place)
            if node is None:
                continue
            told = [call for call in given if _says_something(call, node)]
            if told and any(map(_is_guess, self.found.values())):
                # The callers say what the parameters hold: guesses about them go.
                inside = {id(n) for n in ast.walk(node)}
                for key in [k for k, e in self.found.items() if k[0] in inside and _is_guess(e)]:
                    del self.found[key]
            for call in told or given:
                same = call.function.node is node
                self._take(call.events if same else self._mapped(call.events, node))

    def _mapped(self, events: Iterable[Event], function: ast.AST) -> Iterable[Event]:
        """Events of another parse of this file, at our nodes."""
        nodes: dict[tuple[object, ...], ast.AST] | None = None
        for event in events:
            if nodes is None:
                nodes = {_identity(n): n for n in ast.walk(function) if hasattr(n, "lineno")}
            node = nodes.get(_identity(event.node))
            if node is not None:
                extra = {
                    k: nodes.get(_identity(v), v) if isinstance(v, ast.AST) and hasattr(v, "lineno") else v
                    for k, v in event.extra.items()
                }
                yield replace(event, node=node, extra=extra)

    def _play_callers(self) -> None:
        """Play the files that call those of our async functions whose parameters leave something open."""
        names = []
        for node in self.tree.nodes(ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if any(a.arg not in ("self", "cls", "request") for a in arguments) and id(node) in self.open:
                names.append(node.name)
        for path in self.session.callers(self.mod.name, names):
            if path == self.mod.path:
                continue
            name, _ = self.session.program.modules.name_of(path)
            other = self.session.program.mod(name)
            if other is None or other is self.mod or other.path != path:
                continue
            if name not in self.session.files and name not in self.session.played:
                self.session.played.add(name)
                tree = Tree(other.module, other.lines)
                self.session.program.modules.parsed[path] = (other.text, tree)
                file = self.session.files[name] = _File(self.session, other, tree)
                file.play()

    def play(self) -> None:
        """Play this file for what it does to others."""
        for node in self.tree.nodes(ast.AsyncFunctionDef):
            root = outermost(node)
            try:
                self._root(root)
            except (Exception, RecursionError):
                log.exception("the analysis of %s:%s failed", self.mod.path, root.lineno)
                self.session.stop()
        self._starters()

    def _inherited(self) -> None:
        """Play the async methods that classes here inherit and fill with methods of their own."""
        program = self.session.program
        for cls in self.tree.nodes(ast.ClassDef):
            own = {n.name for n in cls.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
            owner = ".".join([self.mod.name, *_class_path(cls)])
            for base in program.mro(owner)[1:] if cls.bases and program.cls(owner) is not None else ():
                info = program.cls(base)
                for name, node in info.members.items() if info is not None and not info.mod.installed else ():
                    found = program.member(owner, name)
                    if (
                        info is None
                        or not isinstance(node, ast.AsyncFunctionDef)
                        or found is None
                        or found[1] is not node
                        or own.isdisjoint(_asked_of_self(node))
                    ):
                        continue
                    bound = bound_of(self.session, self.mod, owner, cls, node)
                    self._call(self.module_frame.method_of(info, node, bound, node))
                    calls = self.session.on_loop.get(info.mod.name, {})
                    for key, call in calls.items():
                        if call.function.node is node and call.function.bound == bound:
                            # In the base itself nothing is certain: its object may be another class's.
                            calls[key] = call._replace(events=tuple(_capped(e, LIKELY) for e in call.events))

    def _call(self, function: Value) -> None:
        """Play a call of a function of ours, of whose arguments nothing is known."""
        if isinstance(function, Func) and function.is_async:
            try:
                Player(self.session, self.mod, None).call_function(function, [], {}, function.node)
            except (Exception, RecursionError):
                log.exception("the analysis of %s:%s failed", self.mod.path, function.line)
                self.session.stop()

    def _starters(self) -> None:
        """Play the sync functions that start a loop: they tell what the coroutines on it are given."""
        if not any(word in self.tree.text for word in _STARTS_LOOP):
            return
        roots: dict[FunctionNode, None] = {}
        for call in self.tree.nodes(ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in _STARTS_LOOP or name == "run":
                around = function_of(call)
                if isinstance(around, ast.FunctionDef):
                    roots[outermost(around)] = None
        for root in roots:
            if id(root) in self.played or not isinstance(root, ast.FunctionDef):
                continue
            try:
                Player(self.session, self.mod, None).enter_function(self_of(self.session, self.mod, root))
            except (Exception, RecursionError):
                log.exception("the analysis of %s:%s failed", self.mod.path, root.lineno)
                self.session.stop()

    def _decorators(self, node: ast.AsyncFunctionDef) -> None:
        if node.decorator_list:
            frame = Player(self.session, self.mod, None)
            plain = Func(self.mod.name, node, node.lineno, node.col_offset)
            wrapper = frame.decorated(plain, node, frame)
            if isinstance(wrapper, Func) and wrapper.node is not node:
                # A wrapper of the project's tells what it calls the function with.
                bound = self_of(self.session, self.mod, node).bound
                self._call(wrapper if bound is None else replace(wrapper, bound=bound))
            self._take(event for event in frame.events.values() if event.kind == ATOMIC_ON_ASYNC)

    def _root(self, node: FunctionNode | ast.Lambda) -> None:
        self._entry(self_of(self.session, self.mod, node), cap=self.loop_runs.get(node))

    def _entry(self, function: Func, cap: int | None = None) -> None:
        node = function.node
        if id(node) in self.played:
            return
        self.played.add(id(node))
        on_loop = function.is_async or cap is not None
        frame = Player(self.session, self.mod, None)
        known = {}
        if node in self.roots:
            known = {node.args.args[0].arg: self.roots[node]}
            cap = min(cap or LIKELY, LIKELY)
        frame = frame.enter_function(function, known)
        if function.is_async and _leaves_open(frame):
            self.open.add(id(node))
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
                function = Func(
                    self.mod.name,
                    node,
                    node.lineno,
                    node.col_offset,
                    bound_of(self.session, self.mod, name, info.node, node) if info else None,
                    name,
                    self.session.local_scopes[name],
                )
                self._entry(function)

    def _take(self, events: Iterable[Event]) -> None:
        for event in events:
            key = (id(event.node), event.kind, event.op)
            old = self.found.get(key)
            if old is None or event.level > old.level:
                self.found[key] = event


def _asked_of_self(node: ast.AsyncFunctionDef) -> set[str]:
    """The names of what a method reads of its object."""
    own = node.args.args[0].arg if node.args.args else ""
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == own
    }


def _place(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _identity(node: ast.AST) -> tuple[object, ...]:
    place: Any = node
    return type(node), place.lineno, place.col_offset, place.end_lineno, place.end_col_offset


_STARTS_LOOP = (
    "async_to_sync",
    "AsyncToSync",
    "asyncio.run",
    "run_until_complete",
    "run_coroutine_threadsafe",
)
_GUESSED = frozenset({RELATION, EVALUATE, QUERY, CALL})


def _is_guess(event: Event) -> bool:
    """Whether callers that say what parameters hold may refute an event."""
    return event.level < PROVEN and event.kind in _GUESSED


def _says_something(call: LoopCall, node: ast.AsyncFunctionDef) -> bool:
    """Whether a call gives the function an object of which we know how it was made."""
    return any(_is_known(value) for name, value in call.values if name not in ("self", "cls"))


def _is_known(value: Value) -> bool:
    if isinstance(value, Inst):
        return value.plan is not None and value.plan.origin != "unknown"
    return isinstance(value, (Query, Manager, LazyUser)) or (
        isinstance(value, Union) and any(_is_known(o) for o in value.options)
    )


def _leaves_open(frame: Player) -> bool:
    """Whether some parameter is not known, or only by its type."""
    node = frame.func.node if frame.func is not None else None
    if node is None:
        return False
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    for name in names:
        if name in ("self", "cls", "request"):
            continue
        value = frame.env.get(name)
        if value is None or (
            isinstance(value, Inst) and value.plan is not None and value.plan.origin == "unknown"
        ):
            return True
    return False


def self_of(session: Session, mod: Mod, node: FunctionNode | ast.Lambda) -> Func:
    """A function of a file, bound to an instance of the class that it stands in."""
    cls = parent(node)
    if isinstance(cls, ast.ClassDef) and not isinstance(node, ast.Lambda):
        owner = ".".join([mod.name, *_class_path(cls)])
        return Func(
            mod.name, node, node.lineno, node.col_offset, bound_of(session, mod, owner, cls, node), owner
        )
    return Func(mod.name, node, node.lineno, node.col_offset)


def _capped(event: Event, cap: int) -> Event:
    return replace(event, level=min(event.level, cap))


def outermost(node: FunctionNode) -> FunctionNode:
    """The function around all others that `node` stands in, or itself."""
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

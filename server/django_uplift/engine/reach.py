"""What functions come to: the ways from them to the database, for editors that show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django_uplift.engine.context import Context
from django_uplift.flow import entries
from django_uplift.flow.analysis import outermost, self_of, session_for
from django_uplift.flow.events import RAISING, Effect, Event, Step
from django_uplift.flow.player import Player
from django_uplift.flow.session import Session
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, function_of, parent
from django_uplift.text.lines import Span
from django_uplift.types.program import Mod
from django_uplift.types.values import Bridge, Func, Value, options

_LEVELS = {"possible": 1, "likely": 2, "proven": 3}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_THREADS = frozenset(
    {"asyncio.to_thread", "anyio.to_thread.run_sync", "starlette.concurrency.run_in_threadpool"}
)


def queries_on_loop(ctx: Context) -> dict[FunctionNode, list[Event]]:
    """What queries on the event loop in a file, by the function that it stands in; one event for a place."""
    least = _LEVELS[ctx.settings.min_confidence]
    found: dict[FunctionNode, dict[int, Event]] = {}
    for event in ctx.flow.of(*RAISING):
        function = named_function(event.node)
        if function is not None and event.level >= least:
            found.setdefault(function, {}).setdefault(id(event.node), event)
    return {function: list(events.values()) for function, events in found.items()}


def ways(ctx: Context, function: FunctionNode) -> list[Event]:
    """What in a function, sync or async, reaches the database in the thread that it runs in."""
    session = _session(ctx)
    mod, tree = _module(session, ctx)
    wanted = next((n for n in _functions(tree) if _place(n) == _place(function)), None)
    if wanted is None:
        return []
    try:
        frames = list(_played(session, mod, tree, outermost(wanted), Player))
    except BaseException:
        session.stop()
        raise
    found: dict[int, Event] = {}
    for frame in frames:
        for event in frame.events.values():
            if event.kind in RAISING and named_function(event.node) is wanted:
                found.setdefault(id(event.node), event)
    return sorted(found.values(), key=lambda e: (e.node.lineno, e.node.col_offset))  # type: ignore[attr-defined]


def name_span(ctx: Context, function: FunctionNode) -> Span:
    """Where a function's name stands in its ``def``."""
    at = ctx.text.index(function.name, ctx.span(function).start + len("def"))
    return Span(at, at + len(function.name))


def named_function(node: ast.AST) -> FunctionNode | None:
    """The ``def`` around a node, lambdas left aside."""
    return next((up for up in ancestors(node) if isinstance(up, _FUNCTIONS)), None)


class Whereabouts(NamedTuple):
    """Where a call runs, and how it gets to the database from there (nothing if that isn't known)."""

    span: Span
    what: str
    in_thread: bool
    steps: tuple[Step, ...] = ()
    is_async: bool = False


def whereabouts(ctx: Context, offset: int) -> Whereabouts | None:
    """Where the call at an offset of a text runs; None outside of async code, and where it isn't the project's.

    It is found by the last name of what is called, and by a function that is handed to a bridge.
    """
    call = _call_at(ctx.tree, offset)
    if call is None:
        return None
    session = _session(ctx)
    mod, tree = _module(session, ctx)
    same = next((n for n in tree.nodes(ast.Call) if _whole(n) == _whole(call)), None)
    function = function_of(same) if same is not None else None
    if same is None or function is None or not _on_loop(session, mod, tree, function):
        return None
    what, span = _name(ctx.tree, call.func), ctx.span(call)
    event = next((e for e in ctx.flow.of(*RAISING) if _whole(e.node) == _whole(call)), None)
    if event is not None:
        return Whereabouts(
            span, what, False, (Step(mod.place(event.node), event.what or event.op), *event.path)
        )
    try:
        value, frame = _value_of(session, mod, tree, same)
        wrapped = _handed(ctx, call, value)
        if wrapped is None and isinstance(value, Func) and not isinstance(value.node, ast.Lambda):
            return Whereabouts(span, what, False, is_async=value.is_async)
        if wrapped is None or frame is None:
            return None
        target = _value_of(session, mod, tree, wrapped)[0] if isinstance(wrapped, ast.AST) else wrapped
        effect = _effect(frame, target)
    except BaseException:
        session.stop()
        raise
    return Whereabouts(span, what, True, () if effect is None else effect.steps)


def _handed(ctx: Context, call: ast.Call, value: Value) -> ast.expr | Value:
    """What a call runs in a thread."""
    bridge = next((option for option in options(value) if isinstance(option, Bridge)), None)
    if bridge is not None and not bridge.back:
        return bridge.func
    if ctx.resolve(call.func) in _THREADS and call.args:
        return call.args[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "run_in_executor" and len(call.args) > 1:
        return call.args[1]
    return None


def _effect(frame: Player, value: Value) -> Effect | None:
    for option in options(value):
        if isinstance(option, Func):
            with frame.quiet():
                return frame.summary(option, [], {}).raising
    return None


def _call_at(tree: Tree, offset: int) -> ast.Call | None:
    best: ast.Call | None = None
    for node in tree.nodes(ast.Call):
        start, end = _name_span(tree, node.func)
        if start <= offset <= end:
            best = node
    return best


def _name_span(tree: Tree, func: ast.expr) -> Span:
    start, end = tree.span(func)
    if isinstance(func, ast.Attribute):
        return Span(end - len(func.attr), end)
    if isinstance(func, ast.Call):
        # `sync_to_async(f)(x)`: its name is that of the bridge, and what is handed to it.
        inner = tree.span(func.func)
        return Span(inner.start, end)
    return Span(start, end)


def _name(tree: Tree, func: ast.expr) -> str:
    text = " ".join(tree.source(func).split())
    return f"{text if len(text) < 60 else text[:59] + '…'}()"


def _session(ctx: Context) -> Session:
    return session_for(ctx.modules, ctx.modules.paths, ctx.settings, ctx.target)


def _module(session: Session, ctx: Context) -> tuple[Mod, Tree]:
    """The module as the analysis knows it, which is made of the same text, and its tree."""
    program, name = session.program, ctx.names.name
    known = program.known(name)
    if known is not None and known.text == ctx.text and known.path == ctx.path:
        same = known.module is ctx.tree.module
        return known, ctx.tree if same else Tree(known.module, known.lines)
    if program.differs(name, ctx.text):
        session.forget(name)
    package = ctx.path.name == "__init__.py"
    mod = Mod(name, ctx.path, ctx.tree.module, ctx.text, is_package=package, lines=ctx.tree.lines)
    program.add(mod)
    return mod, ctx.tree


def _on_loop(session: Session, mod: Mod, tree: Tree, function: ast.AST) -> bool:
    if isinstance(function, ast.AsyncFunctionDef):
        return True
    return function in entries.run_on_loop(tree, mod, Player(session, mod, None))


def _played(
    session: Session, mod: Mod, tree: Tree, outer: FunctionNode, kind: type[Player]
) -> Iterator[Player]:
    """The frames of a function and of those inside it."""
    session.start()
    frame = kind(session, mod, None)
    root = entries.roots(tree, mod, frame).get(outer)
    known = {outer.args.args[0].arg: root} if root is not None else {}
    pending = [frame.enter_function(self_of(session, mod, outer), known)]
    while pending:
        frame = pending.pop()
        yield frame
        pending += (frame.enter_function(nested) for nested in frame.nested)


def _value_of(session: Session, mod: Mod, tree: Tree, at: ast.AST) -> tuple[Value, Player | None]:
    """What is called by a call, or what an expression is, and the frame in which that was so."""
    wanted = at.func if isinstance(at, ast.Call) else at
    seen: list[tuple[Value, Player]] = []

    class Watcher(Player):
        def eval(self, node: ast.expr | None) -> Value:
            value = super().eval(node)
            if node is wanted:
                seen.append((value, self))
            return value

    function = named_function(at)
    if function is not None:
        for _ in _played(session, mod, tree, outermost(function), Watcher):
            pass
    return seen[-1] if seen else (None, None)


def _functions(tree: Tree) -> list[FunctionNode]:
    return [*tree.nodes(ast.FunctionDef), *tree.nodes(ast.AsyncFunctionDef)]


def function_at(tree: Tree, line: int) -> FunctionNode | None:
    """The innermost function around a line (from 0)."""
    around = [n for n in _functions(tree) if _first_line(n) <= line + 1 <= (n.end_lineno or 0)]
    return max(around, key=lambda n: n.lineno, default=None)


def _first_line(node: FunctionNode) -> int:
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def qualified(function: FunctionNode) -> str:
    """A function's name with those of the classes and functions around it."""
    names = [function.name]
    up = parent(function)
    while up is not None:
        if isinstance(up, (ast.ClassDef, *_FUNCTIONS)):
            names.append(up.name)
        up = parent(up)
    return ".".join(reversed(names))


def _place(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _whole(node: ast.AST) -> tuple[type, int, int, int | None, int | None]:
    end = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    return type(node), *_place(node), *end


def told(steps: tuple[Step, ...], here: Path) -> str:
    """A way in words: a → b → c (file:line)."""
    names = list(dict.fromkeys(step.message for step in steps))
    last = steps[-1].place
    where = f"line {last.line + 1}" if last.path == here else f"{last.path.name}:{last.line + 1}"
    return " → ".join(f"`{name}`" for name in names) + f" ({where})"


class Leg(NamedTuple):
    """One place in a function from which it gets to the database: by the function `target`, or there itself."""

    node: ast.AST
    what: str
    target: Func | None = None


def legs(ctx: Context, function: FunctionNode, to: tuple[str, int, int] | None = None) -> list[Leg]:
    """The ways out of a function, in the thread that it runs in and in others, awaited or not.

    With `to`, a function's module, line (from 1) and column (in bytes), only those that lead to it; that it gets to
    the database is taken for granted then.
    """
    session = _session(ctx)
    mod, tree = _module(session, ctx)
    wanted = next((n for n in _functions(tree) if _place(n) == _place(function)), None)
    if wanted is None:
        return []
    called: dict[int, tuple[ast.Call, Value, Player]] = {}

    class Watcher(Player):
        def eval(self, node: ast.expr | None) -> Value:
            value = super().eval(node)
            up = parent(node) if node is not None else None
            if isinstance(up, ast.Call) and up.func is node:
                called[id(up)] = up, value, self
            return value

    try:
        found: dict[int, Leg] = {}
        for frame in _played(session, mod, tree, outermost(wanted), Watcher):
            for event in frame.events.values():
                if event.kind in RAISING:
                    func = event.extra.get("func")
                    found.setdefault(
                        id(event.node),
                        Leg(event.node, event.what or event.op, func if isinstance(func, Func) else None),
                    )
        for call, value, frame in called.values():
            if id(call) not in found:
                target = _led_to(frame, value, sure=to is not None)
                if target is not None:
                    found[id(call)] = Leg(call, f"{target.name}()", target)
    except BaseException:
        session.stop()
        raise
    return sorted(
        (
            leg
            for leg in found.values()
            if named_function(leg.node) is wanted and (to is None or _identity(leg.target) == to)
        ),
        key=lambda leg: _place(leg.node),
    )


def _identity(function: Func | None) -> tuple[str, int, int] | None:
    return None if function is None else (function.module, function.line, function.column)


def _led_to(frame: Player, value: Value, *, sure: bool) -> Func | None:
    """The function that a call runs in a thread, or awaits, if it gets to the database (or for `sure`)."""
    for option in options(value):
        inner = option.func if isinstance(option, Bridge) and not option.back else option
        if isinstance(inner, Func) and not isinstance(inner.node, ast.Lambda):
            is_other = inner is not option or inner.is_async
            if is_other and (sure or _reaches(frame, inner, _DEPTH)):
                return inner
    return None


_DEPTH = 5
"""How many awaited functions deep a query is looked for."""


def _reaches(frame: Player, function: Func, depth: int) -> bool:
    with frame.quiet():
        summary = frame.summary(function, [], {})
    if summary.raising is not None:
        return True
    if summary.loop is not None and any(event.kind in RAISING for event in summary.loop.events):
        return True
    return depth > 0 and any(
        _reaches(frame, call.loop.function, depth - 1) for call in summary.calls if call.loop is not None
    )

"""What the analysis knows of one line, and where its knowledge ends: for users who expected a finding."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.flow import entries
from django_uplift.flow.analysis import analyse, self_of
from django_uplift.flow.events import LIKELY, PROVEN
from django_uplift.flow.player import Player
from django_uplift.flow.session import Session
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, function_of
from django_uplift.types.program import Mod
from django_uplift.types.values import (
    NOTHING,
    AsyncIter,
    Awaitable,
    Bridge,
    Class,
    Const,
    External,
    Func,
    Inst,
    LazyUser,
    Manager,
    Method,
    Query,
    Seq,
    Tup,
    Union,
    Value,
)

_SHOWN = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Await)


class _Explainer(Player):
    """Remembers what the expressions of one line were."""

    line = 0
    seen: dict[ast.AST, Value] = {}

    def eval(self, node: ast.expr | None) -> Value:
        value = super().eval(node)
        if node is not None and isinstance(node, _SHOWN) and node.lineno == self.line:
            self.seen[node] = value
        return value


def explain(session: Session, mod: Mod, tree: Tree, line: int) -> str:
    """What is known of line `line` (from 1), in plain sentences."""
    nodes = [n for cls in _SHOWN for n in tree.nodes(cls) if n.lineno == line and not _is_stored(n)]
    if not nodes:
        return f"Line {line} holds no expression that the analysis looks at."
    function = function_of(nodes[0])
    session.program.add(mod)
    session.start()
    _Explainer.line, _Explainer.seen = line, {}
    frame = _Explainer(session, mod, None)
    runs = entries.run_on_loop(tree, mod, frame)
    told: list[str] = []
    if isinstance(function, ast.AsyncFunctionDef):
        told.append(f"Line {line} is in the async function {function.name}: it runs on the event loop.")
    elif function in runs:
        told.append(f"Line {line} is in a function that its framework calls on the event loop.")
    elif function is None:
        told.append(f"Line {line} is module level code: it runs at import, so nothing is reported there.")
    else:
        name = getattr(function, "name", "a lambda")
        told.append(
            f"Line {line} is in {name}, which is not async: what it does is reported where async code calls it."
        )
    parameters: set[str] = set()
    if function is not None:
        around = [
            function,
            *(up for up in ancestors(function) if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef))),
        ]
        outer = around[-1]
        root = entries.roots(tree, mod, frame).get(outer)
        known = {outer.args.args[0].arg: root} if root is not None else {}
        pending = [frame.enter_function(self_of(session, mod, outer), known)]
        while pending:
            pending += [frame.enter_function(nested) for nested in pending.pop().nested]
        for each in around:
            parameters |= {a.arg for a in _arguments(each) if a.annotation is None}
    seen = dict(_Explainer.seen)
    told += _found(session, mod, tree, line, function)
    bases = {n.value for n in seen if isinstance(n, ast.Attribute)}
    for node in sorted(nodes, key=lambda n: (n.col_offset, -(n.end_col_offset or 0))):
        text = " ".join(tree.source(node).split())
        text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        if node in seen:
            ends = seen[node] is None and isinstance(node, ast.Name) and node.id in parameters
            told.append(f"{text}: {_PARAMETER if ends else describe(seen[node])}.")
        elif node not in bases:
            told.append(f"{text}: never reached by the analysis.")
    return "\n".join(dict.fromkeys(told))


_LONGEST = 70
_PARAMETER = "a parameter without an annotation; knowledge ends here"


def _arguments(function: FunctionNode | ast.Lambda) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _found(
    session: Session, mod: Mod, tree: Tree, line: int, function: FunctionNode | ast.Lambda | None
) -> Iterator[str]:
    """What a check finds on the line, and what callers of its function give."""
    for event in analyse(session, mod.path, tree, mod.name, is_package=mod.path.name == "__init__.py").events:
        if getattr(event.node, "lineno", 0) == line:
            sure = {PROVEN: "proven", LIKELY: "likely"}.get(event.level)
            shown = sure or "possible, which --min-confidence possible shows"
            yield f"A check finds {event.what or event.op} here: {shown}."
    if not isinstance(function, ast.AsyncFunctionDef):
        return
    for call in session.on_loop.get(mod.name, {}).values():
        if (call.function.line, call.function.column) == (function.lineno, function.col_offset):
            given = [
                f"{name} is {describe(value)}"
                for name, value in call.values
                if value is not None and name not in ("self", "cls")
            ]
            if given:
                yield f"One of its callers is known: {'; '.join(given)}."


def _is_stored(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def describe(value: Value) -> str:
    """A value in words."""
    if value is None:
        return "not known; knowledge ends here"
    if isinstance(value, Union):
        return "one of: " + "; ".join(dict.fromkeys(describe(option) for option in _flat(value)))
    if isinstance(value, Inst):
        short = _short(value.cls)
        if value.plan is None:
            return f"an instance of {short}"
        plan = value.plan
        on_board = sorted(plan.loaded | plan.prefetched)
        where = f" at {plan.place.path.name}:{plan.place.line + 1}" if plan.place else ""
        how = {"fetched": f"fetched{where}", "created": f"made{where}"}.get(plan.origin, "of unknown origin")
        return (
            f"an instance of the model {short}, {how}, with {', '.join(on_board) or 'no relation'} on board"
        )
    if isinstance(value, Query):
        model = _short(value.model) if value.model else "an unknown model"
        state = "its results are there already" if value.cached else "not evaluated yet"
        return f"a queryset of {model}, {state}"
    if isinstance(value, Manager):
        return f"a manager of {_short(value.model) if value.model else 'an unknown model'}"
    if isinstance(value, Func):
        return f"the {'async ' if value.is_async else ''}function {value.name}"
    if isinstance(value, Class):
        return f"the class {_short(value.cls)}"
    if isinstance(value, External) and value.name.startswith("builtins."):
        return "Python's own"
    if isinstance(value, External):
        return f"{value.name}, whose source is not part of the project"
    if isinstance(value, Method):
        return f"the method {value.name} of {describe(value.receiver)}"
    if isinstance(value, Awaitable):
        return f"something to await, which gives {describe(value.result)}"
    if isinstance(value, AsyncIter):
        return "an async iterator"
    if isinstance(value, Bridge):
        return "a function that runs in a worker thread"
    if isinstance(value, LazyUser):
        return "request.user, which nothing has read yet"
    if isinstance(value, Const):
        return "None" if value == NOTHING else "a plain value"
    if isinstance(value, Tup):
        return "a tuple"
    if isinstance(value, Seq):
        return f"a {value.kind}" + (f" of {describe(value.item)}" if value.item is not None else "")
    return "something that the analysis does not follow"


def _flat(value: Value) -> Iterator[Value]:
    if isinstance(value, Union):
        for option in value.options:
            yield from _flat(option)
    else:
        yield value


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0]


__all__ = ["LIKELY", "describe", "explain"]

"""What the analysis knows of one line, and where its knowledge ends: for users who expected a finding."""

from __future__ import annotations

import ast

from django_uplift.flow import entries
from django_uplift.flow.analysis import self_of
from django_uplift.flow.events import LIKELY
from django_uplift.flow.player import Player
from django_uplift.flow.session import Session
from django_uplift.syntax.tree import Tree, ancestors, function_of
from django_uplift.types.program import Mod
from django_uplift.types.values import (
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
    if function is not None:
        around = [
            function,
            *(up for up in ancestors(function) if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef))),
        ]
        played = frame.enter_function(self_of(session, mod, around[-1]))
        for nested in played.nested:
            frame.enter_function(nested)
    seen = _Explainer.seen
    for node in sorted(nodes, key=lambda n: (n.col_offset, -(n.end_col_offset or 0))):
        text = tree.source(node)
        if "\n" in text or len(text) > 70:
            continue
        if node not in seen:
            told.append(f"{text}: never reached by the analysis.")
        else:
            told.append(f"{text}: {describe(seen[node])}.")
    return "\n".join(dict.fromkeys(told))


def _is_stored(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def describe(value: Value) -> str:
    """A value in words."""
    if value is None:
        return "not known; knowledge ends here"
    if isinstance(value, Union):
        return "one of: " + "; ".join(dict.fromkeys(describe(option) for option in value.options))
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
        return "a plain value"
    if isinstance(value, (Seq, Tup)):
        return f"a {value.kind if isinstance(value, Seq) else 'tuple'}"
    return "something that the analysis does not follow"


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0]


__all__ = ["LIKELY", "describe", "explain"]

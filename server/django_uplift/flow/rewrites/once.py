"""A queryset that is tested or measured and then iterated: one query, whose rows are kept in a list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.flow.events import PROVEN, Event
from django_uplift.flow.rewrites.pieces import File, Rewrite, iterator_call, may_await, relisted
from django_uplift.syntax.tree import ancestors, function_of, parent
from django_uplift.types.values import Query

_TAKE_ALL = frozenset(
    {
        "list",
        "tuple",
        "set",
        "frozenset",
        "sorted",
        "sum",
        "any",
        "all",
        "max",
        "min",
        "enumerate",
        "zip",
        "map",
    }
    | {"filter", "reversed", "iter"}
)
_SHOW = frozenset({"render", "render_to_string", "TemplateResponse"})
_ASKS, _TAKES = "asks", "takes"


def once(event: Event, file: File) -> Iterator[Rewrite]:
    """Where a name's only uses need its rows or their number, `[... async for ...]` where it gets its value.

    The sync code that it stands for makes one query, too: the first use fills the queryset's cache.
    """
    node, function = event.node, function_of(event.node)
    if not isinstance(node, ast.Name) or not isinstance(function, ast.AsyncFunctionDef):
        return
    if event.level < PROVEN or not isinstance(event.receiver, Query) or event.receiver.rows == "raw":
        return
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == node.id]
    stores = [n for n in names if not isinstance(n.ctx, ast.Load)]
    assignment = parent(stores[0]) if len(stores) == 1 else None
    if not isinstance(assignment, ast.Assign) or assignment.targets != stores:
        return
    value = assignment.value
    if not isinstance(value, ast.Call) or iterator_call(value) is not None or not may_await(value):
        return
    uses = [_use(n) for n in names if n is not stores[0] and function_of(n) is function]
    if len(uses) < len(names) - 1 or {_ASKS, _TAKES} != set(uses):
        return
    if any(isinstance(n, (ast.Global, ast.Nonlocal)) and node.id in n.names for n in ast.walk(function)):
        return
    yield Rewrite("Fetch the rows once, into a list", relisted(value, value, file, "[]"))


def _use(node: ast.Name) -> str:
    """What a use of a queryset wants of it; '' where a list would not do."""
    up = parent(node)
    if isinstance(up, ast.Call) and node in up.args and isinstance(up.func, ast.Name):
        return _ASKS if up.func.id in ("len", "bool") else _TAKES if up.func.id in _TAKE_ALL else ""
    if isinstance(up, (ast.For, ast.comprehension)) and up.iter is node:
        return "" if isinstance(up, ast.comprehension) and up.is_async else _TAKES
    if isinstance(up, ast.Starred) and isinstance(up.ctx, ast.Load):
        return _TAKES
    if isinstance(up, ast.Subscript) and up.value is node and isinstance(up.ctx, ast.Load):
        return "" if isinstance(parent(up), ast.Attribute) and isinstance(up.slice, ast.Slice) else _TAKES
    if isinstance(up, ast.Dict) and node in up.values:
        call = parent(up)
        shown = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
        return _TAKES if shown in _SHOW else ""
    return _ASKS if _is_test(node) else ""


def _is_test(node: ast.expr) -> bool:
    """Whether only the truth of a value matters."""
    child: ast.AST = node
    for up in ancestors(node):
        if isinstance(up, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            return child is up.test
        if isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not):
            return True
        if not isinstance(up, ast.BoolOp):
            return False
        child = up
    return False

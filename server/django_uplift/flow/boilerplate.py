"""Inner functions that only carry one query into a thread, for which Django has an async method."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from django_uplift.django.orm import V41
from django_uplift.flow.events import BOILERPLATE, EVALUATE, QUERY, RAISING
from django_uplift.syntax.tree import function_of, parent
from django_uplift.types.values import Bridge, Func

if TYPE_CHECKING:
    from django_uplift.flow.frame import Frame


def report_inner(frame: Frame, bridge: Bridge, node: ast.AST, enter: Callable[[Func], Frame | None]) -> None:
    """Report ``await inner()``, where `inner` is a function of this one, used here alone, that makes one query.

    `enter` gives a frame in which the inner function's expressions can be played.
    """
    func = bridge.func
    inner, call = getattr(func, "node", None), node
    if not isinstance(inner, ast.FunctionDef) or not isinstance(call, ast.Call) or not isinstance(func, Func):
        return
    around = function_of(call)
    if not isinstance(around, ast.AsyncFunctionDef) or not isinstance(parent(call), ast.Await):
        return
    body = only_expression(inner)
    if body is None or call.args or call.keywords or function_of(inner) is not around:
        return
    # Decorated with the bridge, or handed to it; and named once besides.
    decorated = isinstance(call.func, ast.Name)
    if len(inner.decorator_list) != int(decorated) or _uses(inner.name, around) != 1:
        return
    played = enter(func)
    if played is None:
        return
    played.eval(body)
    raising = [event for event in played.events.values() if event.kind in RAISING]
    only = raising[0] if len(raising) == 1 else None
    if only is None or only.bypasses or not _directly(only.node, body):
        return
    extra = {"bridge": bridge, "function": inner, "body": body, "query": only.node}
    target = frame.session.target
    if only.kind == QUERY and isinstance(only.node, ast.Call) and only.twin and only.since is not None:
        if only.since <= target and isinstance(only.node.func, ast.Attribute):
            frame.report(
                BOILERPLATE,
                call,
                only.op,
                receiver=only.receiver,
                twin=only.twin,
                since=only.since,
                extra=extra,
            )
    elif only.kind == EVALUATE and only.op == "list" and target >= V41:
        listing = parent(only.node)
        if isinstance(listing, ast.Call) and isinstance(listing.func, ast.Name) and listing.func.id == "list":
            frame.report(
                BOILERPLATE, call, "list", receiver=only.receiver, twin="async for", since=V41, extra=extra
            )


def only_expression(inner: ast.FunctionDef) -> ast.expr | None:
    """The expression that is all that a function without parameters does, strings that say what it does aside."""
    if any(isinstance(each, ast.arg) for each in ast.walk(inner.args)):
        return None
    statements = [statement for statement in inner.body if not is_string(statement)]
    if len(statements) != 1 or statements[0] is not inner.body[-1]:
        return None
    (statement,) = statements
    return statement.value if isinstance(statement, (ast.Return, ast.Expr)) else None


def is_string(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, or reads like one."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _directly(node: ast.AST, body: ast.expr) -> bool:
    """Whether `node` is evaluated where `body` is, so that an await in it is one there."""
    up: ast.AST | None = node
    while up is not None and up is not body:
        if isinstance(up, (ast.Lambda, ast.GeneratorExp)):
            return False
        up = parent(up)
    return up is body and not isinstance(body, (ast.Lambda, ast.GeneratorExp))


def _uses(name: str, around: ast.AsyncFunctionDef) -> int:
    """How often a function's name is read in the one around it; other bindings of the name count as well."""
    names = sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(around))
    functions = sum(
        isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name == name for n in ast.walk(around)
    )
    return names + functions - 1

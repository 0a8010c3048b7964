"""`request.user` and `request.session`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.django.orm import V50, V51
from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    awaiting,
    awaits,
    bridge,
    may_await,
    renamed,
    replaced,
    source,
)
from django_uplift.flow.rewrites.threads import in_thread
from django_uplift.syntax.imports import Need
from django_uplift.syntax.tree import parent
from django_uplift.text.edits import Edit


def user(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    target = node.value if isinstance(node, ast.Attribute) and node.attr != "user" else node
    if isinstance(target, ast.Attribute) and target.attr == "user" and may_await(target):
        if file.target >= V50:
            text = f"await {source(target.value, file)}.auser()"
            yield Rewrite("Use await and auser()", tuple(replaced(target, text, file, is_await=True)))
        elif node is target or awaits(node):
            name, needs = bridge(node, file)
            get_user, more = file.reference_to("django.contrib.auth.get_user", node)
            text = f"await {name}({get_user})({source(target.value, file)})"
            edits = tuple(replaced(target, text, file, is_await=True))
            yield Rewrite("Fetch the user in a thread with sync_to_async", edits, (*needs, *more))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            name, needs = bridge(node, file)
            up = parent(node)
            whole = up if isinstance(up, ast.Call) and up.func is node and not awaits(up) else node
            text = f"await {name}(lambda: {source(whole, file)})()"
            yield Rewrite(
                f"{'Call' if whole is up else 'Read'} it in a thread with sync_to_async",
                tuple(replaced(whole, text, file, is_await=True)),
                needs,
            )


def session(event: Event, file: File) -> Iterator[Rewrite]:
    node, op = event.node, event.op
    is_async = file.target >= max(event.since or V51, V51)
    if isinstance(node, ast.Call):
        if not is_async:
            yield from in_thread(event, file)
        elif isinstance(node.func, ast.Attribute) and may_await(node):
            edits = (*awaiting(node, file), renamed(node.func, event.twin, file))
            yield Rewrite(f"Use await and {event.twin}()", edits)
    elif isinstance(node, ast.Subscript):
        yield from _item(node, op, is_async, file)
    elif op == "__contains__" and isinstance(node, ast.Compare) and len(node.ops) == 1 and may_await(node):
        negated = "not " if isinstance(node.ops[0], ast.NotIn) else ""
        key, held = source(node.left, file), source(node.comparators[0], file)
        method, needs = _method(held, "ahas_key", "has_key", node, is_async, file)
        text = f"{negated}{method}({key})"
        if negated and isinstance(parent(node), (ast.BinOp, ast.Compare)):
            text = f"({text})"
        yield Rewrite(_title("ahas_key", is_async), tuple(replaced(node, text, file)), needs)


def _item(node: ast.Subscript, op: str, is_async: bool, file: File) -> Iterator[Rewrite]:
    held, key, statement = source(node.value, file), source(node.slice, file), parent(node)
    span = file.tree.span
    if op == "__setitem__" and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        method, needs = _method(held, "aset", "__setitem__", node, is_async, file)
        text = f"{method}({key}, {source(statement.value, file)})"
        yield Rewrite(_title("aset", is_async), (Edit(*span(statement), text),), needs)
    elif op == "__getitem__" and isinstance(statement, ast.AugAssign) and statement.target is node:
        symbol = _symbol(statement, file)
        if not symbol:
            return
        method, needs = _method(held, "aset", "__setitem__", node, is_async, file)
        reading, _ = _method(held, "aget", "__getitem__", node, is_async, file)
        value = source(statement.value, file)
        if isinstance(statement.value, (ast.BinOp, ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda)):
            value = f"({value})"
        text = f"{method}({key}, {reading}({key}) {symbol} {value})"
        unsafe = "starts from None where the key is missing" if is_async else ""
        yield Rewrite(_title("aset", is_async), (Edit(*span(statement), text),), needs, unsafe)
    elif op == "__delitem__" and isinstance(statement, ast.Delete) and len(statement.targets) == 1:
        method, needs = _method(held, "apop", "pop", node, is_async, file)
        yield Rewrite(_title("apop", is_async), (Edit(*span(statement), f"{method}({key})"),), needs)
    elif op == "__getitem__" and isinstance(node.ctx, ast.Load) and may_await(node):
        if is_async:
            yield Rewrite(
                "Use await and aget()",
                tuple(replaced(node, f"await {held}.aget({key})", file, is_await=True)),
                (),
                "gives None where the key is missing",
            )
        else:
            method, needs = _method(held, "", "__getitem__", node, is_async, file)
            edits = tuple(replaced(node, f"{method}({key})", file, is_await=True))
            yield Rewrite(_title("", is_async), edits, needs)


def _symbol(statement: ast.AugAssign, file: File) -> str:
    """The operator of an augmented assignment; empty where comments hide it."""
    start = file.tree.span(statement.target).end
    between = file.tree.text[start : file.tree.span(statement.value).start].strip(" \t(")
    return between[:-1] if between.endswith("=") and "#" not in between else ""


def _method(
    held: str, twin: str, name: str, at: ast.AST, is_async: bool, file: File
) -> tuple[str, tuple[Need, ...]]:
    """How a session's method is awaited, up to its arguments; and the imports."""
    if is_async:
        return f"await {held}.{twin}", ()
    written, needs = bridge(at, file)
    return f"await {written}({held}.{name})", needs


def _title(twin: str, is_async: bool) -> str:
    return f"Use await and {twin}()" if is_async else "Do it in a thread with sync_to_async"

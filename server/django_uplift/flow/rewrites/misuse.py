"""Awaits that are missing or superfluous, and bridges that are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.django.orm import V41
from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    awaiting,
    listed,
    may_await,
    merged,
    relisted,
    renamed,
    replaced,
    shell,
)
from django_uplift.syntax.tree import parent
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.types.values import External, Query


def missing_await(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Call) and may_await(node):
        yield Rewrite("Add await", tuple(awaiting(node, file)))


def await_iterator(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Await):
        return
    tree = file.tree
    value = node.value
    up = parent(node)
    drop = Edit(tree.span(node).start, tree.span(value).start, "")
    if isinstance(up, ast.For) and up.iter is node:
        start = tree.span(up).start
        yield Rewrite("Use async for", (Edit(start, start, "async "), drop))
    elif isinstance(up, ast.AsyncFor) and up.iter is node:
        yield Rewrite("Remove await", (drop,))
    elif isinstance(up, ast.comprehension) and up.iter is node:
        edits = [drop]
        if not up.is_async:
            at = tree.text.rfind("for", 0, tree.span(up.target).start)
            edits.append(Edit(at, at, "async "))
        yield Rewrite("Use async for", tuple(edits))
    else:
        yield Rewrite("Build the list with async for", tuple(replaced(node, listed(value, file), file)))


def await_sync(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        drop = (Edit(file.tree.span(node).start, file.tree.span(node.value).start, ""),)
        if isinstance(event.receiver, Query) and file.target >= V41:
            yield Rewrite(
                "Build the list with async for", tuple(replaced(node, listed(node.value, file), file))
            )
        yield Rewrite("Remove await", drop)


def uncalled(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        end = file.tree.span(node).end
        yield Rewrite("Call it", (Edit(end, end, "()"),))


def async_to_sync(event: Event, file: File) -> Iterator[Rewrite]:
    """`async_to_sync(f)(x)` becomes `await f(x)`."""
    node = event.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Call)
        and len(node.func.args) == 1
        and may_await(node)
    ):
        operand = file.tree.span(node.func.args[0])
        edits = [*shell(file.tree.span(node.func), operand, "", "", file), *awaiting(node, file)]
        yield Rewrite("Await it", merged(edits))


def boilerplate(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Call):
        return
    up = parent(node)
    if event.twin == "async for":
        if isinstance(up, ast.Await) and len(node.args) == 1 and not node.keywords:
            if event.op == "tuple":
                text = f"tuple({listed(node.args[0], file)})"
                edits = tuple(replaced(up, text, file))
            else:
                edits = relisted(up, node.args[0], file, "{}" if event.op == "set" else "[]")
            yield Rewrite(f"Build the {event.op} with async for", edits)
        return
    if not isinstance(node.func, ast.Call) or not node.func.args:
        return
    body = event.extra.get("body")
    if body is not None:
        inner = file.tree.span(body)
        start, end = file.tree.span(node)
        yield Rewrite(
            f"Use {event.twin}()",
            tuple(
                sorted((*shell(Span(start, end), inner, "", "", file), renamed(body.func, event.twin, file)))
            ),
        )
        return
    operand = node.func.args[0]
    start, end = file.tree.span(node.func)
    if isinstance(operand, ast.Attribute):
        inner = file.tree.span(operand)
        edits = (*shell(Span(start, end), inner, "", "", file), renamed(operand, event.twin, file))
        yield Rewrite(f"Use {event.twin}()", tuple(sorted(edits)))
    elif isinstance(operand, ast.Name):
        func = event.extra["bridge"].func
        if isinstance(func, External):
            written, needs = file.reference_to(f"{func.name.rpartition('.')[0]}.{event.twin}", node)
            yield Rewrite(f"Use {event.twin}()", (Edit(start, end, written),), needs)

"""Work that stays sync, moved to a worker thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.flow.blocks import wrap_block
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
    replaced,
    source,
)
from django_uplift.syntax.tree import function_of, parent
from django_uplift.text.edits import Edit
from django_uplift.types.values import External, Func


def in_thread(event: Event, file: File, *, unsafe: str = "") -> Iterator[Rewrite]:
    """The call or the read, made in a worker thread."""
    node = event.node
    if not isinstance(node, ast.expr) or not may_await(node):
        return
    name, needs = bridge(node, file)
    if isinstance(node, ast.Call):
        start, end = file.tree.span(node.func)
        edits = [*awaiting(node, file), Edit(start, start, f"{name}("), Edit(end, end, ")")]
        if edits[0].start == start and edits[0].text == "await ":
            edits = [Edit(start, start, f"await {name}("), *edits[2:]]
        elif edits[0].start == start:
            edits = [
                Edit(start, start, f"{edits[0].text}{name}("),
                *[e for e in edits[1:] if e.start != start],
            ]
        called = source(node.func, file)
        shown = called if len(called) < 40 and "\n" not in called else "the call"
        yield Rewrite(f"Run {shown} in a thread with sync_to_async", tuple(edits), needs, unsafe)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        text = f"await {name}(lambda: {source(node, file)})()"
        if awaits(node.value):
            # No lambda can await.
            value = source(node.value, file)
            text = f'await {name}(getattr)({value}, "{node.attr}")'
        yield Rewrite(
            "Read it in a thread with sync_to_async",
            tuple(replaced(node, text, file, is_await=True)),
            needs,
            unsafe,
        )


def block(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.With) and may_await(node):
        wrapped = wrap_block(node, file.tree)
        if wrapped is not None:
            name, needs = bridge(node, file)
            yield Rewrite(
                "Move the block into a function and run it with sync_to_async", wrapped(name), needs
            )


def resolver(event: Event, file: File) -> Iterator[Rewrite]:
    """The whole of a plain function that its framework calls on the loop.

    For functions of a module with decorators alone: a class's can't be looked up on the class any more.
    """
    node = function_of(event.node)
    if (
        not isinstance(node, ast.FunctionDef)
        or not node.decorator_list
        or not isinstance(parent(node), ast.Module)
    ):
        return
    if any(isinstance(n, (ast.Yield, ast.YieldFrom)) and function_of(n) is node for n in ast.walk(node)):
        return
    name, needs = bridge(node.decorator_list[0], file)
    # A function starts at its `def`, below the decorators.
    at = file.tree.span(node).start
    edit = Edit(at, at, f"@{name}\n")
    yield Rewrite(
        f"Run {node.name} in a thread with @sync_to_async",
        (edit,),
        needs,
        "whoever else calls it has to await it",
    )


def sync_only(event: Event, file: File) -> Iterator[Rewrite]:
    if isinstance(event.receiver, External) and event.receiver.name.startswith("django.db.connection."):
        # A connection belongs to its thread: another one's is another.
        return
    yield from in_thread(event, file)


def call(event: Event, file: File) -> Iterator[Rewrite]:
    node, item = event.node, parent(event.node)
    if isinstance(item, ast.withitem) and item.context_expr is node and not _happens_in_call(event):
        # It is the block's way in or out that queries.
        around = parent(item)
        wrapped = (
            wrap_block(around, file.tree) if isinstance(around, ast.With) and may_await(around) else None
        )
        if wrapped is not None:
            name, needs = bridge(node, file)
            yield Rewrite(
                "Move the block into a function and run it with sync_to_async", wrapped(name), needs
            )
        return
    tested = _tested(event)
    if tested is not None and may_await(tested):
        name, needs = bridge(tested, file)
        start, end = file.tree.span(tested)
        text = f"await {name}(bool)({source(tested, file)})"
        yield Rewrite("Test it in a thread with sync_to_async", (Edit(start, end, text),), needs)
        return
    yield from in_thread(event, file)


def _tested(event: Event) -> ast.expr | None:
    """The name in ``if product:``, where `__bool__` or `__len__` of its class queries."""
    function, node = event.extra.get("func"), event.node
    if not isinstance(function, Func) or function.name not in ("__bool__", "__len__"):
        return None
    tested = node.operand if isinstance(node, ast.UnaryOp) else None
    if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        tested = node.test
    return tested if isinstance(tested, (ast.Name, ast.Attribute)) else None


def _happens_in_call(event: Event) -> bool:
    """Whether calling a context manager's maker, and not entering it, does it."""
    function = event.extra.get("func")
    if not isinstance(function, Func) or isinstance(function.node, ast.Lambda):
        return True
    if any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(function.node)):
        return False
    called = event.node.func if isinstance(event.node, ast.Call) else None
    written = getattr(called, "attr", "") or getattr(called, "id", "")
    return function.name in (written, "__init__", "__new__", "__post_init__")

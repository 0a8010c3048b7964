"""Refactorings of a whole function: 'Convert to async'."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.engine.context import Context
from django_uplift.engine.findings import Finding
from django_uplift.engine.fixes import converge
from django_uplift.engine.run import Engine
from django_uplift.flow.rewrite import SYNC_TO_ASYNC, may_await, needs_parentheses
from django_uplift.syntax.tree import FunctionNode, Tree, parent, scope_of
from django_uplift.text.edits import Edit, OverlapError, apply_edits

_HANDLERS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})


class Converted(NamedTuple):
    """What a conversion makes of a file."""

    text: str
    left: tuple[Finding, ...]
    """What still queries or blocks in the functions that were converted."""
    sync_callers: tuple[int, ...]
    """Lines (from 1) of sync code in the file that calls them: it would get coroutines now."""


class _Target(NamedTuple):
    """A function, found again after edits: by name, and which of that name it is."""

    name: str
    number: int


def convert_to_async(engine: Engine, path: Path, text: str, offset: int) -> Converted | None:
    """Make the function at `offset` async, with the fixes that its body needs then.

    Calls of it in async code of the same file are awaited. Handlers of one class-based view are converted together, as
    Django wants all of them to be of one kind. None if there is no sync function at `offset`.
    """
    ctx = engine.context(path, text)
    chosen = _function_at(ctx.tree, offset) if ctx is not None else None
    if ctx is None or chosen is None:
        return None
    functions = _together(chosen)
    targets = [_target(ctx.tree, function) for function in functions]
    edits: list[Edit] = []
    sync_callers: list[int] = []
    for function in functions:
        start = ctx.span(function).start
        edits.append(Edit(start, start, "async "))
        edits += _calls(ctx, function, functions, sync_callers)
    try:
        changed = apply_edits(text, edits)
    except OverlapError:
        return None

    def check(current: str) -> tuple[Context | None, Sequence[Finding]]:
        checked = engine.check_text(path, current)
        if checked.context is None:
            return None, ()
        spans = [
            checked.context.span(f) for t in targets if (f := _find(checked.context.tree, t)) is not None
        ]
        inside = [
            f for f in checked.findings if any(s.start <= f.span.start and f.span.end <= s.end for s in spans)
        ]
        return checked.context, [f for f in inside if f.rule.family.startswith("async")]

    fixed = converge(changed, check, unsafe=False)
    return Converted(fixed.text, tuple(fixed.remaining), tuple(sorted(set(sync_callers))))


def _function_at(tree: Tree, offset: int) -> ast.FunctionDef | None:
    starts = tree.lines.starts
    around = [f for f in tree.nodes(ast.FunctionDef) if starts[f.lineno - 1] <= offset <= tree.span(f).end]
    return max(around, key=lambda f: tree.span(f).start, default=None)


def _together(function: ast.FunctionDef) -> list[ast.FunctionDef]:
    cls = parent(function)
    if isinstance(cls, ast.ClassDef) and function.name in _HANDLERS:
        return [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name in _HANDLERS]
    return [function]


def _named(tree: Tree, name: str) -> list[FunctionNode]:
    nodes: list[FunctionNode] = [*tree.nodes(ast.FunctionDef), *tree.nodes(ast.AsyncFunctionDef)]
    return sorted((n for n in nodes if n.name == name), key=lambda n: (n.lineno, n.col_offset))


def _target(tree: Tree, function: FunctionNode) -> _Target:
    return _Target(function.name, _named(tree, function.name).index(function))


def _find(tree: Tree, target: _Target) -> FunctionNode | None:
    found = _named(tree, target.name)
    return found[target.number] if target.number < len(found) else None


def _calls(
    ctx: Context, function: ast.FunctionDef, converted: Sequence[FunctionNode], sync_callers: list[int]
) -> list[Edit]:
    """Edits of the calls of `function`: awaits in async code; what is sync is only noted."""
    edits: list[Edit] = []
    for call in ctx.tree.nodes(ast.Call):
        if _is_bridge_of(call, function, ctx):
            operand = call.args[0]
            start, end = ctx.span(call)
            edits.append(Edit(start, end, ctx.source(operand)))
            continue
        if not _calls_it(call.func, function, ctx):
            continue
        scope = scope_of(call)
        if may_await(call) or scope in converted:
            if isinstance(parent(call), ast.Await):
                continue
            start, end = ctx.span(call)
            if needs_parentheses(call):
                edits += [Edit(start, start, "(await "), Edit(end, end, ")")]
            else:
                edits.append(Edit(start, start, "await "))
        else:
            sync_callers.append(call.lineno)
    return edits


def _is_bridge_of(call: ast.Call, function: ast.FunctionDef, ctx: Context) -> bool:
    """``sync_to_async(function)``, which is called at once."""
    up = parent(call)
    return (
        len(call.args) == 1
        and isinstance(up, ast.Call)
        and up.func is call
        and ctx.resolve(call.func) == SYNC_TO_ASYNC
        and _calls_it(call.args[0], function, ctx)
    )


def _calls_it(node: ast.expr, function: ast.FunctionDef, ctx: Context) -> bool:
    if isinstance(node, ast.Name) and node.id == function.name:
        return any(binding.node is function for binding in ctx.names.lookup(node.id, node))
    if isinstance(node, ast.Attribute) and node.attr == function.name:
        cls = parent(function)
        if (
            isinstance(node.value, ast.Name)
            and node.value.id in ("self", "cls")
            and isinstance(cls, ast.ClassDef)
        ):
            up = parent(node)
            while up is not None and not isinstance(up, ast.ClassDef):
                up = parent(up)
            return up is cls
    return False

"""A `with` block that can only be sync, moved into a function of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable

from django_uplift.syntax.statements import indent_of, starts_line
from django_uplift.syntax.tree import SCOPES, Tree, ancestors
from django_uplift.text.edits import Edit
from django_uplift.text.source import newline_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def wrap_block(node: ast.With, tree: Tree) -> Callable[[str], tuple[Edit, ...]] | None:
    """The edits that make `node` the body of a nested function, given what to call `sync_to_async`.

    None where that would change what the code does: an await, a yield, or a jump out of the block.
    """
    function = next((up for up in ancestors(node) if isinstance(up, _FUNCTIONS)), None)
    if not isinstance(function, ast.AsyncFunctionDef) or not starts_line(tree, node):
        return None
    inside = list(_own(node))
    if any(isinstance(n, (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)) for n in inside):
        return None
    if any(isinstance(n, (ast.Break, ast.Continue)) and not _loop_inside(n, node) for n in inside):
        return None
    returns = [n for n in inside if isinstance(n, ast.Return)]
    last = node.body[-1]
    ends_by_return = returns == [last]
    if returns and not ends_by_return:
        return None
    stored = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del))}
    outside = [n for n in _own(function) if n not in inside]
    read_later = {
        n.id for n in outside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and _after(n, node)
    }
    in_loop = any(isinstance(up, (ast.For, ast.AsyncFor, ast.While)) for up in _until(node, function))
    read_outside = {n.id for n in outside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    bound_outside = {n.id for n in outside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound_outside |= {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    needed = sorted(stored & (read_outside if in_loop else read_later))
    shared = sorted(name for name in stored if name in bound_outside)
    given_back = [name for name in needed if name not in shared]
    if returns and (given_back or shared):
        return None
    newline, indent = newline_of(tree.text), indent_of(tree, node)
    step = _step(node, tree, indent)
    name = _free_name(function, node)

    def edits(bridge: str) -> tuple[Edit, ...]:
        start, end = tree.span(node)
        head = f"def {name}():{newline}"
        if shared:
            head += f"{indent}{step}nonlocal {', '.join(shared)}{newline}"
        found = [Edit(start, start, f"{head}{indent}{step}")]
        first, final = tree.lines.line_of(start), tree.lines.line_of(end - 1)
        kept = _string_lines(node, tree)
        for line in range(first + 1, final + 1):
            at = tree.lines.starts[line]
            if line not in kept and tree.lines.line_text(line).strip():
                found.append(Edit(at, at, step))
        call = f"await {bridge}({name})()"
        tail = ""
        if given_back:
            names = ", ".join(given_back)
            tail = f"{newline}{indent}{step}return {names}"
            call = f"{names} = {call}"
        elif returns:
            call = f"return {call}"
        found.append(Edit(end, end, f"{tail}{newline}{newline}{indent}{call}"))
        return tuple(found)

    return edits


def _own(node: ast.AST) -> list[ast.AST]:
    """The nodes of a block or function that run as part of it."""
    found: list[ast.AST] = []
    stack = list(ast.iter_child_nodes(node))
    while stack:
        inner = stack.pop()
        found.append(inner)
        if isinstance(inner, SCOPES) and isinstance(inner, _FUNCTIONS):
            # What a nested function reads counts, what it returns or awaits does not.
            found += [n for n in ast.walk(inner) if isinstance(n, ast.Name)]
            continue
        stack += ast.iter_child_nodes(inner)
    return found


def _loop_inside(jump: ast.AST, block: ast.With) -> bool:
    for up in ancestors(jump):
        if up is block:
            return False
        if isinstance(up, (ast.For, ast.While)):
            return True
    return False


def _until(node: ast.AST, stop: ast.AST) -> list[ast.AST]:
    found = []
    for up in ancestors(node):
        if up is stop:
            break
        found.append(up)
    return found


def _after(name: ast.Name, block: ast.With) -> bool:
    return (name.lineno, name.col_offset) > (block.end_lineno or block.lineno, block.end_col_offset or 0)


def _step(node: ast.With, tree: Tree, indent: str) -> str:
    inner = indent_of(tree, node.body[0])
    return inner[len(indent) :] if inner.startswith(indent) and len(inner) > len(indent) else "    "


def _free_name(function: ast.AST, block: ast.With) -> str:
    """What to call the function that a block becomes."""
    taken = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
    taken |= {n.name for n in ast.walk(function) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
    called = block.items[0].context_expr
    called = called.func if isinstance(called, ast.Call) else called
    word = getattr(called, "attr", getattr(called, "id", ""))
    first = (
        "run_in_transaction" if word in ("atomic", "cursor", "") else f"run_with_{word.strip('_').lower()}"
    )
    name, number = first, 2
    while name in taken:
        name = f"{first}_{number}"
        number += 1
    return name


def _string_lines(node: ast.AST, tree: Tree) -> set[int]:
    """The lines that continue a string: white space added there would change it."""
    found: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Constant, ast.JoinedStr)) and hasattr(inner, "lineno"):
            if isinstance(inner, ast.Constant) and not isinstance(inner.value, (str, bytes)):
                continue
            first, last = (
                tree.lines.line_of(tree.span(inner).start),
                tree.lines.line_of(tree.span(inner).end - 1),
            )
            if last > first:
                found.update(range(first + 1, last + 1))
    return found

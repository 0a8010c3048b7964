"""Where a finding stands, and words for it: shared by the kinds."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from django_uplift.api import Context, Span, ancestors, parent


def last(name: str) -> str:
    """The last component of a dotted name."""
    return name.rpartition(".")[2]


def name_span(node: ast.AST, ctx: Context) -> Span:
    """The characters that name the thing: of ``a.b.c`` those of ``c``, of a statement those of its module."""
    span = ctx.span(node)
    if isinstance(node, ast.Attribute):
        return span._replace(start=span.end - len(node.attr))
    if isinstance(node, ast.ImportFrom):
        return module_span(node, ctx)
    return span


def module_span(node: ast.ImportFrom, ctx: Context) -> Span:
    """The characters of the module in ``from module import ...``; else those of the statement."""
    span = ctx.span(node)
    match = re.compile(r"from[ \t\f]+((?:\.[ \t]*)*[\w.]+)").match(ctx.text, span.start)
    return Span(*match.span(1)) if match else span


def dotted(node: ast.expr) -> str:
    """``a.b.c`` as it is written, without blanks; empty for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def is_constant(node: ast.AST | None, values: Sequence[object]) -> bool:
    """Whether an expression is one of some constants. ``True`` is not ``1``."""
    if not isinstance(node, ast.Constant):
        return False
    return any(type(node.value) is type(value) and node.value == value for value in values)


_IMPORTERS = frozenset({"patch", "import_string", "import_module", "setattr"})


def is_imported(node: ast.Constant) -> bool:
    """Whether a string is the path of what a call imports: ``mock.patch("django.x.name")``, ``import_string(...)``."""
    call = parent(node)
    if not isinstance(call, ast.Call) or not call.args or call.args[0] is not node:
        return False
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    ) in _IMPORTERS


def in_annotation(identifier: str, ctx: Context) -> bool:
    """Whether a string annotation names `identifier`: renaming the name alone would break it."""
    word = re.compile(rf"\b{re.escape(identifier)}\b")
    for constant in ctx.tree.nodes(ast.Constant):
        if isinstance(constant.value, str) and word.search(constant.value) and _annotates(constant):
            return True
    return False


def _annotates(node: ast.AST) -> bool:
    child = node
    for up in ancestors(node):
        if isinstance(up, ast.arg):
            return True
        if isinstance(up, ast.AnnAssign):
            return child is up.annotation
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return child is up.returns
        if isinstance(up, ast.stmt):
            return False
        child = up
    return False


def imported_here(name: str, ctx: Context) -> bool:
    """Whether the file has ``import name`` (dotted), so that ``name.x`` goes with it."""
    return any(
        alias.name == name and isinstance(parent(alias), ast.Import) for alias in ctx.tree.nodes(ast.alias)
    )


def beside(statement: ast.ImportFrom, module: str, ctx: Context) -> ast.ImportFrom | None:
    """The import statement whose place an import of `module` takes, for `Need.near`.

    None, to let the file's order decide, where the imports around it are sorted and nothing hangs on the old
    line.
    """
    body = ctx.tree.module.body
    if statement.module == module or statement not in body:
        return statement
    at = first = body.index(statement)
    while first > 0 and isinstance(body[first - 1], (ast.Import, ast.ImportFrom)):
        first -= 1
    while at + 1 < len(body) and isinstance(body[at + 1], (ast.Import, ast.ImportFrom)):
        at += 1
    root = module.partition(".")[0]
    if first == at and len(statement.names) == 1:
        return statement
    if (statement.module or "").partition(".")[0] != root:
        # It belongs to another section.
        return None
    # Sections differ by their roots: only those of the same package need to be in order.
    modules = [
        node.module
        for node in body[first : at + 1]
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == root
    ]
    return None if len(modules) > 1 and modules == sorted(modules) else statement


def makes_one(node: ast.AST, ctx: Context) -> bool:
    """Whether a reference to a class, or a use of the import that is one, calls it or inherits from it."""
    if isinstance(node, ast.alias):
        return any(makes_one(use, ctx) for use in ctx.uses(node))
    up = parent(node)
    if isinstance(up, ast.Call):
        return up.func is node
    return isinstance(up, ast.ClassDef) and node in up.bases

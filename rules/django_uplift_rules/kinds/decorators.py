"""Decorators that are superfluous."""

from __future__ import annotations

import ast

from django_uplift.api import Context, Edit, parent


def decorates(use: ast.AST) -> bool:
    """Whether a reference is, as it stands, the decorator of a class or a function."""
    up = parent(use)
    return isinstance(up, (ast.ClassDef, ast.FunctionDef)) and use in up.decorator_list


def without_decorator(use: ast.AST, ctx: Context) -> Edit:
    """Remove the decorator; a comment behind it stays on a line of its own."""
    start, end = ctx.span(use)
    start = ctx.text.rindex("@", 0, start)
    lines = ctx.tree.lines
    line = lines.line_of(end)
    rest = ctx.text[end : lines.line_span(line).end]
    if rest.strip():
        return Edit(start, end + len(rest) - len(rest.lstrip()), "")
    return Edit(lines.starts[lines.line_of(start)], lines.starts[line + 1], "")

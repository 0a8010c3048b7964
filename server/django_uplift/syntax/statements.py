"""Edits of whole statements."""

from __future__ import annotations

import ast
import re

from django_uplift.syntax.tree import Tree, parent
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of

_INDENT = re.compile(r"[ \t\f]*")
_LINE_COMMENT = re.compile(r"[ \t\f]*(#[^\r\n]*)?(\r\n|\n|\r|\Z)")


def indent_of(tree: Tree, node: ast.AST) -> str:
    """The white space in front of the line on which `node` starts."""
    line = tree.lines.line_of(tree.span(node).start)
    match = _INDENT.match(tree.lines.line_text(line))
    return match[0] if match else ""


def starts_line(tree: Tree, node: ast.AST) -> bool:
    """Whether only white space stands before `node` on its line."""
    start = tree.span(node).start
    line_start = tree.lines.starts[tree.lines.line_of(start)]
    return not tree.text[line_start:start].strip()


def block_of(statement: ast.stmt) -> list[ast.stmt]:
    """The list of statements that `statement` stands in."""
    up = parent(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(up, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def remove_statement(tree: Tree, statement: ast.stmt) -> list[Edit]:
    """Remove a statement with its line; a comment behind it stays, on a line of its own.

    The only statement of a block becomes ``pass``.
    """
    text = tree.text
    start, end = statement_span(tree, statement)
    block = block_of(statement)
    if len(block) == 1 and not isinstance(parent(statement), ast.Module):
        return [Edit(start, end, "pass")]
    line_start = tree.lines.starts[tree.lines.line_of(start)]
    before = text[line_start:start]
    if before.strip():
        # `a = 1; b = 2`, or a statement on its block's own line.
        back = len(before) - len(before.rstrip(" \t;"))
        return [Edit(start - back if ";" in before[len(before) - back :] else start, end, "")]
    semicolon = re.compile(r"[ \t]*;[ \t]*(?=[^\s#])").match(text, end)
    if semicolon:
        return [Edit(start, semicolon.end(), "")]
    rest = re.compile(r"[ \t]*;?").match(text, end)
    end = rest.end() if rest else end
    tail = _LINE_COMMENT.match(text, end)
    if tail is None or tail[1]:
        comment_at = tail.start(1) if tail else end
        return [Edit(start, comment_at, "")]
    return [Edit(line_start, tail.end(), "")]


def statement_span(tree: Tree, statement: ast.stmt) -> Span:
    """The characters of a statement, its decorators included."""
    start, end = tree.span(statement)
    decorators = getattr(statement, "decorator_list", None)
    if decorators:
        at = tree.text.rfind("@", 0, tree.span(decorators[0]).start)
        start = min(start, at)
    return Span(start, end)


def insert_before(tree: Tree, statement: ast.stmt, new: str) -> Edit:
    """Put the statement `new` on a line of its own before `statement`, which must start its line."""
    start = statement_span(tree, statement).start
    return Edit(start, start, f"{new}{newline_of(tree.text)}{indent_of(tree, statement)}")

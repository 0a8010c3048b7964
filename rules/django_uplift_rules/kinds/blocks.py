"""Blocks of code that take the place of the statement that they stand in."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from itertools import pairwise

from django_uplift.api import Context, Edit, Span, parent
from django_uplift_rules.kinds.removal import indent_at, remove_all

_ELSE = re.compile(r"^[ \t\f]*(else)[ \t]*:", re.MULTILINE)
_COLON = re.compile(r"[ \t\f]*:[ \t]*(?:#[^\r\n]*)?")


def is_elif(node: ast.If, ctx: Context) -> bool:
    """Whether a test is written ``elif``."""
    return ctx.text.startswith("elif", ctx.span(node).start)


def else_of(node: ast.If | ast.Try, ctx: Context) -> Span | None:
    """The word ``else`` of a statement; None if there is none, or it is an ``elif``, or not found."""
    if not node.orelse:
        return None
    first = node.orelse[0]
    if (
        isinstance(node, ast.If)
        and len(node.orelse) == 1
        and isinstance(first, ast.If)
        and is_elif(first, ctx)
    ):
        return None
    above: ast.stmt | ast.ExceptHandler = node.body[-1]
    if isinstance(node, ast.Try):
        above = node.handlers[-1].body[-1]
    found = list(_ELSE.finditer(ctx.text, ctx.span(above).end, ctx.span(first).start))
    return Span(*found[-1].span(1)) if found else None


def lines_end(at: int, ctx: Context) -> int:
    """Where the text of a line ends."""
    return ctx.tree.lines.line_span(ctx.tree.lines.line_of(at)).end


def stands_alone(node: ast.stmt, ctx: Context) -> bool:
    """Whether no other statement shares the lines on which one starts and ends."""
    start, end = ctx.span(node)
    before = ctx.text[ctx.tree.lines.starts[ctx.tree.lines.line_of(start)] : start]
    behind = ctx.text[end : lines_end(end, ctx)].strip().removeprefix(";").strip()
    return not before.strip() and (not behind or behind.startswith("#"))


def lifted(header: int, body: list[ast.stmt], owner: ast.stmt, ctx: Context) -> str | None:
    """A block as it is written in place of `owner`: with its indentation, strings and comments as they were.

    `header` is an offset behind which the block's colon comes. None where the code is laid out too oddly.
    """
    colon = _COLON.match(ctx.text, header)
    if colon is None:
        return None
    start, end = _start(body[0], ctx), ctx.span(body[-1]).end
    lines = ctx.tree.lines
    if not ctx.text[colon.end() : start].count("\n"):
        return None if "\\" in ctx.text[colon.end() : start] else ctx.text[start:end]
    line = lines.line_of(start)
    inner = ctx.text[lines.starts[line] : start]
    outer = indent_at(owner, ctx).rpartition("\f")[2]
    if inner.strip() or not inner.startswith(outer):
        return None
    first = lines.starts[lines.line_of(colon.end()) + 1]
    region = ctx.text[first : lines_end(end, ctx)].rstrip("\r\n")
    kept = _inside_strings(region)
    if kept is None:
        return None
    moved = [
        text if number in kept else _moved(text, inner, outer)
        for number, text in enumerate(region.split("\n"), 1)
    ]
    return "\n".join(moved)[len(outer) :] if moved[0].startswith(outer) else None


def _start(statement: ast.stmt, ctx: Context) -> int:
    decorators = getattr(statement, "decorator_list", None)
    start = ctx.span(statement).start
    return ctx.text.rindex("@", 0, ctx.span(decorators[0]).start) if decorators else start


def _moved(line: str, inner: str, outer: str) -> str:
    if line.startswith(inner):
        return outer + line[len(inner) :]
    if not line.strip():
        return line
    # A comment, or a bracket's inside, further left than the block.
    blank = line[: len(line) - len(line.lstrip())]
    return (outer if len(blank) < len(inner) else blank) + line.lstrip()


def _inside_strings(region: str) -> set[int] | None:
    """The lines, from 1, that start inside a string; None where that can't be told."""
    inside: set[int] = set()
    opened: list[int] = []
    try:
        # One line stands in front of the block, so that it may be indented.
        for token in tokenize.generate_tokens(io.StringIO(f"if 1:\n{region}\n").readline):
            name = tokenize.tok_name[token.type]
            if name == "STRING":
                inside.update(range(token.start[0], token.end[0]))
            elif name.endswith("STRING_START"):
                opened.append(token.start[0])
            elif name.endswith("STRING_END"):
                inside.update(range(opened.pop(), token.end[0]))
    except (tokenize.TokenError, SyntaxError):
        return None
    return inside


def replaced(node: ast.stmt, text: str, ctx: Context) -> Edit:
    """Put `text` where a statement stands that has its lines for itself; a comment behind it is in `text`."""
    start, end = ctx.span(node)
    return Edit(start, start + len(ctx.text[start : lines_end(end, ctx)].rstrip("\r\n")), text)


def is_pass(body: list[ast.stmt]) -> bool:
    """Whether a block does nothing."""
    return all(isinstance(statement, ast.Pass) for statement in body)


def removed(node: ast.stmt, ctx: Context) -> list[Edit]:
    """Remove a statement that has its lines for itself, with the comment behind it and the blank lines around it."""
    if not has_siblings(node) and not isinstance(parent(node), ast.Module):
        start = _start(node, ctx)
        edit = replaced(node, "pass", ctx)
        return [edit._replace(start=start)]
    return remove_all([node], ctx, [node])[node]


def has_siblings(node: ast.stmt) -> bool:
    """Whether the block around a statement holds others."""
    up = parent(node)
    blocks = [getattr(up, name, None) for name in ("body", "orelse", "finalbody")]
    return any(isinstance(block, list) and node in block and len(block) > 1 for block in blocks)


def keep_branch(node: ast.If, outcome: bool, ctx: Context) -> list[Edit] | None:
    """The edits that leave of a test what runs if it comes out so; None where the layout is too odd."""
    test = ctx.outer_span(node.test)
    if is_elif(node, ctx):
        return _elif(node, outcome, test, ctx)
    if not stands_alone(node, ctx):
        return None
    if outcome:
        return _instead(node, node.body, test.end, ctx)
    if not node.orelse:
        return removed(node, ctx)
    word = else_of(node, ctx)
    if word is not None:
        return _instead(node, node.orelse, word.end, ctx)
    start = ctx.span(node).start
    return [Edit(start, ctx.span(node.orelse[0]).start + len("el"), "")] if _has_elif(node, ctx) else None


def _instead(node: ast.If, body: list[ast.stmt], header: int, ctx: Context) -> list[Edit] | None:
    if is_pass(body) and has_siblings(node):
        return removed(node, ctx)
    text = lifted(header, body, node, ctx)
    if text is None:
        return None
    colon = _COLON.match(ctx.text, header)
    first = ctx.tree.lines.line_of(colon.end() if colon else header) + 1
    if ctx.tree.lines.line_of(_start(body[0], ctx)) >= first:
        text = _set_apart(text, first, body, node, ctx)
    edit = replaced(node, text, ctx)
    behind = _never_reached(node, body, ctx)
    return [edit._replace(end=lines_end(ctx.span(behind).end, ctx)) if behind else edit]


def _never_reached(node: ast.If, body: list[ast.stmt], ctx: Context) -> ast.stmt | None:
    """The last of the statements behind a test that nothing reaches once a branch which leaves is all of it."""
    behind = _behind(node)
    leaves = isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))
    if not behind or not leaves or not stands_alone(behind[-1], ctx):
        return None
    # A function is a generator by what it never reaches, too; and a comment says what a person must read.
    says_more = any(
        isinstance(each, (ast.Yield, ast.YieldFrom)) for part in behind for each in ast.walk(part)
    )
    return None if says_more else behind[-1]


def _behind(node: ast.stmt) -> list[ast.stmt]:
    up = parent(node)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(up, name, None)
        if isinstance(block, list) and node in block:
            return block[block.index(node) + 1 :]
    return []


def _set_apart(text: str, offset: int, body: list[ast.stmt], owner: ast.stmt, ctx: Context) -> str:
    """A lifted block with two blank lines around its classes and functions, if it comes to a module's top level.

    `offset` is the line on which it started.
    """
    up = parent(owner)
    if not isinstance(up, ast.Module):
        return text
    lines = ctx.tree.lines
    blank = ctx.newline.rstrip("\n")
    written = text.split("\n")
    for before, statement in reversed(list(pairwise(body))):
        if _defines(before) or _defines(statement):
            first = lines.line_of(_start(statement, ctx)) - _comments_above(statement, ctx)
            gap = first - lines.line_of(ctx.span(before).end) - 1
            if 0 <= gap < 2:
                written[first - offset : first - offset] = [blank] * (2 - gap)
    above, below, behind = up.body[: up.body.index(owner)], _behind(owner), ""
    if _defines(body[0]) and above:
        first = lines.line_of(ctx.span(owner).start) - _comments_above(owner, ctx)
        gap = first - lines.line_of(ctx.span(above[-1]).end) - 1
        if first == lines.line_of(ctx.span(owner).start) and 0 <= gap < 2:
            written[:0] = [blank] * (2 - gap)
    if _defines(body[-1]) and below:
        first = lines.line_of(_start(below[0], ctx)) - _comments_above(below[0], ctx)
        gap = first - lines.line_of(ctx.span(owner).end) - 1
        if 0 <= gap < 2:
            behind = ctx.newline * (2 - gap)
    return "\n".join(written) + behind


def _defines(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _comments_above(statement: ast.stmt, ctx: Context) -> int:
    """How many lines of comments stand right above a statement."""
    lines = ctx.tree.lines
    line = first = lines.line_of(_start(statement, ctx))
    while line and lines.line_text(line - 1).lstrip().startswith("#"):
        line -= 1
    return first - line


def _elif(node: ast.If, outcome: bool, test: Span, ctx: Context) -> list[Edit] | None:
    start, end = ctx.span(node)
    if outcome:
        edits = [Edit(start, test.end, "else")]
        if node.orelse:
            edits.append(Edit(lines_end(ctx.span(node.body[-1]).end, ctx), lines_end(end, ctx), ""))
        return edits
    if _has_elif(node, ctx):
        return [Edit(start, ctx.span(node.orelse[0]).start, "")]
    word = else_of(node, ctx)
    if word is not None:
        return [Edit(start, word.start, "")]
    if node.orelse:
        return None
    lines = ctx.tree.lines
    return [Edit(lines_end(lines.starts[lines.line_of(start)] - 1, ctx), lines_end(end, ctx), "")]


def _has_elif(node: ast.If, ctx: Context) -> bool:
    first = node.orelse[0] if len(node.orelse) == 1 else None
    return isinstance(first, ast.If) and is_elif(first, ctx)

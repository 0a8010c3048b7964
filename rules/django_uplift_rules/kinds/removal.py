"""Statements that go, with the blank lines that only they needed; and the comments that must not go with them."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Collection

from django_uplift.api import Context, Edit, Span


def remove_all(
    statements: Collection[ast.stmt], ctx: Context, moving: Collection[ast.stmt] = ()
) -> dict[ast.stmt, list[Edit]]:
    """The edits that remove each of several statements, those that are `moving` with the comment behind them.

    Blank lines on both sides of what goes become those of one side, and none at the end of the file.
    """
    by_line: dict[int, list[ast.stmt]] = {}
    for statement in statements:
        by_line.setdefault(statement.lineno, []).append(statement)
    edits: dict[ast.stmt, list[Edit]] = {}
    for beside in by_line.values():
        together = _line_of_all(beside, ctx) if len(beside) > 1 else None
        for statement in beside:
            if together is not None:
                edits[statement] = [together]
            elif statement in moving:
                edits[statement] = [_lines_of(statement, ctx)]
            else:
                edits[statement] = ctx.remove(statement)
    whole = {
        edit.start: edit
        for edit, *more in edits.values()
        if not more and not edit.text and _is_lines(edit, ctx.text)
    }
    wider: dict[Edit, Edit] = {}
    taken = 0
    for start in sorted(whole):
        if start not in whole:
            continue
        run = [whole.pop(start)]
        while run[-1].end in whole:
            run.append(whole.pop(run[-1].end))
        end = run[-1].end
        above = min(_blank_above(ctx.text, start), start - taken)
        below = _blank_below(ctx.text, end)
        if not ctx.text[:start].strip("\ufeff \t\f\r\n") and below < len(ctx.text):
            # No file starts with blank lines.
            wider[run[-1]] = run[-1]._replace(end=below)
            taken = below
        elif below == len(ctx.text) or _lines_in(ctx.text, start - above, start) <= _lines_in(
            ctx.text, end, below
        ):
            wider[run[0]] = run[0]._replace(start=start - above)
            taken = end
        elif above:
            wider[run[-1]] = run[-1]._replace(end=below)
            taken = below
    return {statement: [wider.get(edit, edit) for edit in found] for statement, found in edits.items()}


def _lines_in(text: str, start: int, end: int) -> int:
    return text.count("\n", start, end)


def _line_of_all(statements: list[ast.stmt], ctx: Context) -> Edit | None:
    """The line of statements that have it for themselves; None if there are others, or a comment."""
    spans = sorted(ctx.span(statement) for statement in statements)
    lines = ctx.tree.lines
    first = lines.starts[lines.line_of(spans[0].start)]
    after = lines.line_of(spans[-1].end) + 1
    stop = lines.starts[after] if after < len(lines.starts) else len(ctx.text)
    rest, at = "", first
    for start, end in spans:
        rest += ctx.text[at:start]
        at = end
    rest += ctx.text[at:stop]
    return None if rest.replace(";", "").strip() else Edit(first, stop, "")


def _lines_of(statement: ast.stmt, ctx: Context) -> Edit:
    lines = ctx.tree.lines
    start, end = ctx.span(statement)
    decorators = getattr(statement, "decorator_list", None)
    if decorators:
        start = ctx.text.rindex("@", 0, ctx.span(decorators[0]).start)
    after = lines.line_of(end) + 1
    return Edit(
        lines.starts[lines.line_of(start)],
        lines.starts[after] if after < len(lines.starts) else len(ctx.text),
        "",
    )


def _is_lines(edit: Edit, text: str) -> bool:
    starts = edit.start == 0 or text[edit.start - 1] in "\r\n"
    return starts and (edit.end == len(text) or text[edit.end - 1] in "\r\n")


def _blank_above(text: str, at: int) -> int:
    """How many characters of blank lines stand in front of a line."""
    kept = text[:at].rstrip(" \t\f\r\n")
    if not kept:
        return 0
    first = text.find("\n", len(kept), at)
    return at - (first + 1 if first >= 0 else at)


def _blank_below(text: str, at: int) -> int:
    """Where the blank lines behind a line end."""
    rest = text[at:]
    stripped = rest.lstrip(" \t\f\r\n")
    if not stripped:
        return len(text)
    code = len(text) - len(stripped)
    return text.rfind("\n", at, code) + 1 or at


def comments_in(source: str) -> list[str]:
    """The comments in a piece of code that parses within brackets."""
    tokens = tokenize.generate_tokens(io.StringIO(f"({source}\n)").readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def comment_behind(statement: ast.stmt, ctx: Context) -> Span | None:
    """The comment at the end of a statement's last line, with the blanks before it; None if there is none."""
    end = ctx.span(statement).end
    line_end = ctx.tree.lines.line_span(ctx.tree.lines.line_of(end)).end
    rest = ctx.text[end:line_end].rstrip("\r\n")
    return Span(end, end + len(rest)) if rest.lstrip(" \t").startswith("#") else None


def starts_own_line(node: ast.stmt, ctx: Context) -> bool:
    """Whether only white space stands before a statement on its line."""
    start = ctx.span(node).start
    return not ctx.text[ctx.tree.lines.starts[ctx.tree.lines.line_of(start)] : start].strip()


def indent_at(node: ast.stmt, ctx: Context) -> str:
    """The white space at the start of the line on which a statement starts."""
    start = ctx.span(node).start
    line = ctx.text[ctx.tree.lines.starts[ctx.tree.lines.line_of(start)] : start]
    return line[: len(line) - len(line.lstrip())]

"""Suppression comments: ``# noqa: CODE``, ``# django-uplift: ignore[slug]`` and their file-wide forms.

A comment counts for its line and for the whole statement that the line belongs to. ``noqa`` comments are shared with
other tools, so that only codes that are ours are looked at; a bare ``# noqa`` silences a line but is never ours to
report as unused.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from django_uplift.syntax.templates import TemplateTree
from django_uplift.syntax.tree import Tree
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Lines, Span
from django_uplift.text.source import newline_of

_NOQA = re.compile(r"#\s*noqa(?P<codes>\s*:\s*[A-Za-z][\w-]*(?:(?:\s*,\s*|\s+)[A-Z]+[0-9]+\b)*)?", re.I)
_OURS = re.compile(
    r"#\s*django-uplift:\s*(?P<word>ignore-file|ignore)\s*(?:\[(?P<codes>[^\]\r\n]*)\])?", re.I
)
_CODE = re.compile(r"[A-Za-z][\w-]*")
_MUST_BE_FIRST = re.compile(r"#!|[ \t\f]*#.*?coding[:=]")
_MARKS = re.compile(r"noqa|django-uplift\s*:", re.I)


class Suppression(NamedTuple):
    """One suppression comment.

    `codes` are codes or slugs with their places; empty means everything. `lines` are the 0-based lines that it
    covers, None for the whole file.
    """

    comment: Span
    codes: tuple[tuple[str, Span], ...]
    lines: range | None
    noqa: bool

    def covers(self, line: int, last: int) -> bool:
        """Whether a finding from `line` to `last` is in reach."""
        return self.lines is None or (line in self.lines or (line <= self.lines.start <= last))


def may_suppress(text: str) -> bool:
    """Whether the text can hold a suppression at all; cheap."""
    return "noqa" in text or "django-uplift:" in text or "NOQA" in text


def find_suppressions(tree: Tree) -> list[Suppression]:
    """All suppression comments of a module, in order."""
    if not tree.holds(may_suppress):
        return []
    if isinstance(tree, TemplateTree):
        return list(_in_template(tree))
    found: list[Suppression] = []
    for comment, statement_lines in _comments_at_marks(tree):
        text = tree.text[comment.start : comment.end]
        if match := _OURS.search(text):
            whole_file = match["word"].lower() == "ignore-file"
            codes = _codes(match, comment.start)
            span = Span(comment.start + match.start(), comment.start + match.end())
            found.append(Suppression(span, codes, None if whole_file else statement_lines, noqa=False))
        elif match := _NOQA.search(text):
            span = Span(comment.start + match.start(), comment.start + match.end())
            found.append(Suppression(span, _codes(match, comment.start), statement_lines, noqa=True))
    return found


def _in_template(tree: TemplateTree) -> Iterator[Suppression]:
    """``{# django-uplift: ignore[...] #}``; other tools' comments mean nothing to us here."""
    for comment, lines in tree.comments():
        if match := _OURS.search(tree.text, *comment):
            whole_file = match["word"].lower() == "ignore-file"
            yield Suppression(comment, _codes(match, 0), None if whole_file else lines, noqa=False)


def _codes(match: re.Match[str], base: int) -> tuple[tuple[str, Span], ...]:
    start, end = match.span("codes")
    if start < 0:
        return ()
    return tuple(
        (code[0], Span(base + code.start(), base + code.end()))
        for code in _CODE.finditer(match.string, start, end)
    )


def _comments_at_marks(tree: Tree) -> Iterator[tuple[Span, range]]:
    """The comments of those top-level statements in or above which something looks like a suppression.

    Python's tokenizer is slow: a file of thousands of lines must not pay for one comment.
    """
    lines = tree.lines
    # Statements are cut behind their last lines, so that each has the comments above it.
    cuts = [0]
    body = tree.module.body
    for statement, following in pairwise(body):
        end = statement.end_lineno or 0
        first = min((following.lineno, *(d.lineno for d in getattr(following, "decorator_list", ()))))
        if first > end and not lines.line_text(end - 1).endswith("\\"):
            cuts.append(end)
    if body and not lines.line_text((body[-1].end_lineno or 1) - 1).endswith("\\"):
        cuts.append(body[-1].end_lineno or 0)
    cuts = [cut for cut in cuts if cut < len(lines)]
    marked = {bisect_right(cuts, lines.line_of(mark.start())) - 1 for mark in _MARKS.finditer(tree.code)}
    for index in sorted(marked):
        start = lines.starts[cuts[index]]
        end = lines.starts[cuts[index + 1]] if index + 1 < len(cuts) else len(tree.code)
        yield from _comments(tree.code[start:end], lines, cuts[index])


def _comments(text: str, lines: Lines, base: int = 0) -> list[tuple[Span, range]]:
    """Comments with the lines of the statement that each belongs to; an own-line comment covers the next statement.

    `text` starts with the line `base`.
    """
    comments: list[tuple[Span, range]] = []
    waiting: list[Span] = []
    first: int | None = None
    own: list[Span] = []
    newline_ends = ("\n", "\r\n", "\r", "")
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            kind = token.type
            line = base + token.start[0] - 1
            if kind == tokenize.COMMENT:
                start = lines.starts[line] + token.start[1]
                span = Span(start, start + len(token.string))
                (own if first is None else waiting).append(span)
            elif kind == tokenize.NEWLINE:
                covered = range(first if first is not None else line, line + 1)
                comments += [(span, covered) for span in (*own, *waiting)]
                waiting, own, first = [], [], None
            elif kind not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
                if first is None and token.string not in newline_ends:
                    first = line
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    for span in (*own, *waiting):
        line = lines.line_of(span.start)
        comments.append((span, range(line, line + 1)))
    return comments


def comment_to_add(tree: Tree, span: Span, codes: str, *, reason: str = "") -> Edit:
    """The edit that suppresses `codes` at `span`: a new comment behind the line, or more codes in the one there is."""
    line = tree.lines.line_of(span.start)
    found = [
        s
        for s in find_suppressions(tree)
        if s.lines is not None and line in s.lines and s.codes and not s.noqa
    ]
    if found:
        last = found[-1].codes[-1][1].end
        return Edit(last, last, f", {codes}")
    if isinstance(tree, TemplateTree):
        end = tree.lines.line_span(tree.lines.line_of(max(span.end - 1, span.start))).end
        return Edit(end, end, f" {{# django-uplift: ignore[{codes}]{f' {reason}' if reason else ''} #}}")
    target = _end_of_statement_line(tree, line)
    why = f"  # {reason}" if reason else ""
    return Edit(target, target, f"  # django-uplift: ignore[{codes}]{why}")


def file_comment_to_add(tree: Tree, codes: str) -> Edit:
    """The edit that suppresses `codes` in the whole file: a new comment at the top, or more codes in the one there."""
    found = [s for s in find_suppressions(tree) if s.lines is None and s.codes]
    if found:
        last = found[-1].codes[-1][1].end
        return Edit(last, last, f", {codes}")
    if isinstance(tree, TemplateTree):
        # On a line of its own it would put a newline into what is rendered.
        return Edit(0, 0, f"{{# django-uplift: ignore-file[{codes}] #}}")
    lines, line = tree.lines, 0
    # What must stand in the first two lines stays there.
    while line < min(2, len(lines) - 1) and _MUST_BE_FIRST.match(lines.line_text(line)):
        line += 1
    at = lines.starts[line]
    return Edit(at, at, f"# django-uplift: ignore-file[{codes}]{newline_of(tree.text)}")


def _end_of_statement_line(tree: Tree, line: int) -> int:
    """The end of the first line at or behind `line` on which a comment may be put."""
    last = line
    # Inside a string or behind a backslash a comment can't stand: go on to the end of the logical line.
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(tree.code, newline="").readline))
    except (tokenize.TokenError, SyntaxError):
        return tree.lines.line_span(line).end
    allowed = {
        token.start[0] - 1
        for token in tokens
        if token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT)
    }
    while last + 1 < len(tree.lines) and last not in allowed:
        last += 1
    return tree.lines.line_span(last).end


def remove_suppression(text: str, lines: Lines, found: Suppression, unused: list[Span]) -> Edit:
    """The edit that takes the unused codes out of a comment, or the whole comment where nothing is left."""
    left = [code for code, span in found.codes if span not in unused]
    if left:
        first, last = found.codes[0][1].start, found.codes[-1][1].end
        return Edit(first, last, ", ".join(left))
    start, end = found.comment
    line_start, line_end = lines.line_span(lines.line_of(start))
    behind = text[end:line_end]
    if behind.strip():
        if text.startswith("{#", start):
            return Edit(start, end, "")
        if behind.lstrip().startswith("#"):
            return Edit(start, end + len(behind) - len(behind.lstrip()), "")
        return Edit(start, end, "#" if not behind.startswith("#") else "")
    before = text[line_start:start]
    if not before.strip():
        stop = lines.starts[lines.line_of(start) + 1] if lines.line_of(start) + 1 < len(lines) else line_end
        return Edit(line_start, stop, "")
    return Edit(line_start + len(before.rstrip()), line_end, "")

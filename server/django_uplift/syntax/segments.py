"""The tree of a text that changes: cut at top-level statements, so that an edit costs what it touches.

Where every segment parses, the whole parses too, and to the same tree: each segment is complete in itself and ends its
last line. The opposite does not hold (a decorator and its function may lie in two segments, a string may run through
several), so a text with a broken segment is parsed as a whole once there is time: see `SegmentedTree.settle`.

Nodes are kept from one state of the text to the next and given their new lines in place: only the newest tree counts.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NamedTuple, cast

from django_uplift.syntax.parse import SyntaxProblem, parse
from django_uplift.syntax.recover import recover
from django_uplift.syntax.tree import Part, Tree
from django_uplift.text.edits import difference
from django_uplift.text.lines import Lines, Span


class Read(NamedTuple):
    """A text's tree, without what does not parse, and the first thing that does not; no tree if nothing does."""

    tree: Tree | None
    problem: SyntaxProblem | None


def read(lines: Lines) -> Read:
    """The tree of a text that is looked at once."""
    parsed = parse(lines.text)
    if parsed.tree is not None:
        return Read(Tree(parsed.tree, lines), None)
    recovered = recover(lines.text)
    if recovered is None:
        return Read(None, parsed.problem)
    return Read(Tree(recovered.tree, lines, recovered.broken, recovered.code), parsed.problem)


class _Segment:
    """Some lines, and the top-level statements that start on them. Spans in `broken` count from the segment's start."""

    __slots__ = ("body", "broken", "code", "part", "problem", "text")

    def __init__(self, text: str, body: list[ast.stmt]) -> None:
        self.text = text
        self.code = text
        self.body = body
        self.part = Part(body)
        self.broken: tuple[Span, ...] = ()
        self.problem: SyntaxProblem | None = None

    def shift(self, by: int) -> None:
        """Move the nodes by some lines."""
        for cls, nodes in self.part.nodes.items():
            if "lineno" in cast("Any", cls)._attributes:
                for node in cast("list[Any]", nodes):
                    node.lineno += by
                    node.end_lineno += by


class SegmentedTree:
    """The tree of one document, brought up to date edit by edit.

    Segments have `min_lines` lines at least: many small ones cost more to put together than they save in parsing.
    """

    def __init__(self, min_lines: int = 16) -> None:
        self._min_lines = min_lines
        self._lines: Lines | None = None
        self._segments: list[_Segment] = []
        self._starts: list[int] = []
        self._read = Read(None, None)

    def update(self, lines: Lines) -> Read:
        """The tree of the document's next text. Trees that were given before are no longer to be used."""
        before = self._lines
        if before is None or not self._segments:
            return self._anew(lines)
        if before.text != lines.text:
            self._edit(before, lines)
            self._lines = lines
            self._read = self._assemble()
        return self._read

    def settle(self) -> Read | None:
        """The tree of the whole text where it parses although some part alone does not; None otherwise."""
        if self._lines is None or self._read.problem is None:
            return None
        module = parse(self._lines.text).tree
        if module is None:
            return None
        self._cut(self._lines, module)
        self._read = self._assemble()
        return self._read

    def _anew(self, lines: Lines) -> Read:
        self._lines = lines
        parsed = parse(lines.text)
        if parsed.tree is not None:
            self._cut(lines, parsed.tree)
        else:
            recovered = recover(lines.text)
            if recovered is None:
                self._segments, self._starts = [], []
                self._read = Read(None, parsed.problem)
                return self._read
            self._cut(lines, recovered.tree, recovered.code)
            for at, segment in zip(self._starts, self._segments, strict=True):
                end = at + len(segment.text)
                segment.broken = tuple(
                    Span(span.start - at, span.end - at)
                    for span in recovered.broken
                    if at <= span.start < end
                )
                if segment.broken:
                    segment.problem = parsed.problem
        self._read = self._assemble()
        return self._read

    def _cut(self, lines: Lines, module: ast.Module, code: str | None = None) -> None:
        self._segments = _segments(lines.text, lines, module.body, 0, self._min_lines, code)
        self._starts = _offsets(self._segments)

    def _edit(self, before: Lines, after: Lines) -> None:
        """Parse the segments that changed again, and move those behind them."""
        segments, starts = self._segments, self._starts
        edit = difference(before.text, after.text)
        first = max(bisect_right(starts, edit.start) - 1, 0)
        last = max(bisect_right(starts, edit.end) - 1, 0)
        while first > 0 and segments[first - 1].broken:
            first -= 1
        while last + 1 < len(segments) and segments[last + 1].broken:
            last += 1
        grown = len(edit.text) - (edit.end - edit.start)
        fresh = self._parsed(after, first, last, grown, mend=False)
        if fresh is None:
            # A decorator wants the next segment, an ``else`` the one before.
            wider = max(first - 1, 0), min(last + 1, len(segments) - 1)
            fresh = self._parsed(after, *wider, grown, mend=False)
            if fresh is not None:
                first, last = wider
            else:
                fresh = self._parsed(after, first, last, grown, mend=True)
        assert fresh is not None
        moved = len(after) - len(before)
        if moved:
            for segment in segments[last + 1 :]:
                segment.shift(moved)
        segments[first : last + 1] = fresh
        self._starts = _offsets(segments)

    def _parsed(
        self, after: Lines, first: int, last: int, grown: int, *, mend: bool
    ) -> list[_Segment] | None:
        """The segments that the old ones from `first` to `last` have become; broken ones only to `mend`."""
        start = self._starts[first]
        end = self._starts[last] + len(self._segments[last].text) + grown
        text = after.text[start:end]
        line = after.line_of(start)
        parsed = parse(text)
        if parsed.tree is not None:
            _lower(parsed.tree, line)
            return _segments(text, Lines(text), parsed.tree.body, line, self._min_lines)
        if not mend:
            return None
        recovered = recover(text)
        body: list[ast.stmt] = []
        if recovered is not None:
            _lower(recovered.tree, line)
            body = recovered.tree.body
        segment = _Segment(text, body)
        if recovered is None:
            segment.broken = (Span(0, len(text)),)
            segment.code = "".join(char if char in "\r\n" else " " for char in text)
        else:
            segment.broken, segment.code = recovered.broken, recovered.code
        problem = parsed.problem
        segment.problem = None if problem is None else problem._replace(line=problem.line + line)
        return [segment]

    def _assemble(self) -> Read:
        assert self._lines is not None
        module = ast.Module([], [])
        broken: list[Span] = []
        problem: SyntaxProblem | None = None
        for start, segment in zip(self._starts, self._segments, strict=True):
            module.body += segment.body
            broken += (Span(start + span.start, start + span.end) for span in segment.broken)
            problem = problem or segment.problem
        code = "".join(segment.code for segment in self._segments) if broken else None
        parts = [segment.part for segment in self._segments]
        return Read(Tree.of_parts(module, parts, self._lines, tuple(broken), code), problem)


def _lower(module: ast.Module, lines: int) -> None:
    if lines:
        for node in cast("Iterable[Any]", ast.walk(module)):
            if "lineno" in node._attributes:
                node.lineno += lines
                node.end_lineno += lines


def _segments(
    text: str, lines: Lines, body: list[ast.stmt], line: int, min_lines: int, code: str | None = None
) -> list[_Segment]:
    """A text cut at those of its statements that start a line behind all before; nodes count from `line`."""
    groups: list[list[ast.stmt]] = [[]]
    cuts = [0]
    begun, behind = 0, -1
    for statement in body:
        decorators = getattr(statement, "decorator_list", ())
        first = min((statement.lineno, *(d.lineno for d in decorators))) - 1 - line
        long_enough = groups[-1] and first - begun >= min_lines
        if long_enough and first > behind and not lines.line_text(first - 1).endswith("\\"):
            groups.append([])
            cuts.append(lines.starts[first])
            begun = first
        groups[-1].append(statement)
        behind = max(behind, (statement.end_lineno or 0) - 1 - line)
    found: list[_Segment] = []
    for start, end, group in zip(cuts, [*cuts[1:], len(text)], groups, strict=True):
        segment = _Segment(text[start:end], group)
        if code is not None:
            segment.code = code[start:end]
        found.append(segment)
    return found


def _offsets(segments: list[_Segment]) -> list[int]:
    return [0, *accumulate(len(segment.text) for segment in segments[:-1])]

"""The tree of a text that changes: cut at statements, so that an edit costs what it touches.

Cuts are made at top-level statements, and in long classes at their members. Where every segment parses, the whole
parses too, and to the same tree: each segment is complete in itself and ends its last line, and members stand at their
class's indentation. The opposite does not hold (a decorator and its function may lie in two segments, a string may run
through several), so a text with a broken segment is parsed as a whole once there is time: see `SegmentedTree.settle`.

Nodes are kept from one state of the text to the next and given their new lines in place: only the newest tree counts.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, cast

from django_uplift.syntax.parse import Parsed, SyntaxProblem, parse
from django_uplift.syntax.recover import Recovered, recover
from django_uplift.syntax.tree import Part, Tree
from django_uplift.text.edits import Edit, difference
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
    """Some lines, and the statements that start on them. Spans in `broken` count from the segment's start.

    `owner` is the class whose members they are, `indent` the blanks before each. A class that is cut has a segment
    of its own for what stands before its members, which follow in segments that it owns.
    """

    __slots__ = ("body", "broken", "code", "indent", "owner", "part", "problem", "text")

    def __init__(
        self, text: str, body: list[ast.stmt], owner: ast.ClassDef | None = None, indent: str = ""
    ) -> None:
        self.text = text
        self.code = text
        self.body = body
        self.owner = owner
        self.indent = indent
        self.part = Part(body, text)
        self.broken: tuple[Span, ...] = ()
        self.problem: SyntaxProblem | None = None

    def shift(self, by: int) -> None:
        """Move the nodes, and what is wrong, by some lines."""
        for cls, nodes in self.part.nodes.items():
            if "lineno" in cast("Any", cls)._attributes:
                for node in cast("list[Any]", nodes):
                    node.lineno += by
                    node.end_lineno += by
        if self.problem is not None:
            self.problem = self.problem.moved(by)


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
        self._parsed_before: tuple[str, Parsed] | None = None

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
            _spread(self._segments, recovered.broken, parsed.problem)
        self._read = self._assemble()
        return self._read

    def _cut(self, lines: Lines, module: ast.Module, code: str | None = None) -> None:
        self._segments = _segments(lines.text, lines, module.body, self._min_lines, code)
        self._starts = _offsets(self._segments)

    def _edit(self, before: Lines, after: Lines) -> None:
        """Parse the segments that changed again, and move those behind them."""
        segments, starts = self._segments, self._starts
        edit = difference(before.text, after.text)
        first = max(bisect_right(starts, edit.start) - 1, 0)
        last = max(bisect_right(starts, edit.end) - 1, 0)
        while first > 0 and segments[first - 1].broken and segments[first - 1].owner is segments[first].owner:
            first -= 1
        while (
            last + 1 < len(segments)
            and segments[last + 1].broken
            and segments[last + 1].owner is segments[last].owner
        ):
            last += 1
        grown = len(edit.text) - (edit.end - edit.start)
        owner = segments[first].owner
        line = self._edited_line(before, after, edit, first) if first == last else None
        if line is not None and self._is_as_broken(after, edit, first):
            self._starts = _offsets(segments)
            return
        replaced = None
        if owner is not None and all(segment.owner is owner for segment in segments[first : last + 1]):
            replaced = self._members(after, first, last, grown, line)
        if replaced is None:
            low, high = self._classes(first, last)
            replaced = self._statements(after, low, high, grown, line if low == first else None)
        first, last, fresh = replaced
        moved = len(after) - len(before)
        if moved:
            for segment in segments[last + 1 :]:
                segment.shift(moved)
        segments[first : last + 1] = fresh
        self._starts = _offsets(segments)

    def _edited_line(self, before: Lines, after: Lines, edit: Edit, at: int) -> _Line | None:
        """The line that an edit was made in, if it is one between others of a segment that are code."""
        if _LINE_END.search(edit.text) or _LINE_END.search(before.text, edit.start, edit.end):
            return None
        start = self._starts[at]
        end = start + len(self._segments[at].text) + len(after.text) - len(before.text)
        number = after.line_of(edit.start)
        span = after.line_span(number)
        # Where a decorator or an ``else`` may be, what it belongs to may be in another segment.
        if _CODE.search(after.text, start, span.start) and _CODE.search(after.text, span.end, end):
            return _Line(number, Span(span.start - start, span.end - start), before.line_text(number))
        return None

    def _is_as_broken(self, after: Lines, edit: Edit, at: int) -> bool:
        """Whether an edit in a line that did not parse left it so: the rest of its segment stays as it is."""
        segment, start = self._segments[at], self._starts[at]
        first, last = edit.start - start, edit.end - start
        place = next((span for span in segment.broken if span.start <= first and last <= span.end), None)
        if place is None or segment.code[place.start : place.end].strip(" ") or "\r" in segment.text:
            return False
        if "\n" in segment.text[place.start : place.end]:
            return False
        text = segment.text[:first] + edit.text + segment.text[last:]
        head = "" if segment.owner is None else _CLASS
        parsed = self._parse(head + text)
        if parsed.tree is not None or parsed.problem is None:
            self._parsed_before = head + text, parsed
            return False
        grown = len(edit.text) - (last - first)
        segment.code = segment.code[: place.end] + " " * grown + segment.code[place.end :]
        if grown < 0:
            segment.code = segment.code[: place.end + grown] + segment.code[place.end :]
        segment.broken = tuple(
            Span(span.start + grown * (span.start > place.start), span.end + grown * (span.end >= place.end))
            for span in segment.broken
        )
        segment.text = text
        segment.part.retype(text)
        segment.problem = parsed.problem.moved(after.line_of(start) - bool(head))
        return True

    def _parse(self, text: str) -> Parsed:
        """What a text parses to; once what is known from before."""
        known, self._parsed_before = self._parsed_before, None
        return known[1] if known is not None and known[0] == text else parse(text)

    def _without_line(self, text: str, line: _Line, at: int, head: str) -> Recovered | None:
        """The tree of a broken text without the line that was edited, if that alone was a statement before.

        As `recover`, which has to look for what is broken.
        """
        if not _is_alone(self._segments[at].body, line):
            return None
        start, end = line.span
        code = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        tree = parse(head + code).tree
        span = Span(start + len(head), end + len(head))
        return None if tree is None else Recovered(tree, (span,), head + code)

    def _classes(self, first: int, last: int) -> tuple[int, int]:
        """The segments from `first` to `last`, with all of the classes that they are a part of."""
        segments = self._segments
        while segments[first].owner is not None:
            first -= 1
        while last + 1 < len(segments) and segments[last + 1].owner is not None:
            last += 1
        return first, last

    def _statements(
        self, after: Lines, first: int, last: int, grown: int, edited: _Line | None
    ) -> tuple[int, int, list[_Segment]]:
        """What takes the place of which segments, if those from `first` to `last` were edited."""
        fresh = self._parsed(after, first, last, grown, mend=False, edited=edited)
        if fresh is None:
            # A decorator wants the next segment, an ``else`` the one before.
            wider = self._classes(max(first - 1, 0), min(last + 1, len(self._segments) - 1))
            fresh = self._parsed(after, *wider, grown, mend=False)
            if fresh is not None:
                first, last = wider
            else:
                fresh = self._parsed(after, first, last, grown, mend=True)
        assert fresh is not None
        return first, last, fresh

    def _members(
        self, after: Lines, first: int, last: int, grown: int, edited: _Line | None
    ) -> tuple[int, int, list[_Segment]] | None:
        """As `_statements`, for members of one class; None if what they have become is more than members."""
        segments = self._segments
        owner, indent = segments[first].owner, segments[first].indent
        assert owner is not None
        text, line = self._text(after, first, last, grown)
        parsed = self._parse(_CLASS + text)
        if parsed.tree is not None:
            cut = _cut_members(parsed.tree, text, line, owner, indent, self._min_lines)
            return None if cut is None else (first, last, cut)
        recovered = None if edited is None else self._without_line(text, edited, first, _CLASS)
        if recovered is None:
            low = first - 1 if segments[first - 1].owner is owner else first
            high = last + 1 if last + 1 < len(segments) and segments[last + 1].owner is owner else last
            wider, start = self._text(after, low, high, grown)
            tree = parse(_CLASS + wider).tree
            if tree is not None:
                cut = _cut_members(tree, wider, start, owner, indent, self._min_lines)
                return None if cut is None else (low, high, cut)
            recovered = recover(_CLASS + text)
        problem = None if parsed.problem is None else parsed.problem.moved(line - 1)
        cut = None
        if recovered is not None:
            code = recovered.code[len(_CLASS) :]
            cut = _cut_members(recovered.tree, text, line, owner, indent, self._min_lines, code)
        if cut is not None and recovered is not None:
            _spread(cut, [Span(*(at - len(_CLASS) for at in span)) for span in recovered.broken], problem)
        else:
            cut = [_blank(text, problem, owner, indent)]
        return first, last, cut

    def _text(self, after: Lines, first: int, last: int, grown: int) -> tuple[str, int]:
        """The text that the old segments from `first` to `last` have become, and its first line."""
        start = self._starts[first]
        end = self._starts[last] + len(self._segments[last].text) + grown
        return after.text[start:end], after.line_of(start)

    def _parsed(
        self,
        after: Lines,
        first: int,
        last: int,
        grown: int,
        *,
        mend: bool,
        edited: _Line | None = None,
    ) -> list[_Segment] | None:
        """The segments that the old ones from `first` to `last` have become.

        Broken ones only to `mend`, or where that takes the line away that was edited.
        """
        text, line = self._text(after, first, last, grown)
        parsed = self._parse(text)
        if parsed.tree is not None:
            return _lowered(_segments(text, Lines(text), parsed.tree.body, self._min_lines), line)
        recovered = None if edited is None else self._without_line(text, edited, first, "")
        if recovered is None and not mend:
            return None
        problem = None if parsed.problem is None else parsed.problem.moved(line)
        recovered = recovered or recover(text)
        if recovered is None:
            return [_blank(text, problem)]
        fresh = _segments(text, Lines(text), recovered.tree.body, self._min_lines, recovered.code)
        _spread(_lowered(fresh, line), recovered.broken, problem)
        return fresh

    def _assemble(self) -> Read:
        assert self._lines is not None
        module = ast.Module([], [])
        broken: list[Span] = []
        problem: SyntaxProblem | None = None
        owner: ast.ClassDef | None = None
        for start, segment in zip(self._starts, self._segments, strict=True):
            holder = segment.owner
            if holder is None:
                module.body += segment.body
            else:
                if holder is not owner:
                    owner = holder
                    holder.body = []
                holder.body += segment.body
            if segment.broken:
                broken += (Span(start + span.start, start + span.end) for span in segment.broken)
                problem = problem or segment.problem
        for owner in {segment.owner for segment in self._segments}:
            if owner is not None:
                _close(owner)
        code = "".join(segment.code for segment in self._segments) if broken else None
        parts = [segment.part for segment in self._segments]
        return Read(Tree.of_parts(module, parts, self._lines, tuple(broken), code), problem)


class _Line(NamedTuple):
    """A line in which something was typed: its number in the whole text, its place in its segment, and what it was."""

    number: int
    span: Span
    before: str


def _is_alone(body: list[ast.stmt], line: _Line) -> bool:
    """Whether what stood on a line was one statement, and nothing else but a comment."""
    for statement in body:
        first, last = statement.lineno - 1, (statement.end_lineno or 0) - 1
        if not first <= line.number <= last:
            continue
        if first == last:
            written = line.before.encode("utf-8", "surrogatepass")
            rest = written[statement.end_col_offset :].strip()
            return not written[: statement.col_offset].strip() and (not rest or rest.startswith(b"#"))
        inner: list[list[ast.stmt]] = [getattr(statement, name, []) for name in _BLOCKS]
        inner += (
            part.body for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
        )
        return any(_is_alone(block, line) for block in inner)
    return False


_BLOCKS = ("body", "orelse", "finalbody")
_LINE_END = re.compile(r"[\r\n]")
_CODE = re.compile(r"^[ \t\f]*[^\s#]", re.MULTILINE)
_CLASS = "class _:\n"
"""Stands before members to have them parsed without their class."""


def _lowered(segments: list[_Segment], lines: int) -> list[_Segment]:
    if lines:
        for segment in segments:
            segment.shift(lines)
    return segments


def _blank(
    text: str, problem: SyntaxProblem | None, owner: ast.ClassDef | None = None, indent: str = ""
) -> _Segment:
    """A segment of which nothing can be saved."""
    segment = _Segment(text, [], owner, indent)
    segment.code = "".join(char if char in "\r\n" else " " for char in text)
    segment.broken, segment.problem = (Span(0, len(text)),), problem
    return segment


def _spread(segments: list[_Segment], broken: Iterable[Span], problem: SyntaxProblem | None) -> None:
    """Tell each segment which of the broken ranges are its own; these count from the first segment's start."""
    for at, segment in zip(_offsets(segments), segments, strict=True):
        end = at + len(segment.text)
        segment.broken = tuple(
            Span(span.start - at, span.end - at) for span in broken if at <= span.start < end
        )
        if segment.broken:
            segment.problem = problem


def _close(owner: ast.ClassDef) -> None:
    """Let a class end where its last member does, and be its members' parent."""
    place = cast("Any", owner)
    if not owner.body:
        # Not even a `pass` can be seen: everything in it is broken.
        owner.body = [ast.Pass(lineno=place.lineno, col_offset=place.col_offset)]
        cast("Any", owner.body[0]).end_lineno = place.lineno
        cast("Any", owner.body[0]).end_col_offset = place.col_offset
    for member in owner.body:
        member.parent = owner  # type: ignore[attr-defined]
    last = cast("Any", owner.body[-1])
    place.end_lineno, place.end_col_offset = last.end_lineno, last.end_col_offset


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1


def _may_cut(lines: Lines, line: int, behind: int) -> bool:
    """Whether a statement that starts on a line can begin a segment, if all before it ends on the line `behind`."""
    return line > behind and (line == 0 or not lines.line_text(line - 1).endswith("\\"))


class _Group(NamedTuple):
    """The statements of a segment that is to be, and the line on which it starts."""

    line: int
    body: list[ast.stmt]
    owner: ast.ClassDef | None = None
    indent: str = ""


def _segments(
    text: str, lines: Lines, body: list[ast.stmt], min_lines: int, code: str | None = None
) -> list[_Segment]:
    """A text cut at those of its statements that start a line behind all before."""
    groups = [_Group(0, [])]
    behind = -1
    for index, statement in enumerate(body):
        first = _first_line(statement)
        begins = _may_cut(lines, first, behind)
        last = (statement.end_lineno or 0) - 1
        members: list[_Group] = []
        if isinstance(statement, ast.ClassDef) and last - first >= 3 * min_lines:
            following = body[index + 1] if index + 1 < len(body) else None
            if following is None or _may_cut(lines, _first_line(following), max(behind, last)):
                members = _member_groups(statement, lines, min_lines)
        if groups[-1].body and begins:
            if members or groups[-1].owner is not None or first - groups[-1].line >= min_lines:
                groups.append(_Group(first, []))
        if members and not groups[-1].body:
            groups[-1].body.append(statement)
            groups += members
        else:
            groups[-1].body.append(statement)
        behind = max(behind, last)
    return _of_groups(groups, text, lines, code)


def _of_groups(groups: list[_Group], text: str, lines: Lines, code: str | None) -> list[_Segment]:
    cuts = [0, *(lines.starts[group.line] for group in groups[1:]), len(text)]
    cut_classes = [group.owner for group in groups if group.owner is not None]
    for owner in cut_classes:
        # Its members are others' nodes now; `SegmentedTree` puts them together again.
        owner.body = []
    found: list[_Segment] = []
    for group, (start, end) in zip(groups, pairwise(cuts), strict=True):
        segment = _Segment(text[start:end], group.body, group.owner, group.indent)
        if code is not None:
            segment.code = code[start:end]
        found.append(segment)
    return found


def _member_groups(owner: ast.ClassDef, lines: Lines, min_lines: int) -> list[_Group]:
    """The members of a class as groups; none where its first shares a line with the class."""
    groups: list[_Group] = []
    behind = owner.lineno - 1
    for member in owner.body:
        first = _first_line(member)
        written = lines.line_text(first)
        indent = written[: len(written) - len(written.lstrip(" \t"))]
        begins = len(indent) == member.col_offset and _may_cut(lines, first, behind)
        if not groups:
            if not begins or lines.line_text(first - 1).rstrip().endswith("\\"):
                return []
            groups.append(_Group(first, [], owner, indent))
        elif begins and indent == groups[0].indent and first - groups[-1].line >= min_lines:
            groups.append(_Group(first, [], owner, indent))
        groups[-1].body.append(member)
        behind = max(behind, (member.end_lineno or 0) - 1)
    return groups if len(groups) > 1 else []


def _cut_members(
    module: ast.Module,
    text: str,
    line: int,
    owner: ast.ClassDef,
    indent: str,
    min_lines: int,
    code: str | None = None,
) -> list[_Segment] | None:
    """The segments of members that were parsed behind `_CLASS`; None if they are not what a class body can hold there.

    `line` is the line of the whole text on which `text` starts.
    """
    if len(module.body) != 1 or not isinstance(module.body[0], ast.ClassDef):
        return None
    stand_in = module.body[0]
    if stand_in.lineno != 1:
        # The stand-in did not outlive the mending: this is a class of the text, which ends the one that is cut.
        return None
    lines = Lines(_CLASS + text)
    written = lines.line_text(_first_line(stand_in.body[0]))
    if not written.startswith(indent) or stand_in.body[0].col_offset != len(indent):
        return None
    groups = [_Group(0, [], owner, indent)]
    behind = 0
    for member in stand_in.body:
        first = _first_line(member)
        if groups[-1].body and first - groups[-1].line >= min_lines and _may_cut(lines, first, behind):
            groups.append(_Group(first, [], owner, indent))
        groups[-1].body.append(member)
        behind = max(behind, (member.end_lineno or 0) - 1)
    moved = [group._replace(line=max(group.line - 1, 0)) for group in groups]
    members = owner.body
    found = _of_groups(moved, text, Lines(text), code)
    owner.body = members
    return _lowered(found, line - 1)


def _offsets(segments: list[_Segment]) -> list[int]:
    return [0, *accumulate(len(segment.text) for segment in segments[:-1])]

"""Positions of one text: offsets to lines and columns, in every unit that a border asks for.

Inside the engine a position is an offset in characters. ``ast`` counts columns in UTF-8 bytes and editors in
UTF-8, UTF-16 or UTF-32 units; this module is the only one that converts.

Lines end at LF, CRLF and CR alone, as in Python's tokenizer and in LSP: ``str.splitlines`` would
also break at form feeds, U+0085, U+2028 and shift every position behind them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, NamedTuple

PositionEncoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of one text, in characters."""

    start: int
    end: int


class Lines:
    """The line starts of one text.

    Lines and columns are 0-based here; borders that count from 1 add it themselves.
    """

    __slots__ = ("_ascii", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        if "\r" in text:
            self.starts = [0, *(m.end() for m in _LINE_END.finditer(text))]
        else:
            starts = [0]
            find = text.find
            at = find("\n") + 1
            while at:
                starts.append(at)
                at = find("\n", at) + 1
            self.starts = starts

    def after(self, start: int, end: int, new: str, text: str) -> Lines:
        """The lines of `text`, which is this one with the characters from `start` to `end` replaced by `new`."""
        if "\r" in text or "\r" in self.text:
            return Lines(text)
        lines = Lines.__new__(Lines)
        lines.text = text
        lines._ascii = text.isascii()
        moved = len(new) - (end - start)
        kept, gone = bisect_right(self.starts, start), bisect_right(self.starts, end)
        lines.starts = self.starts[:kept]
        lines.starts += (start + match.end() for match in _LINE_END.finditer(new))
        lines.starts += [at + moved for at in self.starts[gone:]] if moved else self.starts[gone:]
        return lines

    def __len__(self) -> int:
        return len(self.starts)

    def line_of(self, offset: int) -> int:
        """The line that holds the character at `offset`."""
        return bisect_right(self.starts, offset) - 1

    def line_span(self, line: int) -> Span:
        """The line without its line end."""
        start = self.starts[line]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        text = self.text
        if end > start and text[end - 1] == "\n":
            end -= 1
            if end > start and text[end - 1] == "\r":
                end -= 1
        elif end > start and text[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """The line without its line end."""
        start, end = self.line_span(line)
        return self.text[start:end]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in characters."""
        line = self.line_of(offset)
        return line, offset - self.starts[line]

    def from_ast(self, lineno: int, col_offset: int) -> int:
        """Offset of an ``ast`` position: line from 1, column in UTF-8 bytes."""
        start = self.starts[lineno - 1]
        if self._ascii:
            return start + col_offset
        line, end = self.text[start : start + col_offset], start + col_offset
        if line.isascii():
            return end
        raw = self.text[start : start + col_offset].encode("utf-8", "surrogatepass")[:col_offset]
        return start + len(raw.decode("utf-8", "surrogatepass"))

    def to_units(self, offset: int, encoding: PositionEncoding) -> tuple[int, int]:
        """Line and column of `offset`, the column in units of `encoding`."""
        line, column = self.position(offset)
        if self._ascii or encoding == "utf-32":
            return line, column
        start = self.starts[line]
        return line, _units(self.text[start : start + column], encoding)

    def from_units(self, line: int, column: int, encoding: PositionEncoding) -> int:
        """Offset of a line and a column in units of `encoding`.

        Positions outside the text are moved to the nearest one inside it (LSP 3.17, Position: a column behind
        the line's end is the line's end); one inside a character goes to the character's start.
        """
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start, end = self.line_span(line)
        column = max(column, 0)
        if self._ascii or encoding == "utf-32":
            return min(start + column, end)
        width, at = 0, start
        for char in self.text[start:end]:
            width += _units(char, encoding)
            if width > column:
                break
            at += 1
        return at


def _units(text: str, encoding: PositionEncoding) -> int:
    if text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

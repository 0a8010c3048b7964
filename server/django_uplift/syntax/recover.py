"""Trees of broken code: what does not parse is blanked out, statement by statement, and the rest keeps its place.

Code being typed is broken most of the time, and code may use syntax that the running interpreter does not know. One
bad statement must not hide what the other thousand say.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import NamedTuple

from django_uplift.text.lines import Lines, Span

# A statement can't start with these: they belong to the one before.
_CONTINUES = re.compile(r"[ \t]*(?:(?:else|elif|except|finally)\b|[)\]}])")
_CLOSES = re.compile(r"[ \t]*[)\]}]")
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
_BLANK = re.compile(r"[ \t\f]*(?:#.*)?$")
_TRIPLE = re.compile(r"'''|\"\"\"")
_MAX_STATEMENTS = 20_000


class Recovered(NamedTuple):
    """A tree whose positions are those of the whole text, and the ranges that it leaves out."""

    tree: ast.Module
    broken: tuple[Span, ...]
    code: str
    """The text with the broken ranges blanked: what `tree` was parsed from."""


def recover(text: str) -> Recovered | None:
    """The tree of what parses in `text`; None if nothing can be saved."""
    if "\0" in text:
        return None
    lines = Lines(text)
    block = _Block(lines)
    kept = block.mend(0, len(lines), "")
    if not block.broken:
        return None
    blanked = "".join(kept)
    tree = _parse(blanked)
    if tree is None:
        return None
    broken = tuple(Span(lines.starts[a], lines.line_span(b - 1).end) for a, b in block.broken)
    return Recovered(tree, broken, blanked)


class _Block:
    """The work on one text. `broken` collects line ranges, half-open."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.raw = [
            lines.text[start:end]
            for start, end in zip(lines.starts, [*lines.starts[1:], len(lines.text)], strict=True)
        ]
        self.broken: list[tuple[int, int]] = []
        self.budget = _MAX_STATEMENTS

    def mend(self, first: int, last: int, indent: str) -> list[str]:
        """The lines from `first` to `last`, those of broken statements blanked."""
        result: list[str] = []
        at = first
        while at < last:
            end = self._statement_end(at, last, indent)
            self.budget -= 1
            closer = next((i for i in range(at + 1, end) if _CLOSES.match(self.raw[i])), None)
            if closer is not None and not self._parses(at, end, indent) and self._parses(at, closer, indent):
                end = closer
            if self.budget < 0 or self._parses(at, end, indent):
                result += self.raw[at:end]
                at = end
                continue
            longer = self._through_string(at, end, last, indent)
            if longer is not None:
                result += self.raw[at:longer]
                at = longer
                continue
            result += self._mend_statement(at, end, indent)
            at = end
        return result

    def _statement_end(self, at: int, last: int, indent: str) -> int:
        """Where the statement that starts at line `at` ends, by indentation alone."""
        end = at + 1
        decorated = self.raw[at].lstrip().startswith("@")
        while end < last:
            line = self.raw[end].rstrip("\r\n")
            if not _BLANK.match(line) and not line.startswith((indent + " ", indent + "\t")):
                if not _CONTINUES.match(line) and not decorated:
                    break
                decorated = line.lstrip().startswith("@")
            end += 1
        # Blank lines and comments behind the statement are not its own.
        while end - 1 > at and _BLANK.match(self.raw[end - 1].rstrip("\r\n")):
            end -= 1
        return end

    def _parses(self, first: int, last: int, indent: str) -> bool:
        code = "".join(self.raw[first:last])
        return _is_code(f"if 1:\n{code}" if indent else code) or not code.strip()

    def _through_string(self, first: int, end: int, last: int, indent: str) -> int | None:
        """The end of a statement whose triple-quoted string holds lines that look like statements."""
        code = "".join(self.raw[first:end])
        if len(_TRIPLE.findall(code)) % 2 == 0:
            return None
        for at in range(end, min(last, end + 2000)):
            if _TRIPLE.search(self.raw[at]):
                longer = self._statement_end(at, last, indent)
                return longer if self._parses(first, longer, indent) else None
        return None

    def _mend_statement(self, first: int, end: int, indent: str) -> list[str]:
        """A broken statement: a compound one keeps what parses in its blocks, any other is blanked."""
        mark = len(self.broken)
        result: list[str] = []
        for start, stop in self._clauses(first, end, indent):
            header = self._header_end(start, stop)
            inner = self._inner_indent(header, stop, indent) if header is not None else None
            if header is None or inner is None:
                result += self.raw[start:stop]
                continue
            before = len(self.broken)
            body = self.mend(header, stop, inner)
            if len(self.broken) > before and not "".join(body).strip():
                body = _with_statement(body, inner)
            result += [*self.raw[start:header], *body]
        code = "".join(result)
        if len(self.broken) > mark and _parse(f"if 1:\n{code}" if indent else code) is not None:
            return result
        del self.broken[mark:]
        self.broken.append((first, end))
        return [_blanked(line) for line in self.raw[first:end]]

    def _clauses(self, first: int, end: int, indent: str) -> list[tuple[int, int]]:
        """The parts of a compound statement: ``if`` and ``else``, ``try`` and its handlers."""
        starts = [first]
        starts += [
            at
            for at in range(first + 1, end)
            if self.raw[at].startswith(indent) and _CLAUSE.match(self.raw[at], len(indent))
        ]
        return list(zip(starts, [*starts[1:], end], strict=True))

    def _header_end(self, first: int, end: int) -> int | None:
        """The line behind the one that ends a compound statement's header."""
        for at in range(first, min(end, first + 60)):
            line = self.raw[at].rstrip("\r\n")
            if re.search(r":[ \t]*(?:#.*)?$", line):
                return at + 1
        return None

    def _inner_indent(self, header: int, end: int, indent: str) -> str | None:
        for at in range(header, end):
            line = self.raw[at].rstrip("\r\n")
            if not _BLANK.match(line):
                inner = line[: len(line) - len(line.lstrip(" \t"))]
                return inner if len(inner) > len(indent) and inner.startswith(indent) else None
        return None


_BINDS = re.compile(
    r"(?:\b(?:def|class|import|as|for|global|nonlocal|del)|,)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)\s*(?::[^=\n]*)?=(?!=)"
)


def identifiers_bound(code: str) -> frozenset[str]:
    """Identifiers that broken code may give a meaning to: nobody can tell what they stand for."""
    return frozenset(first or second for first, second in _BINDS.findall(code))


def _blanked(line: str) -> str:
    body = line.rstrip("\r\n")
    return " " * len(body) + line[len(body) :]


def _with_statement(body: list[str], indent: str) -> list[str]:
    """An empty block with an expression statement in it, as short as can be."""
    for index, line in enumerate(body):
        text = line.rstrip("\r\n")
        if len(text) > len(indent):
            return [*body[:index], (indent + "0").ljust(len(text)) + line[len(text) :], *body[index + 1 :]]
    return body


def _is_code(code: str) -> bool:
    return (_is_short_code if len(code) < _SHORT else _is_any_code)(code)


def _is_any_code(code: str) -> bool:
    return _parse(code) is not None


# Somebody who types leaves most statements around as they are.
_SHORT = 4000
_is_short_code = lru_cache(maxsize=500)(_is_any_code)


def _parse(code: str) -> ast.Module | None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

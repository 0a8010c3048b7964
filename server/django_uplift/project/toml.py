"""TOML, with the lines that things stand at: the standard library's parser forgets them."""

from __future__ import annotations

import importlib
import re
from typing import Any


class TomlError(ValueError):
    """A file is no TOML. `line` is the one at fault, from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line, self.message = line, message


def parse_toml(data: bytes) -> tuple[str, dict[str, Any]]:
    """A TOML file's text and content. Raises `TomlError`.

    A byte order mark is let pass, although TOML has none: Windows editors write it.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TomlError(1, "it is UTF-16, but TOML must be UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TomlError(line, "there are bytes that are not UTF-8, which TOML must be") from None
    tomllib = _tomllib()
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error)) from None
    except RecursionError:
        raise TomlError(1, "it is nested too deeply to be read") from None


def _tomllib() -> Any:
    try:
        return importlib.import_module("tomllib")
    except ImportError:  # Before Python 3.11.
        return importlib.import_module("tomli")


def _syntax_error(text: str, message: str) -> TomlError:
    match = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if match is None:
        return TomlError(1, f"invalid TOML: {message}")
    line = int(match[1]) if match[1] else text.rstrip().count("\n") + 1
    end = "" if match[1] else " at the end of the file"
    return TomlError(line, f"invalid TOML: {message[: match.start()]}{end}")


def toml_lines(text: str) -> dict[tuple[str | int, ...], int]:
    """The line, from 1, of every key and list item of a valid TOML document.

    Keys are paths into the parsed document: ``("tool", "django-uplift", "select", 0)``. A table stands where
    its first header or dotted key does.
    """
    try:
        return _Scanner(text).document()
    except RecursionError:
        return {}


# Patterns stay text until they are used: most runs need few of them, and compiling them all takes 10 ms.
_BARE = r"[A-Za-z0-9_-]+"
_BLANK = r"[ \t]*"
_SKIP = r"(?:[ \t\r\n]+|#[^\n]*)*"
_SCALAR = r"[^,\]}#\n]*"
_ESCAPE = r"\\(?:(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2})|(.))"
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}

_STRINGS = (
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}',
    r"'''(?:[^']|'{1,2}(?!'))*'{3,5}",
    r'"(?:[^"\\]|\\.)*"',
    r"'[^']*'",
)


class _Scanner:
    """Walks over a document that tomllib has accepted, and notes where things stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[tuple[str | int, ...], int] = {}
        self.arrays: dict[tuple[str | int, ...], int] = {}

    def document(self) -> dict[tuple[str | int, ...], int]:
        table: tuple[str | int, ...] = ()
        while True:
            self.skip(_SKIP)
            if self.at >= len(self.text):
                break
            before = self.at
            if self.text.startswith("[[", self.at):
                self.at += 2
                table = self.key((), array=True)
                self.at += 2
            elif self.text[self.at] == "[":
                self.at += 1
                table = self.key(())
                self.at += 1
            else:
                self.pair(table)
            if self.at == before:  # Not TOML after all: stop rather than turn forever.
                break
        lines: dict[tuple[str | int, ...], int] = {}
        line, last = 1, 0
        for key, offset in sorted(self.offsets.items(), key=lambda item: item[1]):
            line += self.text.count("\n", last, offset)
            last = offset
            lines[key] = line
        return lines

    def skip(self, pattern: str) -> None:
        match = re.compile(pattern).match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def note(self, path: tuple[str | int, ...], offset: int) -> None:
        self.offsets.setdefault(path, offset)

    def key(self, path: tuple[str | int, ...], *, array: bool = False) -> tuple[str | int, ...]:
        """Read a dotted key; its path below `path`, where a list of tables stands for its last item."""
        while True:
            self.skip(_BLANK)
            start = self.at
            path = (*path, self.part())
            self.note(path, start)
            self.skip(_BLANK)
            more = self.text.startswith(".", self.at)
            if more:
                self.at += 1
            elif array:
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self.note(path, start)
            if not more:
                return path

    def part(self) -> str:
        char = self.text[self.at : self.at + 1]
        if char in ('"', "'"):
            return self.string()
        start = self.at
        self.skip(_BARE)
        return self.text[start : self.at]

    def string(self) -> str:
        """Read a string; its value if it has one line, as those in keys do."""
        for pattern in _STRINGS:
            if match := re.compile(pattern, re.DOTALL).match(self.text, self.at):
                self.at = match.end()
                quoted = match[0]
                return quoted[1:-1] if quoted[0] == "'" else re.sub(_ESCAPE, _unescape, quoted[1:-1])
        self.at = len(self.text)
        return ""

    def pair(self, path: tuple[str | int, ...]) -> None:
        path = self.key(path)
        self.skip(_BLANK)
        self.at += self.text.startswith("=", self.at)
        self.value(path)

    def value(self, path: tuple[str | int, ...]) -> None:
        self.skip(_BLANK)
        char = self.text[self.at : self.at + 1]
        if char in ('"', "'"):
            self.string()
        elif char == "[":
            self.items(path, "]")
        elif char == "{":
            self.items(path, "}")
        else:
            self.skip(_SCALAR)

    def items(self, path: tuple[str | int, ...], close: str) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_SKIP)
            if self.at >= len(self.text):
                return
            if self.text[self.at] == close:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            before = self.at
            if close == "]":
                self.note((*path, index), self.at)
                self.value((*path, index))
                index += 1
            else:
                self.pair(path)
            if self.at == before:
                self.at = len(self.text)


def _unescape(match: re.Match[str]) -> str:
    code, char = match[1], match[2]
    return chr(int(code[1:], 16)) if code else _ESCAPES.get(char, char)

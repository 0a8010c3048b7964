"""What a file's import statements say, told of its bytes without parsing them.

Errs towards too much, as `glimpse` does: prose that looks like an import counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import NamedTuple

# A pattern that starts with plain characters is found fast; what stands before is looked at afterwards.
_IMPORT = re.compile(
    rb"import(?!\w)(?:[ \t\f]|\\\r?\n?)*(\((?:[^)#]+|#[^\r\n]*)*|(?:[^\r\n\\#;]+|\\(?:\r\n?|\n)?)*)"
)
_FROM = re.compile(rb"(?<![\w.])from[\s\\]*([.\w][.\w\s\\]*)\Z")
_COMMENT = re.compile(rb"#[^\r\n]*")
_WORD = re.compile(rb"\w+")
_BLANKS = re.compile(rb"[\s\\]+")


class Import(NamedTuple):
    """One statement: the module behind ``from`` (empty without one), and what stands behind ``import`` but comments."""

    module: bytes
    text: bytes


class Imports:
    """The import statements of a file."""

    def __init__(self, data: bytes) -> None:
        found = []
        for match in _IMPORT.finditer(data):
            at = match.start()
            before = data[at - 1 : at]
            if not before.isalnum() and before != b"_":
                text = match[1]
                found.append(Import(_module(data, at), _COMMENT.sub(b"", text) if b"#" in text else text))
        self.statements = tuple(found)

    @cached_property
    def has_star(self) -> bool:
        """Whether one of them imports everything."""
        return any(b"*" in statement.text for statement in self.statements)

    @cached_property
    def _modules(self) -> dict[bytes, set[bytes]]:
        found: dict[bytes, set[bytes]] = {}
        for module, text in self.statements:
            for word in _WORD.findall(text):
                found.setdefault(word, set()).add(module)
        return found

    def modules_of(self, word: bytes) -> Collection[bytes]:
        """The modules out of which a word is imported, an alias too; the empty one stands for a plain import."""
        return self._modules.get(word, ())


@lru_cache(maxsize=2)
def imports_of(data: bytes) -> Imports:
    """The import statements of a file, remembered for as long as that file is the one that is asked about."""
    return Imports(data)


def _module(data: bytes, at: int) -> bytes:
    """The module of a ``from`` before an ``import`` at an offset, without the blanks that may stand in it."""
    start = _line_start(data, at)
    if data[start : start + 5] == b"from " and data[at - 1 : at] == b" ":
        module = data[start + 5 : at - 1]
        if not _BLANKS.search(module):
            return module
    while start > 1 and data[start - 2 : start - 1] == b"\\":
        start = _line_start(data, start - 2)
    line = data[start:at]
    if b"from" not in line:
        return b""
    match = _FROM.search(line)
    return b"" if match is None else _BLANKS.sub(b"", match[1])


def _line_start(data: bytes, at: int) -> int:
    start = data.rfind(b"\n", 0, at) + 1
    return max(start, data.rfind(b"\r", start, at - 1) + 1)

"""Which accessors a file's models may put on other models, told from its bytes: what need not be parsed to say no."""

from __future__ import annotations

import re
from typing import NamedTuple

# It starts with plain characters, so that it is found fast; a word that ends so brings a name too many.
_CLASS = re.compile(rb"class(?:[ \t\f]|\\\r?\n)+([\w\x80-\xff]+)")
_GIVEN = re.compile(rb"\brelated_name\b\s*=(?!=)\s*")
_PLAIN = re.compile(rb"""[uU]?(?:"([^"'\\\r\n]*)"|'([^"'\\\r\n]*)')\s*[,)]""")
_DEFAULT = re.compile(rb"""default_related_name\s*=\s*[uU]?["']([^"'\\\r\n]*)["']""")
_NO_STRING = re.compile(rb"[A-Za-z_][\w.]*\s*[,)]")
_PLACEHOLDER = re.compile(r"%\\\((?:class|app_label|model_name)\\\)s")
_SUFFIX = "_set"


class Accessors(NamedTuple):
    """What relations that lead back may be called because of one file; it errs towards yes."""

    names: frozenset[str] = frozenset()
    """The values of `related_name`, and its classes' names in lower case."""
    patterns: tuple[re.Pattern[str], ...] = ()
    """The values of `related_name` with places for the names of the class and the app."""
    is_open: bool = False
    """Whether a `related_name` stands there that can't be told without parsing."""

    def may_give(self, name: str) -> bool:
        """Whether a class here, or a relation of one, may be behind an accessor `name`."""
        return (
            self.is_open
            or name in self.names
            or (name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX) in self.names)
            or any(pattern.fullmatch(name) is not None for pattern in self.patterns)
        )


def _take(given: str, names: set[str], patterns: set[str]) -> None:
    if "%" in given:
        patterns.add(_PLACEHOLDER.sub(r"\\w*", re.escape(given)))
    else:
        names.add(given)


def accessors(data: bytes) -> Accessors:
    """The accessors that a file's classes and relations may make."""
    names = {name.decode("utf-8", "replace").lower() for name in _CLASS.findall(data)}
    patterns: set[str] = set()
    is_open = False
    for default in _DEFAULT.findall(data) if b"default_related_name" in data else ():
        _take(default.decode("utf-8", "replace"), names, patterns)
    for match in _GIVEN.finditer(data) if b"related_name" in data else ():
        plain = _PLAIN.match(data, match.end())
        if plain is None:
            # A name's value is looked up nowhere: the accessor is called as if none were given.
            is_open = is_open or _NO_STRING.match(data, match.end()) is None
            continue
        _take((plain[1] or plain[2] or b"").decode("utf-8", "replace"), names, patterns)
    return Accessors(frozenset(names), tuple(map(re.compile, sorted(patterns))), is_open)

"""What can be told of a file's bytes without parsing it: where a word is called or defined, and with which arguments.

A file that no rule can find anything in need not be parsed. Everything here errs towards "it may be": strings and
comments count as code, and what can't be told is None.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from django_uplift.syntax.imported import imports_of
from django_uplift.syntax.parse import parse

# A comment is taken whole, with its line's end: left to choose, the engine would try every way of cutting it.
_GAP = rb"[\s\\]*(?:#[^\r\n]*[\r\n][\s\\]*)*"
_OPENING = re.compile(_GAP + rb"\(")
_AN_ASSIGNMENT = re.compile(rb"=[^=]*\Z")
_LINES = re.compile(rb"[\r\n]")
_LOOK_BACK = 2_000
"""Bytes of a line that are looked at: nobody writes longer ones by hand."""
_LOOK_AHEAD = 20_000
_BRACKETS_AND_STRINGS = re.compile(
    rb"""[()\[\]{}]|#[^\r\n]*|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"""
    rb"""|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'""",
    re.DOTALL,
)


@cache
def _whole(word: bytes) -> re.Pattern[bytes]:
    # What stands before it is looked at afterwards: a pattern that starts with plain characters is found fast.
    return re.compile(re.escape(word) + rb"\b")


def _occurrences(word: bytes, data: bytes) -> Iterator[tuple[int, int]]:
    for match in _whole(word).finditer(data):
        start, end = match.span()
        if _starts_word(data, start):
            yield start, end


def occurs(word: bytes, data: bytes) -> bool:
    """Whether a word stands in a file."""
    return next(_occurrences(word, data), None) is not None


def _line_before(data: bytes, at: int) -> bytes:
    first = max(at - _LOOK_BACK, 0)
    line = data[max(data.rfind(b"\n", first, at) + 1, first) : at]
    return line.rpartition(b"\r")[2]


def _follows_dot(data: bytes, at: int) -> bool:
    before = data[at - 1 : at]
    if before == b".":
        return True
    if before and before not in b" \t\f\v\r\n\\":
        return False
    before = data[max(at - _LOOK_BACK, 0) : at].rstrip(b" \t\f\v\r\n\\")
    return before.endswith(b".") or b"#" in _LINES.split(before)[-1]


@cache
def _opened(word: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(word) + _GAP + rb"\(")


@cache
def _renaming(word: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(word) + rb"(?!\w)(?:" + _GAP + rb"(as\b)|[ \t)]*(?:[\r\n#;]|\Z))")


def called_on_something(method: bytes, data: bytes) -> bool:
    """Whether ``x.method(`` stands in a file, however it is laid out."""
    return any(_follows_dot(data, match.start()) for match in _opened(method).finditer(data))


def called(name: bytes, data: bytes) -> bool:
    """Whether ``name(`` stands in a file, or something that gives the callable another name."""
    return any(_starts_word(data, match.start()) for match in _opened(name).finditer(data)) or renamed(
        name, data
    )


def renamed(name: bytes, data: bytes) -> bool:
    """Whether something gives what is called `name` another name: an import's ``as``, or an assignment."""
    return any(
        _starts_word(data, match.start())
        and (match[1] is not None or _AN_ASSIGNMENT.search(_line_before(data, match.start())) is not None)
        for match in _renaming(name).finditer(data)
    )


def _starts_word(data: bytes, at: int) -> bool:
    before = data[at - 1 : at]
    return not (before.isalnum() or before == b"_")


def refers(word: bytes, modules: Iterable[bytes], data: bytes) -> bool:
    """Whether `word` may be taken from one of some modules: by an import, or as an attribute of one."""
    imports = imports_of(data)
    if imports.has_star:
        return True
    modules = tuple(modules)
    roots = (b".", *(module.partition(b".")[0] for module in modules))
    if any(module.startswith(roots) for module in imports.modules_of(word)):
        return True
    chains: set[bytes] = set()
    for start, _ in _occurrences(word, data):
        if data[start - 1 : start] != b".":
            if _follows_dot(data, start):
                return True
            continue
        chain = _CHAIN.search(data[max(start - 1 - _LONGEST_CHAIN, 0) : start - 1])
        if chain is not None:
            chains.add(chain[0])
        elif data[start - 2 : start - 1].isspace():
            # Behind brackets stands no module; behind a line's end it may.
            return True
    return any(_may_be_module(chain, modules, data) for chain in chains)


def _may_be_module(chain: bytes, modules: Iterable[bytes], data: bytes) -> bool:
    root, _, rest = chain.partition(b".")
    ends = [module for module in modules if not rest or module.endswith(b"." + rest)]
    return any(module == chain or module.endswith(b"." + chain) for module in modules) or (
        bool(ends) and _binds(root).search(data) is not None
    )


_CHAIN = re.compile(rb"[A-Za-z_][\w.]*\Z")
_LONGEST_CHAIN = 200


@lru_cache(maxsize=1024)
def _binds(identifier: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"as[\s\\]+%s\b|%s\b[ \t]*(?::[^=\r\n]*)?:?=(?!=)" % (identifier, identifier))


def calls(name: bytes, data: bytes) -> Iterator[ast.Call | None]:
    """The calls written ``name(...)`` or ``x.name(...)``, without what is called; None for each that can't be read."""
    for start, end in _occurrences(name, data):
        opening = _OPENING.match(data, end)
        if opening is None or _line_before(data, start).rstrip(b" \t").endswith((b"def", b"class")):
            continue
        module = _parsed(b"f", data, opening.end() - 1)
        statement = module.body[0] if module is not None and len(module.body) == 1 else None
        call = statement.value if isinstance(statement, ast.Expr) else None
        yield call if isinstance(call, ast.Call) else None


def signatures(name: bytes, data: bytes) -> Iterator[ast.arguments | None]:
    """The parameters of the functions ``def name(...)``; None for each that can't be read."""
    for start, end in _occurrences(name, data):
        if not data[max(start - _LOOK_BACK, 0) : start].rstrip(b" \t\f\r\n\\").endswith(b"def"):
            continue
        opening = _OPENING.match(data, end)
        module = None if opening is None else _parsed(b"def f", data, opening.end() - 1, b": pass")
        function = module.body[0] if module is not None and len(module.body) == 1 else None
        yield function.args if isinstance(function, ast.FunctionDef) else None


@lru_cache(maxsize=2)
def code(data: bytes) -> bytes:
    """A file's bytes without its comments and without what stands in plain strings. Of f-strings nothing is left out.

    All of it where f-strings nest in ways that can't be told without parsing.
    """
    try:
        return _COMMENTS_AND_STRINGS.sub(_emptied, data)
    except _NestedStrings:
        return data


class _NestedStrings(Exception):
    """An f-string holds strings with its own quotes, which Python has from 3.12 on."""


def _emptied(match: re.Match[bytes]) -> bytes:
    text, at = match[0], match.start()
    if text[:1] == b"#":
        return b""
    if _FORMATTED.search(match.string[max(at - 3, 0) : at]) is None:
        return b'""'
    if text.count(b"{") != text.count(b"}"):
        raise _NestedStrings
    return text


_FORMATTED = re.compile(rb"(?:^|\W)[rR]?[fFtT][rR]?\Z")
_COMMENTS_AND_STRINGS = re.compile(
    rb"""#[^\r\n]*|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"""
    rb"""|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'""",
    re.DOTALL,
)


def _parsed(before: bytes, data: bytes, opening: int, behind: bytes = b"") -> ast.Module | None:
    """What stands in the brackets that open at a place, with something around it, as a module."""
    depth = 0
    for match in _BRACKETS_AND_STRINGS.finditer(data, opening, opening + _LOOK_AHEAD):
        token = match[0]
        if token in b"([{":
            depth += 1
        elif token in b")]}":
            depth -= 1
            if depth == 0:
                return _module(before + data[opening : match.end()] + behind)
    return None


@lru_cache(maxsize=2_000)
def _module(text: bytes) -> ast.Module | None:
    # Remembered for files that are typed in, of which nearly all stays as it is.
    return parse(text.decode("utf-8", "replace")).tree

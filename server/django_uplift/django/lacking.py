"""What a file takes from Django and a release does not have: found in its bytes, and then in its tree.

Most files take nothing that is missing, and their bytes tell: only the others are parsed. Names with a
leading underscore, names that a module makes at run time, and code that runs on some Djangos only are left
alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from django_uplift.django.names_table import NamesTable, Presence, names_table
from django_uplift.django.releases import Release
from django_uplift.names.guards import guard_of, in_type_checking
from django_uplift.names.module import ModuleNames
from django_uplift.syntax.glimpse import code
from django_uplift.syntax.imported import imports_of
from django_uplift.syntax.tree import Tree, ancestors, parent


class Lack(Enum):
    """Why a release does not have a name."""

    NEWER = "a later release brings it"
    DROPPED = "an earlier release had it last"
    UNKNOWN = "no release has it"


class Lacking(NamedTuple):
    """A place that takes what is not there.

    `name` is the dotted name up to the first part that is missing. `node` is an import's alias, the whole
    import where its module is missing, an attribute access, or a string literal.
    """

    node: ast.alias | ast.ImportFrom | ast.Attribute | ast.Constant
    name: str
    lack: Lack
    presence: Presence | None


def judge(name: str, release: Release, table: NamesTable) -> tuple[str, Lack, Presence | None] | None:
    """What of a dotted name under ``django.`` is missing first, and why; None where nothing is, or who knows.

    What is behind a member of a module (``models.Model.objects``) is not asked for.
    """
    parts = name.split(".")
    for end in range(2, len(parts) + 1):
        module, part = ".".join(parts[: end - 1]), parts[end - 1]
        if ".".join(parts[:end]).encode() in table.modules(release):
            continue
        members = table.members(module, release)
        if members is None or part.startswith("_") or part.encode() in members:
            return None
        if table.is_dynamic(module, release):
            return None
        missing = f"{module}.{part}"
        presence = table.presence(missing)
        if presence is None:
            return missing, Lack.UNKNOWN, None
        newer = presence.next_after(release) is not None
        return missing, Lack.NEWER if newer else Lack.DROPPED, presence
    return None


# Bytes

_GAP = rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_IMPORTED = re.compile(rb"(\w+)(?:[\s\\]+as[\s\\]+(\w+))?")
_RENAMED = re.compile(rb"(django(?:\.\w+)+)[ \t]+as[ \t]+(\w+)")
_DOTTED = re.compile(rb"django(?:\.\w+)+")
_QUOTED = re.compile(rb"""['"](django(?:\.\w+)*\.[A-Z]\w*)['"]""")


@lru_cache(maxsize=1)
def may_lack(data: bytes, release: Release) -> frozenset[Lack]:
    """What kinds of lack the bytes of a file can hold; the tree decides. Errs towards too many."""
    table = names_table()
    if b"django" not in data or not table.covers(release) or not _may_lack(data, release):
        return frozenset()
    # Prose speaks of much that isn't there.
    found = _may_lack(code(data), release)
    for name in set(_QUOTED.findall(data)):
        if _judge_bytes(name, release) is not Lack.UNKNOWN:
            _add(found, name, release)
    return frozenset(found)


def _may_lack(data: bytes, release: Release) -> set[Lack]:
    table = names_table()
    found: set[Lack] = set()
    modules = table.modules(release)
    local: dict[bytes, bytes] = {}
    for module, text in imports_of(data).statements:
        if not module:
            if text.startswith(b"django.") and (renamed := _RENAMED.match(text)):
                local[renamed[2]] = renamed[1]
            continue
        if module != b"django" and not module.startswith(b"django."):
            continue
        members = table.members(module.decode(), release)
        if members is None:
            _add(found, module, release)
            continue
        for name, alias in _IMPORTED.findall(text):
            full = b"%s.%s" % (module, name)
            if full in modules:
                local[alias or name] = full
            elif name not in members:
                _add(found, full, release)
    spelled_out = b"import django" in data
    for name in set(_DOTTED.findall(data)):
        if name not in modules and (spelled_out or name.rpartition(b".")[2][:1].isupper()):
            _add(found, name, release)
    for identifier, module in local.items():
        members = table.members(module.decode(), release) or frozenset()
        for name in _attributes(data, identifier):
            if name not in members and b"%s.%s" % (module, name) not in modules:
                _add(found, b"%s.%s" % (module, name), release)
    return found


def _add(found: set[Lack], name: bytes, release: Release) -> None:
    if len(found) < len(Lack) and (judged := _judge_bytes(name, release)) is not None:
        found.add(judged)


@lru_cache(maxsize=4096)
def _judge_bytes(name: bytes, release: Release) -> Lack | None:
    judged = judge(name.decode(), release, names_table())
    return None if judged is None else judged[1]


_WORD = re.compile(rb"\w+")


@lru_cache(maxsize=1024)
def _attribute_of(identifier: bytes) -> re.Pattern[bytes]:
    # No lookbehind: a pattern that starts with plain characters is searched for ten times as fast.
    return re.compile(re.escape(identifier) + rb"[\s\\]*\." + _GAP + rb"(\w+)")


def _attributes(data: bytes, identifier: bytes) -> set[bytes]:
    """The attributes that are asked of a name; those of strings and comments among them."""
    found = set()
    for match in _attribute_of(identifier).finditer(data):
        before = data[match.start() - 1 : match.start()]
        name = match[1]
        # "see models.py" is no attribute.
        if not before.isalnum() and before not in (b"_", b".", b"/") and name != b"py":
            found.add(name)
    return found


# Tree


def lacking(tree: Tree, names: ModuleNames, release: Release) -> Iterator[Lacking]:
    """The places of a file that take what the release does not have, and that run on it."""
    table = names_table()
    if not table.covers(release):
        return
    for node, name in _taken(tree, names, table, release):
        judged = judge(name, release, table)
        if judged is not None and not excused(node, judged[0].rpartition(".")[2], names, release):
            yield Lacking(node, *judged)


def _taken(
    tree: Tree, names: ModuleNames, table: NamesTable, release: Release
) -> Iterator[tuple[ast.alias | ast.ImportFrom | ast.Attribute | ast.Constant, str]]:
    modules = table.modules(release)
    for statement in tree.nodes(ast.ImportFrom):
        module = statement.module or ""
        if statement.level or not _is_django(module):
            continue
        if module.encode() not in modules:
            yield statement, module
            continue
        for alias in statement.names:
            if alias.name != "*":
                yield alias, f"{module}.{alias.name}"
    for plain in tree.nodes(ast.Import):
        for alias in plain.names:
            if _is_django(alias.name):
                yield alias, alias.name
    set_here = {node.attr for node in tree.nodes(ast.Attribute) if not isinstance(node.ctx, ast.Load)}
    for node in tree.nodes(ast.Attribute):
        if node.attr not in set_here:
            owner = _module_of(node.value, names)
            if owner is not None and owner.encode() in modules:
                yield node, f"{owner}.{node.attr}"
    for constant in tree.nodes(ast.Constant):
        # Dotted paths to classes; other strings may name loggers.
        if isinstance(constant.value, str) and re.fullmatch(r"django(?:\.\w+)*\.[A-Z]\w*", constant.value):
            judged = judge(constant.value, release, table)
            known = judged is not None and judged[1] is not Lack.UNKNOWN
            if known and not isinstance(parent(constant), (ast.Expr, ast.Compare)):
                yield constant, constant.value


def _is_django(module: str) -> bool:
    return module == "django" or module.startswith("django.")


def _module_of(node: ast.expr, names: ModuleNames) -> str | None:
    """The dotted name that an expression spells, where its first part is an import and nothing else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    bindings = names.lookup(node.id, node)
    targets = {binding.target for binding in bindings}
    if len(targets) != 1:
        return None
    target = targets.pop()
    return ".".join([target, *reversed(parts)]) if target is not None and _is_django(target) else None


# Names of flags by which code asks for a Django, or for what it has.
_TELLS_VERSION = re.compile(r"django|version|compat|support|feature|available|\bdj_?\d|\bhas_|\bhave_", re.I)
_SKIPS = re.compile(r"skip|xfail|require|version|django|only|unless|deprecat", re.I)


def excused(node: ast.AST, word: str, names: ModuleNames, release: Release) -> bool:
    """Whether the code at `node` may not run on the release, or may expect that `word` is not there."""
    if guard_of(node, names, release, word) is not None or in_type_checking(node, names):
        return True
    tree = names.tree
    child = node
    for up in ancestors(node):
        if isinstance(up, (ast.If, ast.IfExp, ast.While)) and child is not up.test:
            if _TELLS_VERSION.search(tree.source(up.test)):
                return True
        elif isinstance(up, ast.Try) and child in up.body and _catches_all(up):
            return True
        elif isinstance(up, (ast.With, ast.AsyncWith)):
            if any(_SUPPRESSES.search(tree.source(item.context_expr)) for item in up.items):
                return True
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if any(_SKIPS.search(tree.source(decorator)) for decorator in up.decorator_list):
                return True
        if _left_before(up, child, tree):
            return True
        child = up
    if any(isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)) for up in ancestors(node)):
        # It asks for the version somewhere, and may call this function where it suits.
        return _ASKS_VERSION.search(tree.text) is not None
    return any(
        "version" in tree.source(binding.value).lower()
        for binding in names.bindings("pytestmark")
        if binding.value is not None
    )


_ASKS_VERSION = re.compile(
    r"django\.VERSION|DJANGO_VERSION|DJANGO_?\d|\bget_version|django import .*VERSION|\bskip_?(?:if|unless)",
    re.I,
)


_SUPPRESSES = re.compile(r"suppress|raises|catch_warnings|assertRaises")


def _catches_all(statement: ast.Try) -> bool:
    return any(
        handler.type is None
        or (isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException"))
        for handler in statement.handlers
    )


def _left_before(up: ast.AST, child: ast.AST, tree: Tree) -> bool:
    """Whether a statement before `child` in the same block leaves it on some Djangos."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(up, field, None)
        if not isinstance(block, list) or child not in block:
            continue
        for statement in block[: block.index(child)]:
            if not isinstance(statement, ast.If) or not _TELLS_VERSION.search(tree.source(statement.test)):
                continue
            last = statement.body[-1]
            calls = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
            if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)) or (
                calls and re.search(r"skip|exit", tree.source(last), re.I)
            ):
                return True
    return False

"""The table of Django's public names: ``python -m django_uplift.dev.django_names``.

Downloads the newest patch of every feature release from PyPI into ``.cache/names`` (wheels: archives of the
same sources as the sdists, for which pip runs no foreign code), parses every module with `ast`, and writes
``server/django_uplift/django/names/``. Nothing of Django is imported. The output is the same for the same
archives. For a new release: add it to `django.releases` and run this again.

The format, one file for each section: a line with the releases, then rows of fields divided by tabs. A set
of releases is written as pairs of letters, first and last ("adfr": a to d, f to r; a is the first release
of the file's head). A group is such a set and the names for which it holds, divided by blanks.

modules   module, set (``*`` and those where it may make names at run time), groups of members, those that
          it imports from outside of itself by themselves (``^`` behind their sets); ``<`` starts the group
          of imported members that are gone, with where they came from
keywords  callable, set, groups of keywords ("**" where it takes others too); or callable, ``=`` and the
          callable that it is another name of. Only callables that got keywords after they came.
members   class, set, groups of the members that its body defines
settings  setting, set, default where it is short
meta      option of a model's Meta, set

``--ledger FILE`` compares the table with a list of symbols that went without a deprecation (objects with
``tier`` 2, ``symbols`` and ``removed_in``), and prints where the two differ.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.django.names_table import SECTIONS, NamesTable
from django_uplift.django.releases import RELEASED, Release
from django_uplift.names.canonical import canonical

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache/names"
TABLE = ROOT / "server/django_uplift/django/names"

FIRST = Release(1, 8)
"""Where the table starts: the sources of older releases are no Python 3."""

RELEASES = tuple(release for release in RELEASED if release >= FIRST)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Decorators that leave a callable's keywords as they are.
_TRANSPARENT = frozenset(
    {
        "async_unsafe", "cached_property", "classmethod", "contextmanager", "deconstructible", "deprecate_posargs",
        "functools.lru_cache", "functools.total_ordering", "keep_lazy", "keep_lazy_text", "lru_cache",
        "property", "sensitive_post_parameters", "sensitive_variables", "staticmethod", "total_ordering",
        "python_2_unicode_compatible", "html_safe", "six.python_2_unicode_compatible", "xframe_options_exempt",
        "lru_cache.lru_cache", "functools.cache", "cache", "allow_lazy",
    }
)  # fmt: skip


class Keywords(NamedTuple):
    """What a callable takes by name; `open`: and perhaps others."""

    names: frozenset[str] = frozenset()
    open: bool = False


class Parameters(NamedTuple):
    """A signature as written. `passes` is where ``**kwargs`` goes: "super", a class's name, or nowhere known."""

    names: frozenset[str]
    has_kwargs: bool
    passes: str | None = None


@dataclass(slots=True)
class Class:
    """A class statement. `bases` are dotted names as written; an empty one is computed."""

    bases: tuple[str, ...]
    members: dict[str, Parameters | None] = field(default_factory=dict)
    opaque: bool = False
    """Whether a decorator or a metaclass may give it another constructor."""


@dataclass(slots=True)
class Module:
    """What one file binds at its top level."""

    is_package: bool
    names: dict[str, str | None] = field(default_factory=dict)
    """To the dotted name that an import binds (relative ones still start with dots), else None."""
    stars: list[str] = field(default_factory=list)
    exports: list[str] | None = None
    """What ``__all__`` lists; "@name" stands for what another list holds, "@" for what can't be told."""
    dynamic: bool = False
    functions: dict[str, Parameters] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    settings: set[str] = field(default_factory=set)
    gives: set[tuple[str, str]] = field(default_factory=set)
    """Attributes that it sets on what it imports: ``mail.outbox = []``."""


# One file


def read_module(text: str, is_package: bool) -> Module:
    """What a file binds; nothing, and `dynamic`, where it is no Python 3."""
    module = Module(is_package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except SyntaxError:
            module.dynamic = True
            return module
    _Reader(module).block(tree.body)
    everything = Module(is_package)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            _Reader(everything).statement(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            origin = everything.names.get(_dotted(node.value))
            if origin is not None:
                module.gives.add((origin, node.attr))
        if isinstance(node, ast.Global):
            for name in node.names:
                module.names.setdefault(name, None)
        elif isinstance(node, ast.Call):
            setting = _setting_asked_for(node)
            if setting:
                module.settings.add(setting)
        elif isinstance(node, ast.Attribute) and node.attr.isupper():
            if _dotted(node) in (f"settings.{node.attr}", f"self.settings.{node.attr}"):
                module.settings.add(node.attr)
    module.dynamic = "__path__" in module.names or any(_makes_names(statement) for statement in tree.body)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__":
            found = _answered(statement, tree)
            module.names.update(dict.fromkeys(found))
            module.dynamic = module.dynamic or not found
    return module


def _answered(function: ast.FunctionDef, tree: ast.Module) -> set[str]:
    """The names that a module's ``__getattr__`` knows: it compares with them, or looks them up in a dictionary."""
    parameter = function.args.args[0].arg
    found: set[str] = set()
    tables: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and _is_name(node.left, parameter):
            found |= {
                c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)
            }
        elif isinstance(node, ast.Subscript) and _is_name(node.slice, parameter):
            tables.add(_dotted(node.value))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            if any(_dotted(target) in tables for target in statement.targets):
                found |= {str(key.value) for key in statement.value.keys if isinstance(key, ast.Constant)}
    return found


def _makes_names(statement: ast.stmt) -> bool:
    """Whether a statement of the top level may bind names that are not written there."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Call) and _dotted(node.func) in ("globals", "vars", "locals", "exec"):
            return True
        if isinstance(node, ast.Attribute) and _dotted(node) == "sys.modules":
            return True
        pending += ast.iter_child_nodes(node)
    return False


def _setting_asked_for(node: ast.Call) -> str | None:
    """The setting in ``getattr(settings, "X", ...)`` and ``settings.is_overridden("X")``."""
    function = node.func
    if isinstance(function, ast.Name) and function.id in ("getattr", "hasattr") and len(node.args) > 1:
        owner, name = node.args[0], node.args[1]
    elif isinstance(function, ast.Attribute) and function.attr == "is_overridden" and node.args:
        owner, name = function.value, node.args[0]
    else:
        return None
    if _dotted(owner) in ("settings", "django.conf.settings") and isinstance(name, ast.Constant):
        return str(name.value) if str(name.value).isupper() else None
    return None


class _Reader:
    """Walks the statements that run when a module is imported."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        names = self.module.names
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    self.module.stars.append(source)
                else:
                    separator = "" if source.endswith(".") else "."
                    names[alias.asname or alias.name] = f"{source}{separator}{alias.name}"
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names[node.name] = None
            self.module.functions[node.name] = _parameters(node, method=False)
        elif isinstance(node, ast.ClassDef):
            names[node.name] = None
            self.module.classes[node.name] = _class(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                        self.assign(part.id, node.value, adds=isinstance(node, ast.AugAssign))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            names.update({p.id: None for p in ast.walk(node.target) if isinstance(p, ast.Name)})
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    names.update(
                        {p.id: None for p in ast.walk(item.optional_vars) if isinstance(p, ast.Name)}
                    )
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return
        for block in ("body", "orelse", "finalbody", "handlers"):
            for child in getattr(node, block, ()):
                if isinstance(child, ast.ExceptHandler):
                    self.block(child.body)
                else:
                    self.statement(child)

    def assign(self, name: str, value: ast.expr | None, *, adds: bool) -> None:
        written = _dotted(value) if value is not None else ""
        self.module.names[name] = None
        self.module.functions.pop(name, None)
        if written in self.module.functions:
            self.module.functions[name] = self.module.functions[written]
        if name == "__all__" and value is not None:
            more = list(_exports(value))
            self.module.exports = [*(self.module.exports or []), *more] if adds else more
        if name.isupper() and value is not None:
            text = ast.unparse(value)
            if len(text) <= 60:
                self.module.values[name] = text
        if name == "DEFAULT_NAMES" and isinstance(value, ast.Tuple):
            self.module.values[name] = " ".join(
                str(e.value) for e in value.elts if isinstance(e, ast.Constant)
            )


def _exports(value: ast.expr) -> Iterator[str]:
    # [str(x) for x in ("A", "B")] was how Python 2 wrote it.
    shown = value.generators[0].iter if isinstance(value, ast.ListComp) else value
    if isinstance(shown, ast.BinOp):
        yield from _exports(shown.left)
        yield from _exports(shown.right)
    elif isinstance(shown, (ast.List, ast.Tuple)):
        for element in shown.elts:
            yield str(element.value) if isinstance(element, ast.Constant) else "@"
    else:
        yield f"@{_dotted(shown)}"


def _class(node: ast.ClassDef) -> Class:
    found = Class(tuple(_dotted(base) for base in node.bases))
    found.opaque = any(not _is_transparent(d) for d in node.decorator_list) or any(
        keyword.arg != "metaclass" for keyword in node.keywords
    )
    pending = list(node.body)
    while pending:
        statement = pending.pop(0)
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            static = any(_dotted(d) == "staticmethod" for d in statement.decorator_list)
            found.members[statement.name] = _parameters(statement, method=not static)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                found.members.update({p.id: None for p in ast.walk(target) if isinstance(p, ast.Name)})
        elif isinstance(statement, ast.ClassDef):
            found.members[statement.name] = None
        elif isinstance(statement, (ast.If, ast.Try)):
            pending += [*statement.body, *statement.orelse]
    return found


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool) -> Parameters:
    arguments = node.args
    named = [a.arg for a in arguments.args]
    if method:
        named = named[1:] if not arguments.posonlyargs else named
    names = {*named, *(a.arg for a in arguments.kwonlyargs)}
    transparent = all(_is_transparent(decorator) for decorator in node.decorator_list)
    if not transparent:
        return Parameters(frozenset(names), True)
    if arguments.kwarg is None:
        return Parameters(frozenset(names), False)
    taken, passes = _taken(node, arguments.kwarg.arg)
    return Parameters(frozenset(names | taken), True, passes)


def _is_transparent(decorator: ast.expr) -> bool:
    return _dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) in _TRANSPARENT


def _taken(node: ast.FunctionDef | ast.AsyncFunctionDef, kwargs: str) -> tuple[set[str], str | None]:
    """The keys that a function takes out of its ``**kwargs``, and where it passes on the rest (see `Parameters`)."""
    keys: set[str] = set()
    passes: str | None = None
    understood: set[ast.AST] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            for keyword in part.keywords:
                if keyword.arg is None and _is_name(keyword.value, kwargs):
                    target = _passed_to(part, node.name)
                    if target:
                        passes = target
                        understood.add(keyword.value)
            function = part.func
            if isinstance(function, ast.Attribute) and _is_name(function.value, kwargs):
                key = part.args[0] if part.args else None
                if function.attr in ("pop", "get", "setdefault") and isinstance(key, ast.Constant):
                    keys.add(str(key.value))
                    understood.add(function.value)
        elif isinstance(part, ast.Subscript) and _is_name(part.value, kwargs):
            if isinstance(part.slice, ast.Constant):
                keys.add(str(part.slice.value))
                understood.add(part.value)
        elif (
            isinstance(part, ast.Compare)
            and len(part.ops) == 1
            and isinstance(part.ops[0], (ast.In, ast.NotIn))
        ):
            if _is_name(part.comparators[0], kwargs) and isinstance(part.left, ast.Constant):
                keys.add(str(part.left.value))
                understood.add(part.comparators[0])
    uses = {part for part in ast.walk(node) if _is_name(part, kwargs)}
    return keys, passes if uses <= understood else None


def _passed_to(call: ast.Call, method: str) -> str | None:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != method:
        return None
    owner = function.value
    if isinstance(owner, ast.Call) and _is_name(owner.func, "super"):
        return "super"
    return _dotted(owner) or None


def _is_name(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _dotted(node: ast.expr | None) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


# One release


class Sources:
    """All modules of one release."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self.modules = modules
        self._members: dict[str, dict[str, str | None]] = {}
        self.dynamic = {name for name, module in modules.items() if module.dynamic}
        """The modules that may make names at run time."""
        self._given: dict[str, set[str]] = {}
        for name, module in modules.items():
            for origin, attribute in module.gives:
                owner = absolute(origin, name, module.is_package)
                self._given.setdefault(owner, set()).add(attribute)

    def members(self, name: str) -> dict[str, str | None]:
        """A module's names, star imports included, with the absolute dotted name that each was imported from."""
        known = self._members.get(name)
        if known is not None:
            return known
        module = self.modules[name]
        found: dict[str, str | None] = dict.fromkeys(self._given.get(name, ()))
        self._members[name] = found
        for star in module.stars:
            source = absolute(star, name, module.is_package)
            if source not in self.modules:
                self.dynamic.add(name)
                continue
            theirs = self.members(source)
            exports = self.exports(source)
            if exports is None and source in self.dynamic:
                self.dynamic.add(name)
            for member in theirs:
                if member in exports if exports is not None else not member.startswith("_"):
                    found[member] = f"{source}.{member}"
        for member, origin in module.names.items():
            found[member] = absolute(origin, name, module.is_package) if origin else None
        return found

    def exports(self, name: str) -> frozenset[str] | None:
        """What a module's ``__all__`` holds; None if it has none that can be read."""
        written = self.modules[name].exports
        if written is None:
            return None
        found: set[str] = set()
        for part in written:
            if not part.startswith("@"):
                found.add(part)
                continue
            origin = self.modules[name].names.get(part[1:]) or ""
            home, _, attribute = absolute(origin, name, self.modules[name].is_package).rpartition(".")
            listed = self.exports(home) if attribute == "__all__" and home in self.modules else None
            if listed is None:
                return None
            found |= listed
        return frozenset(found)

    def follow(self, name: str) -> tuple[str, str]:
        """The module that defines what a dotted name leads to, and its name there; two empty strings if unknown."""
        for _ in range(20):
            module, _, last = name.rpartition(".")
            if module not in self.modules:
                return "", ""
            members = self.members(module)
            if last not in members:
                return "", ""
            origin = members[last]
            if origin is None:
                return module, last
            name = origin
        return "", ""

    def resolve(self, written: str, module: str) -> tuple[str, str]:
        """As `follow`, for a name as it is written in `module`."""
        first, _, rest = written.partition(".")
        members = self.members(module)
        if not written or first not in members:
            return "", ""
        start = members[first] or f"{module}.{first}"
        return self.follow(f"{start}.{rest}" if rest else start)

    def mro(self, module: str, name: str, depth: int = 0) -> list[tuple[str, str]]:
        """A class's ancestry, C3 order; two empty strings stand for a base outside of Django."""
        bases = []
        for written in self.modules[module].classes[name].bases:
            if written == "object":
                continue
            found = self.resolve(written, module)
            known = found[0] and found[1] in self.modules[found[0]].classes and depth < 40
            bases.append(self.mro(*found, depth + 1) if known else [("", "")])
        return [(module, name), *_merge([*bases, [base[0] for base in bases]])]

    def constructor(self, module: str, name: str) -> Keywords:
        """What a class takes by name when it is called."""
        order = self.mro(module, name)
        for at, (owner, cls) in enumerate(order):
            if not owner or self.modules[owner].classes[cls].opaque:
                return Keywords(open=True)
            members = self.modules[owner].classes[cls].members
            if "__new__" in members or (
                "__call__" in members and "type" in self.modules[owner].classes[cls].bases
            ):
                return Keywords(open=True)
            if "__init__" in members:
                return self._method("__init__", order[at:])
        return Keywords()

    def _method(self, method: str, order: list[tuple[str, str]]) -> Keywords:
        for at, (owner, cls) in enumerate(order):
            if not owner:
                return Keywords(open=True)
            members = self.modules[owner].classes[cls].members
            if method not in members:
                continue
            parameters = members[method]
            if parameters is None:
                return Keywords(open=True)
            if not parameters.has_kwargs:
                return Keywords(parameters.names)
            if parameters.passes is None:
                return Keywords(parameters.names, True)
            rest = order[at + 1 :]
            if parameters.passes != "super":
                found = self.resolve(parameters.passes, owner)
                if found not in order:
                    return Keywords(parameters.names, True)
                rest = order[order.index(found) :]
            above = self._method(method, rest)
            return Keywords(parameters.names | above.names, above.open)
        return Keywords()


def _merge(sequences: list[list[tuple[str, str]]]) -> list[tuple[str, str]]:
    merged: list[tuple[str, str]] = []
    pending = [list(sequence) for sequence in sequences if sequence]
    while pending:
        for sequence in pending:
            head = sequence[0]
            if not any(head in other[1:] for other in pending):
                break
        else:
            head = pending[0][0]
        merged.append(head)
        pending = [rest for sequence in pending if (rest := [item for item in sequence if item != head])]
    return merged


def absolute(name: str, module: str, is_package: bool) -> str:
    """A dotted name as seen from everywhere."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    parts = module.split(".") if is_package else module.split(".")[:-1]
    base = parts[: len(parts) - (level - 1)]
    return ".".join([*base, *filter(None, [name[level:]])])


def fetch(release: Release) -> Path:
    """The wheel of a release's newest patch, downloaded once. Raises `CalledProcessError`."""
    folder = CACHE / str(release)
    if not any(folder.glob("*.whl")):
        print(f"Downloading Django {release} ...", file=sys.stderr)
        # A Python and a platform are named so that pip takes releases that don't run on this one.
        target = ["--python-version", "3.12", "--implementation", "py", "--abi", "none", "--platform", "any"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, *target, "-d", str(folder), f"Django~={release}.0"], check=True)
    return max(folder.glob("*.whl"))


_PARSED: dict[tuple[str, bool], Module] = {}


def load(release: Release) -> Sources:
    """Every module of a release. Folders without ``__init__.py`` are namespace packages."""
    modules: dict[str, Module] = {}
    with zipfile.ZipFile(fetch(release)) as archive:
        for path in sorted(archive.namelist()):
            if not path.startswith("django/") or not path.endswith(".py"):
                continue
            parts = path.removesuffix(".py").split("/")
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            if not all(part.isidentifier() for part in parts):
                continue
            data = archive.read(path)
            key = hashlib.sha256(data).hexdigest(), is_package
            if key not in _PARSED:
                _PARSED[key] = read_module(data.decode(), is_package)
            modules[name] = _PARSED[key]
    for name in list(modules):
        for above in _parents(name):
            if above not in modules:
                modules[above] = Module(is_package=True)
    return Sources(modules)


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


# All releases


def spans(flags: Sequence[bool]) -> str:
    """Where something is there, as pairs of letters, first and last release: "acfr"."""
    found = ""
    for at, flag in enumerate(flags):
        if flag and (at == 0 or not flags[at - 1]):
            found += LETTERS[at]
        if flag and (at + 1 == len(flags) or not flags[at + 1]):
            found += LETTERS[at]
    return found


class Row:
    """What is known of one thing over the releases: where it is there, and its parts likewise."""

    def __init__(self, count: int) -> None:
        self.there = [False] * count
        self.parts: dict[str, list[bool]] = {}

    def add(self, at: int, parts: Sequence[str]) -> None:
        """The thing is in release `at`, with these parts."""
        self.there[at] = True
        for part in parts:
            self.parts.setdefault(part, [False] * len(self.there))[at] = True

    def groups(self, foreign: Collection[str] = ()) -> str:
        """The parts by where they are: groups divided by tabs, ``spans name name``; `foreign` ones by themselves."""
        by_spans: dict[str, list[str]] = {}
        for part, flags in sorted(self.parts.items()):
            by_spans.setdefault(spans(flags) + "^" * (part in foreign), []).append(part)
        return "\t".join(" ".join([where, *names]) for where, names in sorted(by_spans.items()))


def is_public(name: str) -> bool:
    """Whether a name, and all that it stands in, is meant for users."""
    return not any(part.startswith("_") for part in name.split("."))


def tables(releases: Sequence[Sources]) -> dict[str, str]:
    """The files of the table, by name."""
    count = len(releases)
    modules: dict[str, Row] = {}
    dynamic: dict[str, list[bool]] = {}
    origins: dict[str, str] = {}
    members: dict[str, Row] = {}
    keywords: dict[str, Row] = {}
    aliases: dict[str, str] = {}
    settings = Row(count)
    defaults: dict[str, str] = {}
    options = Row(count)
    for at, sources in enumerate(releases):
        for name, module in sources.modules.items():
            if not is_public(name):
                continue
            if _is_data(name):
                modules.setdefault(name, Row(count)).add(at, ())
                dynamic.setdefault(name, [False] * count)[at] = True
                continue
            found = sources.members(name)
            public = [member for member in found if is_public(member)]
            modules.setdefault(name, Row(count)).add(at, public)
            if name in sources.dynamic:
                dynamic.setdefault(name, [False] * count)[at] = True
            for member in public:
                origins[f"{name}.{member}"] = found[member] or ""
            for cls, statement in module.classes.items():
                if is_public(cls):
                    own = [member for member in statement.members if is_public(member)]
                    members.setdefault(canonical(f"{name}.{cls}"), Row(count)).add(at, own)
        for qualified, taken in _callables(sources):
            row = keywords.setdefault(canonical(qualified), Row(count))
            row.add(at, [*taken.names, *(["**"] if taken.open else [])])
        for read in _settings(sources):
            settings.add(at, [read])
        defaults |= sources.modules["django.conf.global_settings"].values
        options.add(at, sources.modules["django.db.models.options"].values["DEFAULT_NAMES"].split())
    for sources in releases:
        for name in sources.modules:
            for member in sources.members(name):
                alias = canonical(f"{name}.{member}")
                home = canonical(".".join(sources.follow(f"{name}.{member}")))
                if home in keywords and alias not in keywords and is_public(alias):
                    aliases[alias] = home
    last = count - 1
    lines = []
    for name, row in sorted(modules.items()):
        gone = " ".join(
            f"{member}={origin}"
            for member, flags in sorted(row.parts.items())
            if (origin := origins[f"{name}.{member}"])
            and not flags[last]
            and not origin.startswith(f"{name}.")
        )
        foreign = {
            member
            for member in row.parts
            if (origin := origins[f"{name}.{member}"]) and not origin.startswith(f"{name}.")
        }
        there = spans(row.there) + (f"*{spans(dynamic[name])}" if name in dynamic else "")
        lines.append("\t".join(filter(None, [name, there, row.groups(foreign), gone and f"< {gone}"])))
    changed = {name: row for name, row in keywords.items() if _changes(row)}
    rows = [f"{name}\t{spans(row.there)}\t{row.groups()}" for name, row in changed.items()]
    rows += [f"{alias}\t={home}" for alias, home in aliases.items() if home in changed]
    texts = [
        f"{name}\t{spans(flags)}\t{defaults.get(name, '')}".rstrip("\t")
        for name, flags in sorted(settings.parts.items())
    ]
    classes = (f"{n}\t{spans(r.there)}\t{r.groups()}" for n, r in sorted(members.items()) if r.parts)
    metas = sorted(f"{name}\t{spans(flags)}" for name, flags in options.parts.items())
    return {
        "modules": _file(lines),
        "keywords": _file(sorted(rows)),
        "members": _file(classes),
        "settings": _file(texts),
        "meta": _file(metas),
    }


def _is_data(name: str) -> bool:
    """Modules whose names are not kept: formats of languages, migrations."""
    return name.startswith("django.conf.locale.") or (
        name.startswith("django.contrib.") and ".migrations." in name
    )


def _callables(sources: Sources) -> Iterator[tuple[str, Keywords]]:
    for name, module in sources.modules.items():
        if not is_public(name) or _is_data(name):
            continue
        for function, parameters in module.functions.items():
            if is_public(function):
                yield f"{name}.{function}", Keywords(parameters.names, parameters.has_kwargs)
        for cls in module.classes:
            if is_public(cls):
                yield f"{name}.{cls}", sources.constructor(name, cls)


def _changes(row: Row) -> bool:
    """Whether a callable got keywords after it came, in a release whose signature hides none."""
    first = row.there.index(True)
    return any(flags.index(True) > first and part != "**" for part, flags in row.parts.items()) and not all(
        a <= b for a, b in zip(row.there, row.parts.get("**", [False] * len(row.there)), strict=True)
    )


def _settings(sources: Sources) -> set[str]:
    found = {name for name in sources.members("django.conf.global_settings") if name.isupper()}
    for module in sources.modules.values():
        found |= module.settings
    return {name for name in found if is_public(name)}


def _file(lines: Iterable[str]) -> str:
    head = f"{' '.join(map(str, RELEASES))}"
    return "\n".join([head, *lines]) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Build the table."""
    parser = argparse.ArgumentParser(
        prog="python -m django_uplift.dev.django_names",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table would change")
    parser.add_argument(
        "--show", choices=SECTIONS, help="print a section of the table as it is, and make nothing"
    )
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="compare the table with this list")
    options = parser.parse_args(argv)
    if options.show:
        print(current(options.show), end="")
        return 0
    if options.ledger:
        print("\n".join(differences(json.loads(options.ledger.read_text("utf-8")))))
        return 0
    made = tables([load(release) for release in RELEASES])
    changed = [name for name, text in made.items() if current(name) != text]
    if options.check:
        print("\n".join(f"{name} is not what it would be" for name in changed) or "the table is up to date")
        return 1 if changed else 0
    TABLE.mkdir(exist_ok=True)
    for name in changed:
        data = zlib.compress(made[name].encode(), 9)
        (TABLE / f"{name}.z").write_bytes(data)
        print(f"{name}: {made[name].count(chr(10)):,} rows, {len(data):,} bytes")
    return 0


def current(section: str) -> str:
    """A section of the shipped table; empty if there is none."""
    path = TABLE / f"{section}.z"
    return zlib.decompress(path.read_bytes()).decode() if path.is_file() else ""


def differences(ledger: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Where the table does not say what a ledger of gone symbols says."""
    table = NamesTable()
    for row in ledger:
        if row.get("tier") != 2:
            continue
        release = Release.parse(row["removed_in"])
        for symbol in row["symbols"]:
            name, _, parameter = symbol.rstrip(")").partition("(")
            if parameter:
                continue
            gone = table.removed(name)
            if gone != release:
                yield f"{symbol}: gone in {release} by the ledger, {gone} by the table"


if __name__ == "__main__":
    raise SystemExit(main())

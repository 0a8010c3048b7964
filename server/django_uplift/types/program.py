"""The project's modules and classes as definitions: read when something leads to them, and at no other time."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from django_uplift.django.known_by_name import is_read
from django_uplift.names.canonical import canonical
from django_uplift.names.module import absolute_module
from django_uplift.project.modules import Modules
from django_uplift.syntax.parse import parse
from django_uplift.text.lines import Lines
from django_uplift.text.source import DecodeError, decode
from django_uplift.types.values import Place

_MAX_HOPS = 16
# In bytes: a module that is larger holds data, and a project that leads to more isn't about its packages.
_MAX_INSTALLED = 400_000
_MAX_ALL_INSTALLED = 6_000_000
EVERYWHERE = "*"
"""Among the modules that something rests on: what any file may say, such as relations that lead back."""
LOCAL_CLASSES = "<locals>"
"""Among them too: classes that functions define, of which nothing outlives an edit."""
_T = TypeVar("_T")
BRIDGE_NAMES = frozenset({"sync_to_async", "database_sync_to_async", "to_thread", "run_in_threadpool"})
"""Of functions that run others in threads, without their modules."""
FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


_TESTS = re.compile(r"\.(?:tests?|test_\w+|\w+_tests?|conftest)\.")


class Assigned(NamedTuple):
    """What gives a name its value at module or class level. One of both is set."""

    value: ast.expr | None
    annotation: ast.expr | None


Binding = str | FunctionDef | ast.ClassDef | Assigned
"""A qualified name that an import binds, or what defines the name."""


class Mod:
    """One module's top level."""

    __slots__ = (
        "_lines",
        "_names",
        "bridged",
        "has_bridges",
        "installed",
        "is_test",
        "module",
        "name",
        "package",
        "path",
        "stars",
        "text",
        "words",
    )

    def __init__(
        self,
        name: str,
        path: Path,
        module: ast.Module,
        text: str,
        *,
        is_package: bool,
        lines: Lines | None = None,
        installed: bool = False,
    ) -> None:
        self.name = name
        self.installed = installed
        """Whether it is a package's, not the project's."""
        self.path = path
        self.module = module
        self.text = text
        self.package = name if is_package else name.rpartition(".")[0]
        self.stars: list[str] = []
        self.is_test = _TESTS.search(f".{name}.") is not None
        """Whether it holds tests, by its name."""
        self.has_bridges = any(name in text for name in BRIDGE_NAMES)
        self.bridged: dict[int, frozenset[str]] = {}
        """What blocks of statements hand to bridges, by the identity of their first one."""
        self.words: dict[tuple[str, ...], bool] = {}
        self._lines = lines
        self._names: dict[str, Binding] | None = None

    @property
    def lines(self) -> Lines:
        """The module's line index."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    @property
    def names(self) -> dict[str, Binding]:
        """What is bound at the top level."""
        if self._names is None:
            self._names = {}
            self._collect(self.module.body, self._names)
        return self._names

    def holds(self, words: tuple[str, ...]) -> bool:
        """Whether one of these words stands somewhere in the text."""
        known = self.words.get(words)
        if known is None:
            known = self.words[words] = any(word in self.text for word in words)
        return known

    def place(self, node: ast.AST) -> Place:
        """Where a node of this module starts."""
        line, column = self.lines.position(self.lines.from_ast(node.lineno, node.col_offset))  # type: ignore[attr-defined]
        return Place(self.path, line, column)

    def _collect(self, body: Iterable[ast.stmt], names: dict[str, Binding]) -> None:
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for identifier, target in imported(node, self.package):
                    if identifier == "*":
                        self.stars.append(target)
                    elif not isinstance(names.get(identifier), str):
                        names[identifier] = target
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names[node.name] = node
            elif isinstance(node, ast.Assign):
                for target_node in node.targets:
                    for name, value in _targets(target_node, node.value):
                        _assign(names, name, Assigned(value, None))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                _assign(names, node.target.id, Assigned(node.value, node.annotation))
            elif isinstance(node, (ast.If, ast.With)):
                self._collect(node.body, names)
                self._collect(getattr(node, "orelse", ()), names)
            elif isinstance(node, ast.Try):
                for part in (node.body, node.orelse, node.finalbody, *(h.body for h in node.handlers)):
                    self._collect(part, names)


def _assign(names: dict[str, Binding], name: str, assigned: Assigned) -> None:
    old = names.get(name)
    if isinstance(old, str):
        return  # `except ImportError: name = None`
    if isinstance(old, Assigned):
        empty = isinstance(assigned.value, ast.Constant) and assigned.value.value is None
        if empty and old.value is not None:
            return
        assigned = Assigned(assigned.value, assigned.annotation or old.annotation)
    names[name] = assigned


def _targets(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        paired = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
        for n, item in enumerate(target.elts):
            if isinstance(item, ast.Name):
                yield item.id, value.elts[n] if paired else None  # type: ignore[attr-defined]


def imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[str, str]]:
    """The names that an import binds, with what they stand for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
        else:
            module = absolute_module(node, package)
            if alias.name == "*":
                yield "*", module
            else:
                yield alias.asname or alias.name, f"{module}.{alias.name}"


class ClassInfo:
    """A class of the project: its bases by qualified name, and its body's names."""

    __slots__ = ("bases", "members", "mod", "name", "node")

    def __init__(self, name: str, mod: Mod, node: ast.ClassDef, bases: list[str]) -> None:
        self.name = name
        self.mod = mod
        self.node = node
        self.bases = bases
        self.members: dict[str, Binding] = {}
        mod._collect(node.body, self.members)


class Program:
    """Modules and classes by qualified name.

    A class made by ``Base.from_queryset(Q)`` is called ``Base+Q``.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._mods: dict[str, Mod | None] = {}
        self._budget = _MAX_ALL_INSTALLED
        self._broken: set[str] = set()
        """Modules that are there and can't be read."""
        self._classes: dict[str, tuple[ClassInfo | None, frozenset[str]]] = {}
        self._mro: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._local: dict[str, tuple[Mod, ast.ClassDef, list[str]]] = {}
        self._followed: dict[str, tuple[str, frozenset[str]]] = {}
        self._pool: dict[frozenset[str], frozenset[str]] = {}
        self.reads: set[str] = set()
        """Names of the modules that were asked for since somebody emptied it: what a result depends on."""

    def reading(self, make: Callable[[], _T]) -> tuple[_T, frozenset[str]]:
        """What `make` makes, and the modules that it rests on: who remembers one has to remember both."""
        outer, self.reads = self.reads, set()
        try:
            made = make()
            return made, self.shared(self.reads)
        finally:
            outer |= self.reads
            self.reads = outer

    def shared(self, reads: set[str]) -> frozenset[str]:
        """The names as a set of which there is only one: thousands of results rest on the same modules."""
        kept = frozenset(reads)
        return self._pool.setdefault(kept, kept)

    # Modules

    def mod(self, name: str) -> Mod | None:
        """A module of the project; None if it is not the project's, or can't be read."""
        if name in self._mods:
            found = self._mods[name]
        else:
            found = self._mods[name] = self._load(name)
        if found is not None:
            if not found.installed:
                self.reads.add(found.name)
        elif name in self._broken:
            self.reads.add(name)
        return found

    def add(self, mod: Mod) -> None:
        """Use this module's tree, which somebody has parsed already."""
        self._mods[mod.name] = mod
        self.reads.add(mod.name)

    def known(self, name: str) -> Mod | None:
        """The module as it was read last, if it was."""
        return self._mods.get(name)

    def differs(self, name: str, text: str) -> bool:
        """Whether somebody was told something about a module that isn't so if this is its text."""
        known = self._mods.get(name)
        return name in self._mods if known is None else known.text != text

    def _load(self, name: str) -> Mod | None:
        path = self.modules.file_of(name)
        if path is None:
            return self._installed(name)
        # With several source roots a file can have several names: one of them is the module's.
        first, _ = self.modules.name_of(path)
        found = self.mod(first) if first and first != name else self.read(name, path)
        if found is None:
            self._broken.add(name)
        return found

    def _installed(self, name: str) -> Mod | None:
        """A module of a package that has to do with Django. Others have tables, if they matter."""
        packages = self.modules.packages
        if packages is None or not is_read(name):
            return None
        if self._budget <= 0:
            # Another order of the files would have spent it elsewhere.
            self.modules.store.unsure()
            return None
        path = packages.file_of(name)
        if path is None:
            return None
        try:
            data = self.modules.store.read(path)
        except OSError:
            return None
        if len(data) > _MAX_INSTALLED or not (b"django" in data or packages.is_app(path)):
            return None
        self._budget -= len(data)
        try:
            text = decode(data).text
        except DecodeError:
            return None
        tree = parse(text).tree
        if tree is None:
            return None
        return Mod(name, path, tree, text, is_package=path.name == "__init__.py", installed=True)

    def read(self, name: str, path: Path) -> Mod | None:
        """Parse a file as the module `name`."""
        try:
            text = decode(self.modules.store.read(path)).text
        except (OSError, DecodeError):
            return None
        tree = parse(text).tree
        if tree is None:
            return None
        self.modules.parsed[path] = (text, tree)
        return Mod(name, path, tree, text, is_package=path.name == "__init__.py")

    def forget(self, name: str) -> bool:
        """Drop a module that changed, and whatever was made of it. Whether it is one that was missed before."""
        known = self._mods.get(name)
        missed = name in self._mods and known is None and name not in self._broken
        self._broken.discard(name)
        for other in [n for n, mod in self._mods.items() if n == name or (known and mod is known)]:
            del self._mods[other]
        if missed:
            self._mods = {n: mod for n, mod in self._mods.items() if mod is not None}
        self._classes.clear()
        self._mro.clear()
        self._local.clear()
        self._followed.clear()
        self._pool.clear()
        return missed

    # Names

    def qualified(self, node: ast.expr | None, mod: Mod) -> str | None:
        """The qualified name of a name or dotted name at a module's top level, re-exports followed."""
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value, mod)
            return self.follow(f"{base}.{node.attr}") if base else None
        if isinstance(node, ast.Name):
            return self.top(node.id, mod)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            inner = parse_expression(node.value)
            return self.qualified(inner, mod) if inner is not None else None
        return None

    def top(self, identifier: str, mod: Mod) -> str | None:
        """The qualified name that an identifier of a module's top level stands for."""
        binding = mod.names.get(identifier)
        if binding is None:
            for star in mod.stars:
                found = self._through_star(star, identifier)
                if found:
                    return found
            return f"builtins.{identifier}" if hasattr(builtins, identifier) else None
        if isinstance(binding, str):
            return self.follow(binding)
        if isinstance(binding, Assigned):
            if isinstance(binding.value, (ast.Name, ast.Attribute)) and not _is_self_reference(
                binding.value, identifier
            ):
                return self.qualified(binding.value, mod)
        return f"{mod.name}.{identifier}"

    def _through_star(self, module: str, identifier: str, depth: int = 4) -> str | None:
        found = self.mod(module)
        if found is None:
            return canonical(f"{module}.{identifier}") if module.startswith("django.") else None
        if identifier in found.names:
            return self.top(identifier, found)
        if depth:
            for star in found.stars:
                name = self._through_star(star, identifier, depth - 1)
                if name:
                    return name
        return None

    def follow(self, name: str) -> str:
        """The qualified name that `name` leads to through the project's own re-exports."""
        known = self._followed.get(name)
        if known is None:
            known = self._followed[name] = self.reading(lambda: self._follow(name))
        elif known[1]:
            self.reads |= known[1]
        return known[0]

    def _follow(self, name: str) -> str:
        for _ in range(_MAX_HOPS):
            found = self.locate(name)
            if found is None:
                return canonical(name)
            mod, rest = found
            # A file below several source roots has several names: one of them is its own.
            name = ".".join([mod.name, *rest])
            if not rest:
                return name
            binding = mod.names.get(rest[0])
            target: str | None = None
            if isinstance(binding, str):
                target = binding
            elif isinstance(binding, Assigned) and isinstance(binding.value, (ast.Name, ast.Attribute)):
                if not _is_self_reference(binding.value, rest[0]):
                    target = self.qualified(binding.value, mod)
            elif binding is None:
                target = next((t for star in mod.stars if (t := self._through_star(star, rest[0]))), None)
            new = ".".join([target, *rest[1:]]) if target else None
            if new is None or new == name:
                return name
            name = new
        return canonical(name)

    def locate(self, name: str) -> tuple[Mod, list[str]] | None:
        """The project's module that a qualified name leads into, and the rest of the name."""
        rest: list[str] = []
        module = name
        while module:
            if module.startswith(("django.", "builtins.")):
                return None
            mod = self.mod(module)
            if mod is not None:
                return mod, rest
            module, dot, last = module.rpartition(".")
            if not dot:
                return None
            rest.insert(0, last)
        return None

    # Classes

    def cls(self, name: str) -> ClassInfo | None:
        """A class of the project."""
        known = self._classes.get(name)
        if known is None:
            self._classes[name] = _NO_CLASS
            known = self._classes[name] = self.reading(lambda: self._find_class(name))
        elif known[1]:
            self.reads |= known[1]
        return known[0]

    def _find_class(self, name: str) -> ClassInfo | None:
        local = self._local.get(name)
        if local is not None:
            self.reads.add(LOCAL_CLASSES)
            return ClassInfo(name, *local)
        if name.startswith(("django.", "builtins.")) or "+" in name:
            return None
        found = self.locate(name)
        if found is None or not found[1]:
            return None
        mod, rest = found
        node: Binding | None = mod.names.get(rest[0])
        for part in rest[1:]:
            if not isinstance(node, ast.ClassDef):
                return None
            inner: dict[str, Binding] = {}
            mod._collect(node.body, inner)
            node = inner.get(part)
        if not isinstance(node, ast.ClassDef):
            return None
        return ClassInfo(name, mod, node, [b for base in node.bases if (b := self._base(base, mod))])

    def add_local(self, mod: Mod, node: ast.ClassDef, bases: list[str]) -> str:
        """Register a class that a function defines; its qualified name."""
        name = f"{mod.name}.<locals>.{node.name}@{node.lineno}"
        self.reads.add(LOCAL_CLASSES)
        self._local[name] = (mod, node, bases)
        self._classes.pop(name, None)
        self._mro.pop(name, None)
        return name

    def _base(self, node: ast.expr, mod: Mod) -> str | None:
        if isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Call):
            made = self.made_manager(node, mod)
            if made:
                return made
            return None
        return self.qualified(node, mod)

    def made_manager(self, node: ast.Call, mod: Mod) -> str | None:
        """The class that ``Base.from_queryset(Q)`` makes."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "from_queryset" and node.args:
            base, queryset = self.qualified(node.func.value, mod), self.qualified(node.args[0], mod)
            if base and queryset:
                return f"{base}+{queryset}"
        return None

    def mro(self, name: str) -> tuple[str, ...]:
        """A class and its bases by qualified name, in the order in which attributes are looked up."""
        known = self._mro.get(name)
        if known is None:
            self._mro[name] = (name,), frozenset()  # ends cycles
            known = self._mro[name] = self.reading(lambda: self._linearise(name))
        elif known[1]:
            self.reads |= known[1]
        return known[0]

    def _linearise(self, name: str) -> tuple[str, ...]:
        if "+" in name:
            return tuple(dict.fromkeys([name, *(n for part in name.split("+") for n in self.mro(part))]))
        info = self.cls(name)
        bases = info.bases if info is not None else self.external_bases(name)
        if not bases:
            return (name,)
        sequences = [list(self.mro(base)) for base in bases] + [list(bases)]
        result = [name]
        while sequences := [s for s in sequences if s]:
            head = next(
                (s[0] for s in sequences if not any(s[0] in other[1:] for other in sequences)),
                sequences[0][0],
            )
            result.append(head)
            sequences = [[n for n in s if n != head] for s in sequences]
        return tuple(result)

    def external_bases(self, name: str) -> list[str]:
        """The bases of a class that is not the project's."""
        return list(_EXTERNAL_BASES.get(name, ()))

    def member(
        self, name: str, attribute: str, *, after: str | None = None
    ) -> tuple[ClassInfo, Binding] | None:
        """The class in `name`'s order that defines an attribute, and the definition.

        `after` starts behind that class, as ``super()`` does.
        """
        order = self.mro(name)
        if after is not None:
            order = order[order.index(after) + 1 :] if after in order else ()
        for cls in order:
            info = self.cls(cls)
            if info is not None and attribute in info.members:
                return info, info.members[attribute]
        return None

    def is_a(self, name: str, *bases: str) -> bool:
        """Whether a class is one of `bases` or derives from one."""
        order = self.mro(name)
        return any(base in order for base in bases)

    def is_open(self, name: str) -> bool:
        """Whether some base is neither the project's nor known."""
        return any(
            self.cls(n) is None and not n.startswith(("django.", "builtins.")) and "+" not in n
            for n in self.mro(name)
        )


_NO_CLASS: tuple[ClassInfo | None, frozenset[str]] = (None, frozenset())
_EXTERNAL_BASES: dict[str, tuple[str, ...]] = {}


def external_bases(name: str, *bases: str) -> None:
    """Say what a class outside the project derives from."""
    _EXTERNAL_BASES[name] = bases


def _is_self_reference(node: ast.expr, identifier: str) -> bool:
    return isinstance(node, ast.Name) and node.id == identifier


def parse_expression(text: str) -> ast.expr | None:
    """The tree of an expression in a string; None if it is none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

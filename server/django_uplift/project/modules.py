"""Modules of a project: which file is which module, and what its names stand for in the end."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django_uplift.names.canonical import canonical
from django_uplift.names.module import ModuleNames
from django_uplift.names.summary import ModuleSummary, summarise
from django_uplift.project.environments import Packages
from django_uplift.project.files import FileStore
from django_uplift.syntax.parse import parse
from django_uplift.syntax.segments import Read, read
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines
from django_uplift.text.source import DecodeError, decode

_MAX_HOPS = 16


class Modules:
    """The modules below some source roots. Files are read when a name leads to them, and at no other time."""

    def __init__(
        self,
        store: FileStore,
        roots: Sequence[Path],
        paths: Iterable[Path] = (),
        packages: Packages | None = None,
    ) -> None:
        self.store = store
        self.packages = packages
        """What is installed beside them, if anything."""
        self.paths = paths
        """The project's files, found anew each time that they are asked for."""
        self.parsed: dict[Path, tuple[str, ast.Module | Tree]] = {}
        """Trees that the analysis of other files has made, for whoever checks these files next."""
        self.listeners: list[Callable[[str | None], None]] = []
        """Told which module `forget` drops; None: all."""
        self.sessions: dict[object, Any] = {}
        """What the analysis of async code remembers of them, by target: here, so that it goes when they go."""
        self._changed: dict[str | None, None] = {}
        # The deepest root first: it gives a file the name under which the project imports it.
        self.roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._files: dict[str, Path | None] = {}
        self._folders: dict[tuple[Path, str], Path | None] = {}
        self._summaries: dict[str, ModuleSummary | None] = {}

    def name_of(self, path: Path) -> tuple[str, bool]:
        """A file's dotted module name, empty if it has none; and whether it is a package's ``__init__``."""
        is_package = path.name == "__init__.py"
        if path.suffix == ".ipynb":  # Nobody imports it, and a module beside it may have its name.
            return path.name, False
        for root in self.roots:
            if path.is_relative_to(root):
                parts = list(path.relative_to(root).with_suffix("").parts)
                if is_package:
                    parts.pop()
                if all(part.isidentifier() for part in parts):
                    return ".".join(parts), is_package
        return ("" if is_package else path.stem), is_package

    def file_of(self, module: str) -> Path | None:
        """The file of a module, if it is below the source roots."""
        if module not in self._files:
            self._files[module] = self._find(module)
        return self._files[module]

    def _find(self, module: str) -> Path | None:
        if not module or module.startswith("."):
            return None
        package, _, last = module.rpartition(".")
        for root in reversed(self.roots):
            folder = self._folder(root, package)
            if folder is None:
                continue
            base = folder / last
            for candidate in (base / "__init__.py", base.with_suffix(".py")):
                if self.store.is_file(candidate):
                    return candidate
        return None

    def _folder(self, root: Path, package: str) -> Path | None:
        """The folder of a package below a root, if it is there.

        Most names lead out of the project: of those with the same first part the disk is asked once.
        """
        if not package:
            return root
        key = root, package
        if key not in self._folders:
            outer, _, last = package.rpartition(".")
            above = self._folder(root, outer)
            folder = above / last if above is not None else None
            self._folders[key] = folder if folder is not None and self.store.is_folder(folder) else None
        return self._folders[key]

    def summary(self, module: str) -> ModuleSummary | None:
        """What a module's names stand for; None if it is not the project's, or can't be read."""
        if module not in self._summaries:
            path = self.file_of(module)
            self._summaries[module] = self._summarise(module, path) if path else None
        return self._summaries[module]

    def _summarise(self, module: str, path: Path) -> ModuleSummary | None:
        try:
            text = decode(self.store.read(path)).text
        except (OSError, DecodeError):
            return None
        tree = parse(text).tree
        if tree is None:
            return None
        is_package = path.name == "__init__.py"
        return summarise(ModuleNames(Tree(tree, Lines(text)), module, is_package=is_package))

    def follow(self, name: str) -> str:
        """The qualified name that `name` leads to through the project's own re-exports."""
        for _ in range(_MAX_HOPS):
            target = self._step(name)
            if target is None or target == name:
                return canonical(name)
            name = target
        return canonical(name)

    def bases_of(self, name: str) -> tuple[str, ...] | None:
        """The qualified names of the bases of a class of the project; None for any other name."""
        module, _, cls = self.follow(name).rpartition(".")
        summary = self.summary(module) if module else None
        return summary.bases.get(cls) if summary is not None else None

    def _step(self, name: str) -> str | None:
        module, rest = name, ""
        while True:
            module, dot, last = module.rpartition(".")
            if not dot:
                return None
            rest = f"{last}.{rest}" if rest else last
            summary = self.summary(module)
            if summary is not None:
                break
        first, _, more = rest.partition(".")
        if first in summary.names:
            target = summary.names[first]
        else:
            target = next(
                (found for star in summary.stars if (found := self._through_star(star, first))), None
            )
        return f"{target}.{more}" if target and more else target

    def _through_star(self, module: str, name: str, depth: int = 4) -> str | None:
        """The qualified name that ``from module import *`` gives to `name`."""
        summary = self.summary(module)
        if summary is None:
            # Outside the project: what a Django module exports is in the rules' triggers.
            return f"{module}.{name}" if module.startswith("django.") else None
        if name.startswith("_") or depth == 0:
            return None
        if name in summary.names:
            return summary.names[name] or f"{module}.{name}"
        return next((f for star in summary.stars if (f := self._through_star(star, name, depth - 1))), None)

    def reader_of(self, path: Path) -> Callable[[Lines], Read]:
        """How to make a file's tree: nothing is parsed twice."""
        known = self.parsed.get(path)
        if known is None:
            return read
        text, known_tree = known

        def reuse(lines: Lines) -> Read:
            if lines.text != text:
                return read(lines)
            return Read(known_tree if isinstance(known_tree, Tree) else Tree(known_tree, lines), None)

        return reuse

    def forget(self, path: Path | None = None) -> None:
        """Drop what is known of a file (it changed), or of all."""
        self._files.clear()
        self._folders.clear()
        module = None if path is None else self.name_of(path)[0]
        if path is None:
            self.parsed.clear()
        else:
            self.parsed.pop(path, None)
        if module is None:
            self._summaries.clear()
        else:
            self._summaries.pop(module, None)
        self._changed[module] = None
        self.tell()

    def retyped(self, path: Path) -> None:
        """As `forget`, for an open file whose text changed: the listeners hear of it when `tell` is called next."""
        module = self.name_of(path)[0]
        self.parsed.pop(path, None)
        self._summaries.pop(module, None)
        self._changed[module] = None

    def tell(self) -> None:
        """Tell the listeners what has changed. Who asks one of them does this first."""
        changed, self._changed = self._changed, {}
        for module in changed:
            for listener in self.listeners:
                listener(module)

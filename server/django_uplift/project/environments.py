"""Virtual environments as folders of source: which one is a project's, and which file in it is a module.

Nothing of an environment is run. Python's own start-up would execute some lines of its ``.pth`` files; here they
are data, as are the finders that editable installs leave behind.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from django_uplift.project.files import FileStore

_USUAL = (".venv", "venv", "env")
_MAX_ABOVE = 6
_MAX_PTH = 64 * 1024
_MAX_FINDER = 1024 * 1024


def virtual_environments(root: Path) -> Iterator[Path]:
    """The virtual environments that lie in a folder."""
    for name in _names_in(root):
        if os.path.isfile(root / name / "pyvenv.cfg"):
            yield root / name


def site_packages(environment: Path) -> Iterator[Path]:
    """The folders that an environment's packages lie in, on POSIX and on Windows."""
    lib = environment / "lib"
    for name in sorted(_names_in(lib), reverse=True):
        if name.startswith(("python", "pypy")):
            yield lib / name / "site-packages"
    yield environment / "Lib" / "site-packages"


def find_environment(
    root: Path, store: FileStore, configured: str | None = None, active: Path | None = None
) -> Path | None:
    """The environment of the project in `root`, if it has one with packages in it.

    `configured` is a folder, relative to `root`, that stands for all others. Otherwise it is looked for in `root`
    and above, as far as the repository goes: poetry (in-project), uv, pipenv, PDM and plain venv put it there. The
    one that is `active` comes last, since a tool may run in an environment of its own.
    """
    if configured is not None:
        return _usable(Path(os.path.normpath(root / os.path.expanduser(configured))))
    for folder in _up_to_repository(root):
        candidates = [_named(folder / name, store) for name in _USUAL]
        candidates += [*virtual_environments(folder), *_pep_582(folder)]
        for candidate in candidates:
            if candidate is not None and _usable(candidate):
                return candidate
    return _usable(active) if active is not None else None


def _usable(environment: Path) -> Path | None:
    return environment if any(os.path.isdir(folder) for folder in _packages_of(environment)) else None


def _packages_of(environment: Path) -> list[Path]:
    folders = [folder for folder in site_packages(environment) if os.path.isdir(folder)]
    if not folders and environment.parent.name == "__pypackages__":
        folders = [environment / "lib"]
    return folders


def _named(path: Path, store: FileStore) -> Path | None:
    """A folder, or the one that a file of that name leads to: pipenv and virtualenvwrapper write such files."""
    if os.path.isdir(path):
        return path
    try:
        text = store.read(path)[:_MAX_PTH].decode("utf-8", "replace").strip()
    except OSError:
        return None
    return path.parent / os.path.expanduser(text) if text and "\n" not in text else None


def _pep_582(root: Path) -> Iterator[Path]:
    folder = root / "__pypackages__"
    yield from (folder / name for name in sorted(_names_in(folder), reverse=True))


def _up_to_repository(root: Path) -> Iterator[Path]:
    """A folder and those above it that are in the same git repository; the folder alone if it is in none."""
    above = [root, *root.parents][:_MAX_ABOVE]
    for at, folder in enumerate(above):
        if os.path.exists(folder / ".git"):
            yield from above[: at + 1]
            return
    yield root


class Packages:
    """The modules that a project's environment holds. A module is looked for when it is asked for."""

    def __init__(
        self, store: FileStore, root: Path, configured: str | None = None, active: Path | None = None
    ) -> None:
        self.store = store
        self._root = root
        self._configured, self._active = configured, active
        self._files: dict[str, Path | None] = {}
        self._apps: dict[Path, bool] = {}

    @cached_property
    def environment(self) -> Path | None:
        """The environment's folder."""
        return find_environment(self._root, self.store, self._configured, self._active)

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Where packages lie, in the order in which Python looks there."""
        return tuple(dict.fromkeys((*self._site, *self._linked)))

    @cached_property
    def project_roots(self) -> tuple[Path, ...]:
        """The folders of the project itself that the environment imports from: it is installed as editable."""
        inside = [*self._linked]
        inside += [path.parent for name, path in self.editable.items() if path.name == name]
        environment = self.environment
        return tuple(
            folder
            for folder in dict.fromkeys(inside)
            if folder.is_relative_to(self._root)
            and environment is not None
            and not folder.is_relative_to(environment)
        )

    def file_of(self, module: str) -> Path | None:
        """The file of an installed module."""
        if module not in self._files:
            self._files[module] = self._find(module)
        return self._files[module]

    def is_app(self, path: Path) -> bool:
        """Whether a file lies in a package that looks like an app of Django's, at any level."""
        folder = path.parent
        known = self._apps.get(folder)
        if known is None:
            is_file, is_folder = self.store.is_file, self.store.is_folder
            known = any(is_file(folder / name) for name in ("models.py", "apps.py", "managers.py")) or any(
                is_folder(folder / name) for name in ("models", "migrations", "templatetags")
            )
            above = folder.parent / "__init__.py"
            if not known and folder not in self.folders and is_file(folder / "__init__.py"):
                known = is_file(above) and self.is_app(above)
            self._apps[folder] = known
        return known

    def _find(self, module: str) -> Path | None:
        parts = module.split(".")
        if not all(part.isidentifier() for part in parts) or parts[0] in sys.stdlib_module_names:
            return None
        for folder in self.folders:
            found = self._module_at(folder.joinpath(*parts))
            if found is not None:
                return found
        for size in range(len(parts), 0, -1):
            target = self.editable.get(".".join(parts[:size]))
            if target is not None:
                return self._module_at(target.joinpath(*parts[size:]))
        return None

    def _module_at(self, base: Path) -> Path | None:
        for candidate in (base / "__init__.py", base.with_name(f"{base.name}.py")):
            if self.store.is_file(candidate):
                return candidate
        return None

    @cached_property
    def _site(self) -> list[Path]:
        return _packages_of(self.environment) if self.environment is not None else []

    @cached_property
    def _linked(self) -> list[Path]:
        """The folders that ``.pth`` files name. Their lines that are code are left alone."""
        found: list[Path] = []
        for site in self._site:
            for name in _names_in(site):
                if not name.endswith(".pth"):
                    continue
                for line in self._text(site / name, _MAX_PTH).splitlines():
                    line = line.rstrip()
                    if line and not line.startswith(("#", "import ", "import\t")) and "\0" not in line:
                        folder = Path(os.path.normpath(site / line))
                        if self.store.is_folder(folder):
                            found.append(folder)
        return found

    @cached_property
    def editable(self) -> dict[str, Path]:
        """What the finders of setuptools' editable installs map, read as literals."""
        found: dict[str, Path] = {}
        for site in self._site:
            for name in _names_in(site):
                if re.fullmatch(r"__editable__\w*_finder\.py", name):
                    found.update(_mapping(self._text(site / name, _MAX_FINDER)))
        return found

    def _text(self, path: Path, limit: int) -> str:
        try:
            return self.store.read(path)[:limit].decode("utf-8", "replace")
        except OSError:
            return ""


def _mapping(text: str) -> dict[str, Path]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Name) and target.id == "MAPPING" for target in targets):
            value = node.value  # type: ignore[attr-defined]
            if isinstance(value, ast.Dict):
                return {
                    key.value: Path(target.value)
                    for key, target in zip(value.keys, value.values, strict=True)
                    if isinstance(key, ast.Constant)
                    and isinstance(target, ast.Constant)
                    and isinstance(key.value, str)
                    and isinstance(target.value, str)
                    and os.path.isabs(target.value)
                }
    return {}


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []

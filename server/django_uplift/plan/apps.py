"""Which app a file belongs to, told by the names of the files around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from django_uplift.project.files import FileStore

_MODULES = frozenset({"apps.py", "models.py"})
_FOLDERS = frozenset({"migrations", "models", "templatetags"})


class Apps:
    """The apps among a set of files below a root. Looks at paths alone, never at the disk."""

    def __init__(self, root: Path, paths: Iterable[Path]) -> None:
        self._root = root
        self._folders: set[Path] = set()
        self._known: dict[Path, str] = {}
        for path in paths:
            if path.name in _MODULES:
                self._folders.add(path.parent)
            elif path.parent.name in _FOLDERS and path.suffix == ".py":
                self._folders.add(path.parent.parent)

    def of(self, path: Path) -> str:
        """The innermost app around a file, as a dotted path; where there is none, the folder at the top."""
        folder = path.parent
        if folder not in self._known:
            self._known[folder] = app_of(folder, self._root, self._folders.__contains__)
        return self._known[folder]


def app_of(folder: Path, root: Path, is_app: Callable[[Path], bool]) -> str:
    """The innermost app around a folder's files; where there is none, the folder at the top of `root`."""
    if not folder.is_relative_to(root):
        return folder.name
    parts = folder.relative_to(root).parts
    for length in range(len(parts), 0, -1):
        if is_app(root.joinpath(*parts[:length])):
            return _dotted(parts[:length])
    return _dotted(parts[:2] if parts[:1] in (("src",), ("apps",)) else parts[:1])


def is_app(folder: Path, store: FileStore) -> bool:
    """Whether a folder looks like an app on the disk, or with what is open."""
    return any(store.is_file(folder / name) for name in _MODULES) or any(
        store.is_folder(folder / name) for name in _FOLDERS
    )


def _dotted(parts: tuple[str, ...]) -> str:
    parts = parts[1:] if parts[:1] == ("src",) and len(parts) > 1 else parts
    return ".".join(parts) or "(top)"

"""Which app a file belongs to, told by the names of the files around it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

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
            self._known[folder] = self._find(folder)
        return self._known[folder]

    def _find(self, folder: Path) -> str:
        if not folder.is_relative_to(self._root):
            return folder.name
        parts = folder.relative_to(self._root).parts
        for length in range(len(parts), 0, -1):
            if self._root.joinpath(*parts[:length]) in self._folders:
                return _dotted(parts[:length])
        return _dotted(parts[:2] if parts[:1] in (("src",), ("apps",)) else parts[:1])


def _dotted(parts: tuple[str, ...]) -> str:
    parts = parts[1:] if parts[:1] == ("src",) and len(parts) > 1 else parts
    return ".".join(parts) or "(top)"

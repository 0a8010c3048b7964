"""Who takes a name from a module: asked before a fix lets an import go, because others may rely on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django_uplift.project.files import FileStore

_FROM = re.compile(rb"\bfrom[ \t]+([.\w]+)[ \t]+import[ \t\\\r\n]*(\([^)]*\)|[^\r\n]*)")
# A lookahead, so that `a.b.c` gives both of its pairs (`mock.patch("shop.views.now")`).
_DOTTED = re.compile(rb"\b([A-Za-z_]\w*)\.(?=([A-Za-z_]\w*))")
_WORD = re.compile(rb"\w+")
_COMMENT = re.compile(rb"#[^\r\n]*")
_STAR = re.compile(rb"import[ \t\\\r\n(]*\*")
_FEW = 12
"""Questions that are answered by looking at all files for one name."""


class Importers:
    """An index of ``from module import name`` and ``module.name`` over some files.

    It errs to the safe side: source roots are not known here, so that two modules count as one where the name of
    one is the end of the other's.
    """

    def __init__(self, store: FileStore, paths: Iterable[Path]) -> None:
        self._store = store
        self._paths = paths
        self._pairs: dict[tuple[bytes, bytes], set[tuple[bytes, Path]]] | None = None
        self._asked = 0

    def takes(self, module: str, name: str, besides: Path) -> bool:
        """Whether a file other than `besides` takes `name` from `module`."""
        pairs = self._pairs
        if pairs is None:
            self._asked += 1
            if self._asked > _FEW:
                pairs = self._pairs = self._build()
            else:
                # An index of all names costs as much as looking for a dozen of them.
                pairs = self._build(name.encode())
        full = module.encode()
        last = full.rpartition(b".")[2]
        return any(
            path != besides and _may_be(full, written, path)
            for wanted in (name.encode(), b"*")
            for written, path in pairs.get((last, wanted), ())
        )

    def _build(self, wanted: bytes = b"") -> dict[tuple[bytes, bytes], set[tuple[bytes, Path]]]:
        pairs: dict[tuple[bytes, bytes], set[tuple[bytes, Path]]] = {}
        for path in self._paths:
            try:
                data = self._store.read(path)
            except OSError:
                continue
            if (wanted == b"*" or wanted not in data) and _STAR.search(data) is None:
                continue
            for module, names in _FROM.findall(data):
                last = module.rpartition(b".")[2] or path.parent.name.encode()
                names = _COMMENT.sub(b"", names)
                found = [b"*"] if b"*" in names else _WORD.findall(names)
                for name in found:
                    pairs.setdefault((last, name), set()).add((module, path))
            for module, name in set(_DOTTED.findall(data)):
                pairs.setdefault((module, name), set()).add((b"", path))
        return pairs


def _may_be(module: bytes, written: bytes, path: Path) -> bool:
    """Whether an import in `path` that says `written` can mean `module`.

    Empty: an attribute access, which tells no more.
    """
    if not written:
        return True
    if written.startswith(b"."):
        below = written.lstrip(b".")
        level = len(written) - len(below)
        folder = path.parents[min(level, len(path.parents)) - 1].name.encode()
        written = b".".join(part for part in (folder, below) if part)
        # The folder may be the source root, which is no part of a module's name.
        if module == below:
            return True
    return module == written or module.endswith(b"." + written) or written.endswith(b"." + module)

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


class Importers:
    """An index of ``from module import name`` and ``module.name`` over some files.

    It goes by the module's last component and errs to the safe side: two modules that end alike count as one.
    """

    def __init__(self, store: FileStore, paths: Iterable[Path]) -> None:
        self._store = store
        self._paths = paths
        self._pairs: dict[tuple[bytes, bytes], set[Path]] | None = None

    def takes(self, module: str, name: str, besides: Path) -> bool:
        """Whether a file other than `besides` takes `name` from `module`."""
        pairs = self._pairs
        if pairs is None:
            pairs = self._pairs = self._build()
        last = module.rpartition(".")[2].encode()
        return any(pairs.get((last, wanted), set()) - {besides} for wanted in (name.encode(), b"*"))

    def _build(self) -> dict[tuple[bytes, bytes], set[Path]]:
        pairs: dict[tuple[bytes, bytes], set[Path]] = {}
        for path in self._paths:
            try:
                data = self._store.read(path)
            except OSError:
                continue
            for module, names in _FROM.findall(data):
                last = module.rpartition(b".")[2] or path.parent.name.encode()
                names = _COMMENT.sub(b"", names)
                found = [b"*"] if b"*" in names else _WORD.findall(names)
                for name in found:
                    pairs.setdefault((last, name), set()).add(path)
            for module, name in set(_DOTTED.findall(data)):
                pairs.setdefault((module, name), set()).add(path)
        return pairs

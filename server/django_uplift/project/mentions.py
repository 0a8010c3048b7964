"""Whether anything reads a word: the project's files, or the packages that are installed beside it.

Asked rarely, of a name that a rule is about to call unknown; the answer errs towards yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from django_uplift.project.environments import site_packages, virtual_environments
from django_uplift.project.files import FileStore


class Mentions:
    """Searches Python files for words. `environment` is the active virtual environment, if one is."""

    def __init__(self, store: FileStore, paths: Iterable[Path], root: Path, environment: Path | None) -> None:
        self._store = store
        self._paths = paths
        self._root = root
        self._environment = environment
        self._known: dict[str, bool] = {}
        self._fields: dict[str, frozenset[str]] = {}

    def reads(self, word: str) -> bool:
        """Whether a file holds `word` anywhere but as the name that an assignment sets."""
        if word not in self._known:
            self._known[word] = any(_reads(data, word.encode()) for data in self._texts(word.encode()))
        return self._known[word]

    def sets(self, word: str) -> bool:
        """Whether a file of the project gives `word` another value than ``False``."""
        wanted = re.compile(rb"\b%s\b[^=\n]*=(?!=)[ \t]*(?!False\b|[ \t])" % word.encode())
        return any(wanted.search(data) is not None for data in self._read(self._paths, word.encode()))

    @cached_property
    def relations(self) -> frozenset[str]:
        """Names that Django's relations to many have, on either side, as far as regular expressions see them."""
        found: set[bytes] = set()
        kinds: dict[str, set[bytes]] = {kind: set() for kind in _TO_MANY}
        # All three questions with one look at each file: opening it costs more than they do.
        for data in self._read(self._paths, b""):
            for match in _RELATED_NAME.finditer(data) if b"related_name" in data else ():
                fields = _FIELD.findall(data[max(match.start() - 400, 0) : match.start()])
                if fields and fields[-1] in (b"ForeignKey", b"ManyToManyField"):
                    found.add(match[1])
            for kind, names in kinds.items():
                names |= _assigned(kind.encode(), data)
        for kind, names in kinds.items():
            self._fields.setdefault(kind, _decoded(names))
        return _decoded(found).union(*(self._fields[kind] for kind in kinds))

    def fields(self, kind: str) -> frozenset[str]:
        """The names that are given to a kind of field: ``data = models.JSONField(...)``."""
        if kind not in self._fields:
            texts = self._read(self._paths, kind.encode())
            self._fields[kind] = _decoded(set().union(*(_assigned(kind.encode(), data) for data in texts)))
        return self._fields[kind]

    def holds(self, text: str) -> bool:
        """Whether a file of the project holds `text`."""
        return next(self._read(self._paths, text.encode()), None) is not None

    def _texts(self, word: bytes) -> Iterator[bytes]:
        return self._read((*self._paths, *self._installed()), word)

    def _read(self, paths: Iterable[Path], word: bytes) -> Iterator[bytes]:
        for path in paths:
            try:
                data = self._store.read(path)
            except OSError:
                continue
            if word in data:
                yield data

    def _installed(self) -> Iterator[Path]:
        environments = list(virtual_environments(self._root))
        if self._environment is not None and self._environment not in environments:
            environments.append(self._environment)
        for environment in environments:
            for packages in site_packages(environment):
                # Django itself is in the table of names, and tools such as we have it in their examples.
                files = self._store.below(packages, _NOT_APPS)
                yield from (path for path in files if path.suffix == ".py")


_NOT_APPS = {"django", "django_uplift", "django_uplift_rules", "__pycache__", "pip", "setuptools"}


_TO_MANY = ("ManyToManyField", "GenericRelation")
_ASSIGNED = re.compile(rb"^\s*(\w+)\s*(?::[^=]*)?=")
_FIELD = re.compile(rb"(\w+(?:Field|Key|Relation))\s*\(")
_RELATED_NAME = re.compile(rb"related_name\s*=\s*['\"](\w+)['\"]")


def _assigned(kind: bytes, data: bytes) -> set[bytes]:
    """What is assigned on the lines that hold `kind`, before it."""
    found: set[bytes] = set()
    at = data.find(kind)
    while at >= 0:
        # A ParentalManyToManyField is none.
        if not data[at - 1 : at].isalnum():
            found.update(_ASSIGNED.findall(data[data.rfind(b"\n", 0, at) + 1 : at]))
        at = data.find(kind, at + len(kind))
    return found


def _decoded(names: set[bytes]) -> frozenset[str]:
    return frozenset(name.decode("ascii", "replace") for name in names)


def _reads(data: bytes, word: bytes) -> bool:
    assigned = re.compile(rb"(?:^|;)[ \t\f]*%s[ \t\f]*(?::[^=\n]*)?=(?!=)" % word, re.MULTILINE)
    return re.search(rb"\b%s\b" % word, assigned.sub(b"", data)) is not None

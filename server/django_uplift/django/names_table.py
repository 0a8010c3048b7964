"""Django's public names in every feature release: which exist where.

The table is made by `dev.django_names`, which describes its format, and lies beside this module. A section
is read when the first question needs it, and of that section only the rows that are asked for.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import Release
from django_uplift.names.canonical import canonical

SECTIONS = ("modules", "keywords", "members", "settings", "meta")
_FOLDER = Path(__file__).with_name("names")


class Presence(NamedTuple):
    """The releases that have something, in order."""

    releases: tuple[Release, ...]
    gone_in: Release | None
    """The release that dropped it for good; None where the newest one has it."""

    def __contains__(self, release: object) -> bool:
        return release in self.releases

    @property
    def since(self) -> Release:
        """The first release that has it; of those before the table nothing is known."""
        return self.releases[0]

    def next_after(self, release: Release) -> Release | None:
        """The first release behind `release` that has it."""
        return next((found for found in self.releases if found > release), None)


class Taken(NamedTuple):
    """What a callable takes by name; `open` says that it may take others too."""

    names: frozenset[str]
    open: bool


class Setting(NamedTuple):
    """A setting that Django reads. `default` is Python source, empty where there is none or it is long."""

    presence: Presence
    default: str


class _Section:
    """The rows of one file. What stands in a row is read when somebody asks for it."""

    def __init__(self, name: str) -> None:
        self.data = zlib.decompress((_FOLDER / f"{name}.z").read_bytes())
        head, *lines = self.data.split(b"\n")
        self.releases = tuple(map(Release.parse, head.decode().split()))
        self.letters = dict(zip(self.releases, _LETTERS, strict=False))
        self._lines = {line[: line.index(b"\t")]: line for line in lines if line}
        self._presences: dict[bytes, Presence] = {}

    def row(self, name: str) -> list[bytes] | None:
        """The fields behind `name`."""
        line = self._lines.get(name.encode())
        return None if line is None else line.split(b"\t")[1:]

    def rows(self) -> Iterator[list[bytes]]:
        """All rows."""
        for line in self._lines.values():
            yield line.split(b"\t")

    def holds(self, spans: bytes, release: Release) -> bool:
        """Whether a set of releases has `release`."""
        letter = self.letters[release]
        spans = spans.partition(b"*")[0].rstrip(b"^")
        return any(spans[at] <= letter <= spans[at + 1] for at in range(0, len(spans), 2))

    def presence(self, spans: bytes) -> Presence:
        """A set of releases. There are few sets, and many names."""
        known = self._presences.get(spans)
        if known is None:
            found = tuple(release for release in self.releases if self.holds(spans, release))
            last = self.releases.index(found[-1])
            gone = self.releases[last + 1] if last + 1 < len(self.releases) else None
            known = self._presences[spans] = Presence(found, gone)
        return known


_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class NamesTable:
    """Answers from the table. Names are qualified as one imports them: re-exports count, each by itself.

    Answers about releases that the table does not cover are "don't know": ask `covers` first.
    """

    # Sections

    @cached_property
    def _modules(self) -> _Section:
        return _Section("modules")

    @cached_property
    def _keywords(self) -> _Section:
        return _Section("keywords")

    @cached_property
    def _members(self) -> _Section:
        return _Section("members")

    @cached_property
    def _settings(self) -> _Section:
        return _Section("settings")

    @cached_property
    def _meta(self) -> _Section:
        return _Section("meta")

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases that the table covers, in order."""
        return self._settings.releases

    def covers(self, release: Release) -> bool:
        """Whether the table knows a release."""
        return release in self.releases

    # Names

    @cached_property
    def _module_cache(self) -> dict[tuple[str, Release], frozenset[bytes]]:
        return {}

    def members(self, module: str, release: Release) -> frozenset[bytes] | None:
        """The public names of a module, as bytes; None if the release has no such module."""
        key = module, release
        known = self._module_cache.get(key)
        if known is None:
            known = self._read_members(module, release)
            # Of what checked code calls modules and what is none nothing is kept: there is no end of it.
            if known is not None:
                self._module_cache[key] = known
        return known

    def _read_members(self, module: str, release: Release) -> frozenset[bytes] | None:
        section = self._modules
        row = section.row(module)
        if row is None or not section.holds(row[0], release):
            return None
        found: set[bytes] = set()
        for group in row[1:]:
            spans, *names = group.split(b" ")
            if spans != b"<" and section.holds(spans, release):
                found.update(names)
        return frozenset(found)

    @cache  # noqa: B019 -- one table lives as long as the process
    def modules(self, release: Release) -> frozenset[bytes]:
        """The modules of a release."""
        section = self._modules
        return frozenset(name for name, spans, *_ in section.rows() if section.holds(spans, release))

    def is_module(self, name: str, release: Release | None = None) -> bool:
        """Whether a release (or any) has the module."""
        section = self._modules
        row = section.row(name)
        return row is not None and (release is None or section.holds(row[0], release))

    def is_dynamic(self, module: str, release: Release) -> bool:
        """Whether a module, or one around it, makes names at run time: what it lacks can't be told."""
        section = self._modules
        parts = module.split(".")
        for end in range(len(parts), 0, -1):
            row = section.row(".".join(parts[:end]))
            if row is not None:
                spans = row[0].partition(b"*")[2]
                if section.holds(spans, release):
                    return True
        return False

    def presence(self, name: str) -> Presence | None:
        """Where a module, a member of a module, or a member of a class is found; None: nowhere."""
        section = self._modules
        row = section.row(name)
        if row is not None:
            return section.presence(row[0])
        module, _, member = name.rpartition(".")
        row = section.row(module)
        if row is not None:
            return _find(section, row, member)
        row = self._members.row(canonical(module))
        return None if row is None else _find(self._members, row, member)

    def exists(self, name: str, release: Release) -> bool:
        """Whether a release has the name."""
        presence = self.presence(name)
        return presence is not None and release in presence

    def since(self, name: str) -> Release | None:
        """The first release that has the name; None if none has."""
        presence = self.presence(name)
        return None if presence is None else presence.since

    def removed(self, name: str) -> Release | None:
        """The release that dropped the name; None if none ever had it, or the newest one still does."""
        presence = self.presence(name)
        return None if presence is None else presence.gone_in

    def origin(self, name: str) -> str | None:
        """Where a name that is gone had been imported from; None where it was defined."""
        module, _, member = name.rpartition(".")
        row = self._modules.row(module)
        for group in row or ():
            if group.startswith(b"< "):
                for pair in group.split(b" ")[1:]:
                    if pair.startswith(f"{member}=".encode()):
                        return pair.partition(b"=")[2].decode()
        return None

    def homes(self, member: str, release: Release) -> list[str]:
        """The modules of a release that define a public name, or take it from below them; the shortest first."""
        section = self._modules
        found = []
        for match in re.finditer(rb" %s(?=[ \t\n])" % re.escape(member.encode()), section.data):
            start = section.data.rindex(b"\n", 0, match.start()) + 1
            group = section.data.rindex(b"\t", start, match.start()) + 1
            spans = section.data[group : section.data.index(b" ", group)]
            if spans != b"<" and not spans.endswith(b"^") and section.holds(spans, release):
                found.append(section.data[start : section.data.index(b"\t", start)].decode())
        return sorted(found, key=lambda module: (module.count("."), len(module), module))

    # Arguments

    def keywords(self, callable_: str, release: Release) -> Taken | None:
        """What a callable takes by name in a release; None where that is not known.

        Known are callables that got keywords after they came: of the others there is nothing to tell.
        """
        section = self._keywords
        row = self._keyword_row(callable_)
        if row is None or not section.holds(row[0], release):
            return None
        names: set[str] = set()
        for group in row[1:]:
            spans, *found = group.decode().split(" ")
            if section.holds(spans.encode(), release):
                names.update(found)
        return Taken(frozenset(names - {"**"}), "**" in names)

    def keyword_presence(self, callable_: str, keyword: str) -> Presence | None:
        """The releases in which a callable takes a keyword."""
        row = self._keyword_row(callable_)
        return None if row is None else _find(self._keywords, row, keyword)

    def _keyword_row(self, callable_: str) -> list[bytes] | None:
        name = canonical(callable_)
        row = self._keywords.row(name)
        if row is not None and row[0].startswith(b"="):
            row = self._keywords.row(row[0][1:].decode())
        return row

    @cache  # noqa: B019 -- one table lives as long as the process
    def newer_keywords(self, release: Release) -> dict[bytes, frozenset[bytes]]:
        """The keywords that callables of `release` take only later: to the callables' last components."""
        section = self._keywords
        found: dict[bytes, set[bytes]] = {}
        homes: dict[bytes, set[bytes]] = {}
        letter = section.letters[release]
        for name, *row in section.rows():
            last = name.rpartition(b".")[2]
            if row[0].startswith(b"="):
                homes.setdefault(row[0][1:], set()).add(last)
                continue
            homes.setdefault(name, set()).add(last)
            if not section.holds(row[0], release) or all(ord(group[:1]) <= letter for group in row[1:]):
                continue
            taken: set[bytes] = set()
            later: set[bytes] = set()
            for group in row[1:]:
                spans, *names = group.split(b" ")
                if section.holds(spans, release):
                    taken.update(names)
                elif spans[-2] > letter:
                    later.update(names)
            if b"**" not in taken:
                for keyword in later - {b"**"}:
                    found.setdefault(keyword, set()).add(name)
        return {
            keyword: frozenset(last for name in names for last in homes[name])
            for keyword, names in found.items()
        }

    @cached_property
    def late_keywords(self) -> frozenset[str]:
        """The keywords that some callable got after it came."""
        found: set[bytes] = set()
        for _, there, *groups in self._keywords.rows():
            for group in groups if not there.startswith(b"=") else ():
                if group[:1] > there[:1]:
                    found.update(group.split(b" ")[1:])
        return frozenset(keyword.decode() for keyword in found - {b"**"})

    # Settings and model options

    def setting(self, name: str) -> Setting | None:
        """A setting, if any release reads it."""
        row = self._settings.row(name)
        if row is None:
            return None
        return Setting(self._settings.presence(row[0]), row[1].decode() if len(row) > 1 else "")

    @cached_property
    def settings(self) -> frozenset[str]:
        """Every setting that any release reads."""
        return frozenset(row[0].decode() for row in self._settings.rows())

    @cached_property
    def late_settings(self) -> frozenset[str]:
        """The settings that came after the table's first release."""
        return _late(self._settings)

    def meta_option(self, name: str) -> Presence | None:
        """The releases in which a model's Meta may have an option."""
        row = self._meta.row(name)
        return None if row is None else self._meta.presence(row[0])

    @cached_property
    def meta_options(self) -> frozenset[str]:
        """Every option that a model's Meta has in any release."""
        return frozenset(row[0].decode() for row in self._meta.rows())

    @cached_property
    def late_meta_options(self) -> frozenset[str]:
        """The options that came after the table's first release."""
        return _late(self._meta)


def _late(section: _Section) -> frozenset[str]:
    return frozenset(name.decode() for name, spans, *_ in section.rows() if spans[:1] > _LETTERS[:1])


def _find(section: _Section, row: Iterable[bytes], member: str) -> Presence | None:
    wanted = member.encode()
    for group in row:
        spans, *names = group.split(b" ")
        if wanted in names and spans != b"<":
            return section.presence(spans)
    return None


@cache
def names_table() -> NamesTable:
    """The table that is shipped."""
    return NamesTable()

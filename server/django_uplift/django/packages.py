"""Which releases of well-known packages declare which Django, as they say it themselves.

The facts are the trove classifiers of each release on the package index; ``dev/package_support.py`` makes the table.
A release may work with a Django that it does not declare: what is said of it must say 'declares'.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import Release

TABLE = Path(__file__).with_name("packages.txt")


class Support(NamedTuple):
    """The first and last release of a package that declare one Django."""

    first: str
    last: str


class Package(NamedTuple):
    """What is known of one package. `allowed`: Djangos that no release declares and its requirements let in."""

    name: str
    latest: str
    support: Mapping[Release, Support]
    allowed: frozenset[Release]


class PackageTable(NamedTuple):
    """`releases` are the Djangos that the table knows of, `packages` are by normalised name."""

    as_of: str
    releases: tuple[Release, ...]
    packages: Mapping[str, Package]


@cache
def package_table() -> PackageTable:
    """The table that is shipped."""
    return parse(TABLE.read_text("ascii"))


def parse(text: str) -> PackageTable:
    """Read a table. Raises `ValueError` for one that is not in order.

    A line is a package: its name, its latest release, and for each Django "4.2=FIRST..LAST", or "4.2?" where it is
    allowed and not declared. Before them stand the day of the facts and the Djangos that were asked about.
    """
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    as_of, *releases = lines[0].split()
    packages: dict[str, Package] = {}
    for line in lines[1:]:
        name, latest, *cells = line.split()
        support: dict[Release, Support] = {}
        allowed: set[Release] = set()
        for cell in cells:
            if cell.endswith("?"):
                allowed.add(Release.parse(cell[:-1]))
                continue
            release, _, versions = cell.partition("=")
            first, _, last = versions.partition("..")
            support[Release.parse(release)] = Support(first, last)
        packages[name] = Package(name, latest, support, frozenset(allowed))
    return PackageTable(as_of, tuple(map(Release.parse, releases)), packages)


def render(table: PackageTable) -> str:
    """The text that `parse` reads."""
    lines = [
        "# Releases of packages that declare Django releases; made by dev/package_support.py, do not edit.",
        " ".join([table.as_of, *map(str, table.releases)]),
    ]
    for package in sorted(table.packages.values()):
        cells = [package.name, package.latest]
        for release in table.releases:
            if (declared := package.support.get(release)) is not None:
                cells.append(f"{release}={declared.first}..{declared.last}")
            elif release in package.allowed:
                cells.append(f"{release}?")
        lines.append(" ".join(cells))
    return "\n".join(lines) + "\n"

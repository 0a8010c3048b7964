"""Keeps the table of packages and the Djangos that they declare: ``python -m django_uplift.dev.package_support``.

``NAME ...`` looks those packages up anew, with pip alone: which releases there are, and of each what its metadata says,
which pip reads without installing or unpacking more than it must. ``--facts FILE`` takes over facts that were gathered
elsewhere: a JSON object whose ``packages`` hold, by name, ``latest``, ``latest_django_requirement`` and ``support``,
that is by Django release the first and last release with its ``classifier``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from django_uplift.django.packages import TABLE, Package, PackageTable, Support, package_table, render
from django_uplift.django.releases import Release

# Older releases of a package than these can't declare any Django of the table.
_MOST_RELEASES = 40
_CLASSIFIER = r"Framework :: Django :: (\d+\.\d+)"


def taken_over(facts: Mapping[str, Any]) -> PackageTable:
    """The table of gathered facts. Packages that declare no Django at all are left out: they tell nothing."""
    packages: dict[str, Package] = {}
    releases: set[Release] = set()
    for name, fact in facts["packages"].items():
        support: dict[Release, Support] = {}
        allowed: set[Release] = set()
        for text, told in fact.get("support", {}).items():
            release = Release.parse(text)
            releases.add(release)
            if declared := told.get("classifier"):
                support[release] = Support(declared["first"], declared["last"])
            elif _contains(fact.get("latest_django_requirement"), release):
                allowed.add(release)
        if support:
            packages[name] = Package(name, fact["latest"], support, frozenset(allowed))
    return PackageTable(facts["_generated"], tuple(sorted(releases)), packages)


def looked_up(name: str, releases: Sequence[Release]) -> Package | None:
    """What the package index says of one package today; None if no release of it declares a Django."""
    declared: dict[Release, list[Version]] = {}
    allowed: frozenset[Release] = frozenset()
    versions = sorted(_versions(name), reverse=True)[:_MOST_RELEASES]
    for version in versions:
        metadata = _metadata(name, version)
        if metadata is None:
            continue
        for classifier in metadata.get("classifier", ()):
            if match := re.fullmatch(_CLASSIFIER, classifier):
                declared.setdefault(Release.parse(match[1]), []).append(version)
        if version == versions[0]:
            allowed = frozenset(release for release in releases if _lets_in(metadata, release))
    support = {
        release: Support(str(min(found)), str(max(found)))
        for release in releases
        if (found := declared.get(release))
    }
    if not support:
        return None
    return Package(canonicalize_name(name), str(versions[0]), support, allowed - support.keys())


def _versions(name: str) -> Iterator[Version]:
    done = _pip("index", "versions", name)
    listed = re.search(r"^Available versions: (.*)$", done, re.MULTILINE)
    for text in listed[1].split(", ") if listed else ():
        yield Version(text)


def _metadata(name: str, version: Version) -> dict[str, Any] | None:
    try:
        report = _pip(
            *("install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:"),
            *("--ignore-requires-python", "--report", "-", f"{name}=={version}"),
        )
    except subprocess.CalledProcessError:
        return None
    installs = json.loads(report)["install"]
    return dict(installs[0]["metadata"]) if installs else None


def _lets_in(metadata: Mapping[str, Any], release: Release) -> bool:
    for text in metadata.get("requires_dist", ()):
        wanted = Requirement(text)
        if canonicalize_name(wanted.name) == "django" and "extra" not in str(wanted.marker or ""):
            return _contains(str(wanted.specifier), release)
    return True


def _contains(specifier: str | None, release: Release) -> bool:
    return f"{release}.0" in SpecifierSet(specifier or "")


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main(argv: Sequence[str]) -> int:
    """Write the table."""
    if len(argv) == 2 and argv[0] == "--facts":
        table = taken_over(json.loads(Path(argv[1]).read_text("utf-8")))
    elif argv and not argv[0].startswith("-"):
        table = package_table()
        packages = dict(table.packages)
        for name in argv:
            found = looked_up(name, table.releases)
            packages.pop(canonicalize_name(name), None)
            if found is not None:
                packages[found.name] = found
        today = datetime.now(timezone.utc).date().isoformat()
        table = table._replace(packages=packages, as_of=today)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    TABLE.write_text(render(table), "ascii")
    print(f"{len(table.packages)} packages in {TABLE.name}, {TABLE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

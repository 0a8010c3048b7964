"""The Django release that a project's code must work on, and how we know."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import KNOWN, LATEST, RELEASED, Release
from django_uplift.project.config import Settings
from django_uplift.project.files import FileStore
from django_uplift.project.requirements import Declared, declared


class Target(NamedTuple):
    """A release and where it was found, in words for the user."""

    release: Release
    origin: str
    is_assumed: bool = False
    """Whether nobody says so: the code may have to run on any Django."""


def detect(
    settings: Settings,
    store: FileStore,
    *,
    environment: Path | None = None,
    problems: list[str] | None = None,
) -> Target:
    """The target of a project: as configured, else as its requirements tell, else the latest release.

    Requirements tell the lowest release that they allow, because what we suggest must work on all of them.
    `environment` is an active virtual environment, looked at last. Raises `ConfigError` for a configured
    release that Django doesn't have.
    """
    if settings.target_version is not None:
        wanted = _configured(settings, "target-version", settings.target_version)
        return Target(wanted, _shown(settings.source("target-version"), settings.root))
    found = declared_target(settings, store, environment=environment, problems=problems)
    return found or Target(LATEST, "nothing declares Django: assuming the latest release", True)


def declared_target(
    settings: Settings,
    store: FileStore,
    *,
    environment: Path | None = None,
    problems: list[str] | None = None,
) -> Target | None:
    """The lowest release that the project's requirements allow; None if they tell none."""
    for statements in _lists(settings, store, environment, [] if problems is None else problems):
        # One list may hold a line for each Python version.
        told = [
            (release, statement)
            for statement in statements
            if (release := lowest_release(statement.specifier)) is not None
        ]
        if told:
            release, statement = min(told, key=lambda pair: pair[0])
            return Target(release, statement.origin)
    return None


def from_release(settings: Settings) -> Release | None:
    """The release that the project says it comes from. Raises `ConfigError`."""
    if settings.from_version is None:
        return None
    return _configured(settings, "from-version", settings.from_version)


def _configured(settings: Settings, option: str, text: str) -> Release:
    try:
        return Release.parse(text)
    except ValueError as error:
        raise settings.error(option, text, str(error)) from None


def _shown(source: str, root: Path) -> str:
    return os.path.relpath(source, root) if os.path.isabs(source) else source


def _lists(
    settings: Settings, store: FileStore, environment: Path | None, problems: list[str]
) -> Iterator[list[Declared]]:
    """The statements about Django, those of one list together, nearest folder first."""
    statements = itertools.chain.from_iterable(
        declared(folder, store, environment=environment, problems=problems, shown_from=settings.root)
        for folder in requirement_folders(settings.root)
    )
    for _, group in itertools.groupby(statements, key=lambda statement: (statement.path, statement.source)):
        yield list(group)


def requirement_folders(root: Path) -> Iterator[Path]:
    """Where to look: the project, its folders with a manage.py, and what is above it in its repository.

    A repository often has its requirements at the top and manage.py in a folder, or the other way round.
    """
    yield root
    try:
        names = sorted(os.listdir(root))
    except OSError:
        names = []
    for name in names:
        if os.path.isfile(root / name / "manage.py"):
            yield root / name
    above = [root, *root.parents]
    top = next((n for n, folder in enumerate(above) if os.path.exists(folder / ".git")), 0)
    yield from above[1 : top + 1]


# 1.11.29 had the highest number so far.
_PATCHES = range(30)


def lowest_release(specifier: str) -> Release | None:
    """The lowest known release that a PEP 440 specifier allows; None if it tells none.

    Without a lower bound it is the highest released one: ``<5.0`` means 4.2, not 1.4.
    What lies beyond the releases that we know counts as the nearest of them.
    """
    if not specifier:
        return None
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        clauses = SpecifierSet(specifier)
        # Versions that a clause names may be pre-releases, or of releases that we don't know.
        named = [Version(clause.version.removesuffix(".*")) for clause in clauses]
    except (InvalidSpecifier, InvalidVersion):
        return None
    operators = {clause.operator for clause in clauses}
    if operators <= {"!="}:
        return None
    has_lower = not operators <= {"<", "<=", "!="}
    releases = KNOWN if has_lower else RELEASED
    texts = ["0", *(f"{release}.{patch}" for release in releases for patch in _PATCHES), "9999"]
    versions = sorted({*named, *map(Version, texts)})
    allowed = clauses.filter(versions if has_lower else reversed(versions), prereleases=True)
    near = (max(releases[0], min(Release(version.major, version.minor), releases[-1])) for version in allowed)
    return next((release for release in near if release in releases), None)

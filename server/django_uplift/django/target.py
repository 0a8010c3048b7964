"""The Django release that a project's code must work on, and how we know."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
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
    return Target(LATEST, "nothing declares Django: assuming the latest release")


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
        for folder in _folders(settings.root)
    )
    for _, group in itertools.groupby(statements, key=lambda statement: (statement.path, statement.source)):
        yield list(group)


def _folders(root: Path) -> Iterator[Path]:
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


_SIMPLE = r"(~=|==|!=|<=|>=|<|>)(\d+(?:\.\d+)*)(\.\*)?"
_Numbers = tuple[int, ...]


def lowest_release(specifier: str) -> Release | None:
    """The lowest known release that a PEP 440 specifier allows; None if it tells none.

    Without a lower bound it is the highest released one: ``<5.0`` means 4.2, not 1.4.
    What lies beyond the releases that we know counts as the nearest of them.
    """
    clauses = [clause for clause in specifier.split(",") if clause]
    lower = [clause for clause in clauses if not clause.startswith(("<", "!="))]
    upper = [clause for clause in clauses if clause.startswith("<")]
    if not lower and not upper:
        return None
    allows = _simple(clauses) or _packaging(clauses)
    if allows is None:
        return None
    if lower:
        found = next((release for release in KNOWN if allows(release)), None)
    else:
        found = next((release for release in reversed(RELEASED) if allows(release)), None)
    return found if found is not None else _beyond(lower, upper)


def _beyond(lower: list[str], upper: list[str]) -> Release | None:
    lowest = [_numbers(clause)[:2] for clause in lower]
    if lowest and min(lowest) > KNOWN[-1]:
        return KNOWN[-1]
    exact = [_numbers(clause)[:2] for clause in lower if clause.startswith("==")]
    if any(numbers < KNOWN[0] for numbers in exact) or any(
        _numbers(clause)[:2] <= KNOWN[0] for clause in upper
    ):
        return KNOWN[0]
    return None


def _numbers(clause: str) -> _Numbers:
    match = re.search(r"\d+(?:\.\d+)*", clause)
    return _padded(tuple(map(int, match[0].split(".")))) if match else (0, 0, 0)


def _padded(numbers: _Numbers) -> _Numbers:
    return numbers + (0,) * (3 - len(numbers))


_Allows = Callable[[Release], bool]
_LAST_MICRO = 1_000_000


def _simple(clauses: list[str]) -> _Allows | None:
    """The test for clauses of plain numbers; None if there are others.

    Nearly all clauses are plain, and importing packaging takes longer than the rest of the detection.
    """
    tests: list[tuple[str, _Numbers, _Numbers]] = []
    mentioned: list[_Numbers] = []
    for clause in clauses:
        match = re.fullmatch(_SIMPLE, clause)
        if match is None:
            return None
        operator, numbers = match[1], tuple(map(int, match[2].split(".")))
        if match[3]:
            if operator not in ("==", "!="):
                return None
            tests.append((operator + "*", numbers, numbers))
        elif operator == "~=":
            if len(numbers) < 2:
                return None
            tests.append((">=", _padded(numbers), numbers))
            tests.append(("==*", numbers[:-1], numbers))
        else:
            tests.append((operator, _padded(numbers), numbers))
        mentioned.append(_padded(numbers))

    def allows(release: Release) -> bool:
        return any(
            all(_holds(version, *test[:2]) for test in tests) for version in _versions(release, mentioned)
        )

    return allows


def _versions(release: Release, mentioned: list[_Numbers]) -> Iterator[_Numbers]:
    """Enough versions of a release to tell whether any is allowed: its ends, and those around a clause's."""
    yield (*release, 0)
    yield (*release, _LAST_MICRO)
    for numbers in mentioned:
        if numbers[:2] == release:
            micro = numbers[2]
            yield from ((*release, near) for near in (micro - 1, micro, micro + 1) if near >= 0)


def _holds(version: _Numbers, operator: str, numbers: _Numbers) -> bool:
    if operator == "==*":
        return version[: len(numbers)] == numbers
    if operator == "!=*":
        return version[: len(numbers)] != numbers
    if operator == "==":
        return version == numbers
    if operator == "!=":
        return version != numbers
    if operator == ">=":
        return version >= numbers
    if operator == "<=":
        return version <= numbers
    return version > numbers if operator == ">" else version < numbers


def _packaging(clauses: list[str]) -> _Allows | None:
    """The test for clauses with pre-releases and the like; None if PEP 440 knows no such clause."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(",".join(clauses))
    except InvalidSpecifier:
        return None
    texts = [specifier.version.removesuffix(".*") for specifier in specifiers]
    mentioned = [_numbers(text) for text in texts]

    def allows(release: Release) -> bool:
        own = [text for text, numbers in zip(texts, mentioned, strict=True) if numbers[:2] == release]
        near = (".".join(map(str, version)) for version in _versions(release, mentioned))
        return any(specifiers.contains(text, prereleases=True) for text in (*own, *near))

    return allows

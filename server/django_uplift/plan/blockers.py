"""What stands in a hop's way outside of the code: Python versions and packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.packages import Package, Support, package_table
from django_uplift.django.releases import Release, pythons
from django_uplift.plan.model import PackageBlocker, PythonBlocker
from django_uplift.project.files import FileStore
from django_uplift.project.installed import ForDjango, installed_for_django
from django_uplift.project.pythons import DeclaredPython, declared_pythons
from django_uplift.project.requirements import Declared, declared

Show = Callable[[Path], str]
Statement = DeclaredPython | Declared | ForDjango


class Declarations(NamedTuple):
    """What a project declares, read once for all hops."""

    pythons: tuple[DeclaredPython, ...] = ()
    packages: tuple[Declared, ...] = ()
    """One statement a package, the most deliberate one that tells a version."""
    installed: tuple[ForDjango, ...] = ()
    """The installed packages that the table of packages does not have."""

    @classmethod
    def of(cls, found: Iterable[Statement | None]) -> Declarations:
        """Those that `read_declarations` found."""
        known = [statement for statement in found if statement is not None]
        return cls(
            tuple(statement for statement in known if isinstance(statement, DeclaredPython)),
            tuple(statement for statement in known if isinstance(statement, Declared)),
            tuple(
                {
                    statement.name: statement for statement in known if isinstance(statement, ForDjango)
                }.values()
            ),
        )


def read_declarations(
    folders: Sequence[Path], store: FileStore, environment: Path | None
) -> Iterator[Statement | None]:
    """Read what the project in the first of `folders` declares; the others are asked for what it is silent about.

    Comes in pieces, some of them None, because lock files are long: who has other things to do does them in between.
    """
    for folder in folders:
        if found := tuple(declared_pythons(folder, store)):
            yield from found
            break
    for name in package_table().packages:
        yield _telling(name, folders, store, environment)
    for package in installed_for_django(folders, store, environment):
        yield package if package is not None and package.name not in package_table().packages else None


def _telling(
    name: str, folders: Sequence[Path], store: FileStore, environment: Path | None
) -> Declared | None:
    """The statement that says which release is in use: the first pin, else the first statement at all."""
    first: Declared | None = None
    for folder in folders:
        for statement in declared(folder, store, name, environment=environment, shown_from=folders[0]):
            if pinned(statement.specifier) is not None:
                return statement
            first = first or statement
        if first is not None:
            return first
    return first


def pinned(specifier: str) -> str | None:
    """The version of a specifier that allows a single one."""
    if specifier.startswith("==") and "," not in specifier and "*" not in specifier:
        return specifier.lstrip("=")
    return None


def python_blockers(
    found: Iterable[DeclaredPython], before: Release, after: Release, shown: Show
) -> Iterator[PythonBlocker]:
    """The statements that name or allow a Python on which `after` does not run."""
    needed, now = pythons(after), pythons(before)
    if needed is None:
        return
    for statement in found:
        if statement.oldest < needed.oldest:
            yield PythonBlocker(
                statement.text,
                statement.source,
                shown(statement.path),
                statement.line,
                ".".join(map(str, needed.oldest)),
                now is not None and now.newest >= needed.oldest,
            )


def package_blockers(
    found: Iterable[Declared], before: Release, after: Release, shown: Show
) -> Iterator[PackageBlocker]:
    """The packages of which no release that the project allows declares `after`."""
    table = package_table()
    if after not in table.releases:
        return
    for statement in found:
        package = table.packages[statement.name]
        support = package.support.get(after)
        if support is not None and _reaches(statement.specifier, support, package):
            continue
        yield PackageBlocker(
            package.name,
            statement.text,
            statement.source,
            shown(statement.path),
            statement.line,
            None if support is None else support.first,
            support is not None and _overlap(package.support.get(before), support),
            after in package.allowed,
            package.latest,
            "",
        )


def installed_blockers(found: Iterable[ForDjango], after: Release, shown: Show) -> Iterator[PackageBlocker]:
    """The installed packages that rule `after` out, or declare older releases alone."""
    for package in found:
        declared = [release for text in package.declares if (release := _release(text)) is not None]
        allowed = _allows(package.requires, after)
        if not allowed:
            says = f"requires Django {package.requires}"
        elif declared and max(declared) < after:
            says = f"declares Django up to {max(declared)}"
        else:
            continue
        name = f"{package.name} {package.version}"
        path = shown(package.path)
        yield PackageBlocker(
            package.name,
            name,
            "installed",
            path,
            0,
            None,
            possible_before=False,
            allowed=allowed,
            latest="",
            says=says,
        )


def _release(text: str) -> Release | None:
    try:
        return Release.parse(text)
    except ValueError:
        return None


def _allows(specifier: str, release: Release) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        clauses = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    # Some of its patch releases.
    return any(f"{release}.{patch}" in clauses for patch in range(40))


def _reaches(specifier: str, support: Support, package: Package) -> bool:
    """Whether a release that declares it is among those that a specifier allows, as far as is known."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        first, last = Version(support.first), Version(support.last)
        pin = pinned(specifier)
        if pin is not None:
            # One beyond the last of which we know that it declares this Django is newer than the table, or dropped it.
            version = Version(pin)
            return first <= version <= last or version > Version(package.latest)
        clauses = SpecifierSet(specifier)
    except (InvalidSpecifier, InvalidVersion):
        return True  # What it says is not understood: silent.
    # Only the ends of the range are known; an upper bound within it leaves the first, or what lies before the bound.
    named = [Version(clause.version.removesuffix(".*")) for clause in clauses]
    between = [version for version in named if first <= version <= last]
    return any(version in clauses for version in (first, last, *between))


def _overlap(before: Support | None, after: Support) -> bool:
    from packaging.version import Version

    return before is not None and Version(after.first) <= Version(before.last)

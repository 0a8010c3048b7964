"""Packages beside Django, whose removals an upgrade of Django brings with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django_uplift.api import Release, Rule


class Package(NamedTuple):
    """A package, and which of its releases go with which Django.

    `declares` maps Django releases, oldest first, to the package's first release that declares support for them (its
    classifiers on PyPI; the release notes where it has none).
    """

    title: str
    declares: Mapping[str, str]

    def needed(self, target: Release) -> str:
        """The package's first release for a Django."""
        known = [(Release.parse(django), release) for django, release in self.declares.items()]
        return next((release for django, release in reversed(known) if django <= target), known[0][1])

    def brings(self, release: str) -> str | None:
        """The first Django for which no release of the package before `release` declares support."""
        wanted = _numbers(release)
        return next((django for django, first in self.declares.items() if _numbers(first) >= wanted), None)


class PackageRule(Rule):
    """Mixin of the kinds: the versions are those of a package.

    What a package drops is gone for a project at the first Django that no older release of the package declares, so
    Django's releases follow: every supported pair of the two lacks it then.
    """

    def __init__(
        self, *arguments: Any, package: Package, removed: str, deprecated: str = "", **rest: Any
    ) -> None:
        self.package = package
        self.removed = removed
        self.deprecated = deprecated
        rest["removed_in"] = package.brings(removed)
        rest["deprecated_in"] = package.brings(deprecated) if deprecated else None
        super().__init__(*arguments, **rest)

    def since(self, target: Release) -> str:
        """When the package drops it, and what that has to do with the target."""
        title, needed = self.package.title, self.package.needed(target)
        if self.removed_in is not None and target >= self.removed_in:
            also = "" if needed == self.removed else f" (Django {target} needs {needed} or newer)"
            return f"was removed in {title} {self.removed}{also}"
        when = f"is removed in {title} {self.removed}"
        if self.removed_in is not None:
            when += f", which Django {self.removed_in} needs"
        if self.deprecated and _numbers(needed) >= _numbers(self.deprecated):
            return f"is deprecated since {title} {self.deprecated} and {when}"
        return when


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))

"""Django's feature releases: which exist, which are supported for long, and the Pythons that they run on."""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

_VERSION = r"\s*[vV]?(\d+)\.(\d+)(?:\.\d+)*(?:[-_.]?(?:alpha|beta|a|b|c|rc|dev|post)\d*)*\s*"


class Release(NamedTuple):
    """A feature release, such as 4.2; its bug-fix releases behave alike for us."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> Release:
        """The release that "4.2", "4.2.11" or "4.2rc1" belongs to.

        Raises `ValueError`, naming the nearest known releases, if Django has none such.
        """
        if match := re.fullmatch(_VERSION, text):
            release = cls(int(match[1]), int(match[2]))
            if release in _KNOWN:
                return release
        near = _nearest(text)
        raise ValueError(f"{text!r} is no Django release; the nearest are {', '.join(map(str, near))}")

    @property
    def is_lts(self) -> bool:
        """Whether it gets (or got) security fixes for three years."""
        return self in LTS

    @property
    def is_released(self) -> bool:
        """Whether it was out when this version of django-uplift was made."""
        return self <= LATEST


RELEASED: tuple[Release, ...] = (
    *(Release(1, minor) for minor in range(4, 12)),
    *(Release(major, minor) for major in range(2, 6) for minor in range(3)),
    Release(6, 0),
    Release(6, 1),
)
LATEST = RELEASED[-1]

# Announced, so that removals planned for them can be named.
FUTURE: tuple[Release, ...] = (Release(6, 2), Release(7, 0))

KNOWN: tuple[Release, ...] = RELEASED + FUTURE
_KNOWN = frozenset(KNOWN)

LTS: frozenset[Release] = frozenset(
    Release(*numbers) for numbers in ((1, 4), (1, 8), (1, 11), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2))
)


class PythonRange(NamedTuple):
    """The oldest and newest Python that a release's documentation names, both included."""

    oldest: tuple[int, int]
    newest: tuple[int, int]


# https://docs.djangoproject.com/en/stable/faq/install/#what-python-version-can-i-use-with-django
# and its older editions. 1.11 also ran on 2.7.
PYTHONS: dict[Release, PythonRange] = {
    Release(1, 11): PythonRange((3, 4), (3, 7)),
    Release(2, 0): PythonRange((3, 4), (3, 7)),
    Release(2, 1): PythonRange((3, 5), (3, 7)),
    Release(2, 2): PythonRange((3, 5), (3, 9)),
    Release(3, 0): PythonRange((3, 6), (3, 9)),
    Release(3, 1): PythonRange((3, 6), (3, 9)),
    Release(3, 2): PythonRange((3, 6), (3, 10)),
    Release(4, 0): PythonRange((3, 8), (3, 10)),
    Release(4, 1): PythonRange((3, 8), (3, 11)),
    Release(4, 2): PythonRange((3, 8), (3, 12)),
    Release(5, 0): PythonRange((3, 10), (3, 12)),
    Release(5, 1): PythonRange((3, 10), (3, 13)),
    Release(5, 2): PythonRange((3, 10), (3, 14)),
    Release(6, 0): PythonRange((3, 12), (3, 14)),
    Release(6, 1): PythonRange((3, 12), (3, 14)),
}


def pythons(release: Release) -> PythonRange | None:
    """The Pythons that a release runs on; None before 1.11 and for releases still to come."""
    return PYTHONS.get(release)


def release_notes_url(release: Release) -> str:
    """Where Django's documentation says what changed in `release`."""
    edition = "stable" if release.is_released else "dev"
    return f"https://docs.djangoproject.com/en/{edition}/releases/{release}/"


def _nearest(text: str) -> tuple[Release, ...]:
    numbers = [int(number) for number in re.findall(r"\d+", text)[:2]]
    if not numbers:
        return RELEASED[-3:]
    if len(numbers) == 1:
        numbers = [numbers[0] // 10, numbers[0] % 10] if numbers[0] >= 10 else [numbers[0], 2]
    above = bisect.bisect_left(KNOWN, (numbers[0], numbers[1]))
    first = min(max(above - 2, 0), len(KNOWN) - 3)
    return KNOWN[first : first + 3]

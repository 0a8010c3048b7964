"""A plan, as data. Front ends render it; nothing in it knows how.

Everything is frozen and made of plain values, so that its JSON form and the schema of that follow from the types alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django_uplift.django.releases import Release


class Readiness(Enum):
    """Who can mend a finding, and when."""

    NOW = "now"
    """A safe fix makes it right on the release that the project runs on as well."""
    LATER = "later"
    """A safe fix is there, but what it writes is newer than the project's release: it waits for a hop."""
    PERSON = "person"
    """Somebody must decide, with or without a suggestion."""


class Counts(NamedTuple):
    """How many findings, by `Readiness`."""

    now: int = 0
    later: int = 0
    person: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.now + self.later + self.person


@dataclass(frozen=True, slots=True)
class Place:
    """One finding. Lines and columns count from 1, columns in characters; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    app: str
    """The Django app, as a dotted path below the root."""
    rule: str
    message: str
    readiness: Readiness
    breaks_in: Release | None
    """The release without the thing; None where none is planned."""
    fixable_on: Release | None
    """For `later`: the hop's release on which the fix can be made."""
    fix: str | None
    """What the best fix does; for `person` it is a suggestion."""
    in_settings: bool
    """Whether it is a Django setting."""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a reader wants to know of a rule that found something."""

    code: str
    slug: str
    family: str
    title: str
    deprecated_in: Release | None
    removed_in: Release | None
    link: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule found something, of what breaks in one release."""

    rule: str
    breaks_in: Release | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class AppCount:
    """What breaks in one app on the whole way."""

    app: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class PythonBlocker:
    """A statement of the project that names or allows a Python too old for a hop."""

    declared: str
    source: str
    path: str
    line: int
    needs: str
    """The oldest Python that the hop's release runs on, such as "3.12"."""
    possible_before: bool
    """Whether the release before the hop runs on that Python too, so that it can be changed first."""


@dataclass(frozen=True, slots=True)
class PackageBlocker:
    """A package of which the release in use does not declare the hop's Django."""

    name: str
    declared: str
    source: str
    path: str
    line: int
    needs: str | None
    """The first release that declares it; None where none is known to."""
    possible_before: bool
    """Whether some release declares both the Django before the hop and the one after."""
    allowed: bool
    """Where `needs` is None: whether the newest release's own requirements let it be installed all the same.

    Then nothing blocks, and nobody has said that it works.
    """
    latest: str
    """The newest release known; empty for a package of which only the installed release is known."""
    says: str
    """For such a package: what that release says of Django."""

    @property
    def blocks(self) -> bool:
        """Whether a release is needed that the project does not allow, or that there is not."""
        return self.needs is not None or not self.allowed


@dataclass(frozen=True, slots=True)
class Hop:
    """One raise of Django's version, and all that stands in its way."""

    start: Release
    goal: Release
    is_lts: bool
    counts: Counts
    rules: tuple[RuleCount, ...]
    places: tuple[Place, ...]
    pythons: tuple[PythonBlocker, ...]
    packages: tuple[PackageBlocker, ...]
    python_range: str
    """The Pythons that the goal runs on; empty where unknown."""
    databases: tuple[str, ...]
    """The oldest versions of the databases that the goal works with, where they rise with this hop."""
    notes: str
    """Where Django says what changed."""

    @property
    def settings(self) -> tuple[Place, ...]:
        """The findings that are about settings."""
        return tuple(place for place in self.places if place.in_settings)

    @property
    def files(self) -> int:
        """How many files have a finding."""
        return len({place.path for place in self.places})


@dataclass(frozen=True, slots=True)
class Stage:
    """Findings that belong to no hop."""

    counts: Counts
    rules: tuple[RuleCount, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """Findings of a family that no release of Django decides about."""

    family: str
    count: int
    files: int


class StepKind(Enum):
    """What a step of the work is about."""

    PYTHON = "python"
    REPAIR = "repair"
    FIX = "fix"
    PERSON = "person"
    PACKAGES = "packages"
    RAISE = "raise"


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of the work."""

    kind: StepKind
    on: Release
    """The Django that the project runs on while it is done."""
    title: str
    detail: str
    count: int
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from `start` to `goal`."""

    root: str
    start: Release
    start_origin: str
    goal: Release
    goal_origin: str
    files: int
    not_checked: int
    """Files that could not be read or parsed in full."""
    counts: Counts
    """Of what breaks between start and goal."""
    hops: tuple[Hop, ...]
    broken: Stage
    """What the start lacks already."""
    beyond: Stage
    """What Django deprecates, and the goal still has."""
    aside: tuple[Aside, ...]
    apps: tuple[AppCount, ...]
    rules: tuple[RuleFacts, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]

    @property
    def blockers(self) -> int:
        """How many packages and Python versions block, each counted once."""
        pythons = {(b.path, b.line, b.source) for hop in self.hops for b in hop.pythons}
        return len(pythons) + len({b.name for hop in self.hops for b in hop.packages if b.blocks})

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands in the way, as far as can be seen."""
        return not (self.counts.total or self.broken.counts.total or self.blockers)


def counted(places: Iterable[Place]) -> Counts:
    """The counts of some findings."""
    tally = dict.fromkeys(Readiness, 0)
    for place in places:
        tally[place.readiness] += 1
    return Counts(tally[Readiness.NOW], tally[Readiness.LATER], tally[Readiness.PERSON])

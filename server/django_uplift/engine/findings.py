"""Findings and fixes: what a rule says, before any front end gives it a form."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django_uplift.syntax.imports import Need
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.django.releases import Release
    from django_uplift.engine.rule import Rule


class Severity(IntEnum):
    """How much a finding matters, ordered. Hints alone do not fail a ``--check``."""

    HINT = 1
    INFORMATION = 2
    WARNING = 3
    ERROR = 4

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the model is, ordered (ARCHITECTURE, 'What counts as proof')."""

    POSSIBLE = 1
    LIKELY = 2
    PROVEN = 3

    def __str__(self) -> str:
        return self.name.lower()


class Safety(Enum):
    """What applying a fix may change."""

    SAFE = "safe"
    """Behaviour stays as it is."""
    UNSAFE = "unsafe"
    """Behaviour may change: the fix's title says how."""
    DISPLAY = "display"
    """A suggestion to look at: applied one by one, never by a fix-all."""


class Change(NamedTuple):
    """A fix, rendered: edits of the file, the imports that they need, and imports that go.

    Imports that the edits leave without a use go by themselves.
    """

    edits: tuple[Edit, ...]
    needs: tuple[Need, ...] = ()
    drops: tuple[ast.alias, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding.

    `build` renders it when somebody asks, and returns None where it finds that it can't.
    """

    title: str
    build: Callable[[], Change | None] = field(repr=False, compare=False)
    safety: Safety = Safety.SAFE
    reason: str = ""
    """For an unsafe fix: what may change, in a few words."""

    @property
    def label(self) -> str:
        """The title, with the reason where the fix is not safe."""
        return f"{self.title} ({self.reason})" if self.reason else self.title


class Hop(NamedTuple):
    """One step on the way from a finding to its cause. `line` and `column` are 0-based, in characters."""

    path: Path
    line: int
    column: int
    message: str


class Root(NamedTuple):
    """Where the cause of findings is: all that share a root go away when it is mended there.

    `line` and `column` are 0-based, in characters.
    """

    name: str
    """The qualified name of the function around it; empty at module level."""
    path: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about one place of one file. `span` is an offset range in the text that was checked."""

    rule: Rule
    span: Span
    message: str
    severity: Severity
    confidence: Confidence = Confidence.PROVEN
    fixes: tuple[Fix, ...] = ()
    """Alternatives, the best first."""
    trace: tuple[Hop, ...] = ()
    root: Root | None = None
    """The cause, where that lies elsewhere."""
    uses: tuple[Span, ...] = ()
    """Other places where the same thing shows; editors mark them, reports count the finding once."""
    deprecated: bool = False
    """Whether editors strike the text through."""
    gone_in: Release | None = None
    """The release without the thing, where that is not the rule's `removed_in` but differs from finding to finding."""

    @property
    def sort_key(self) -> tuple[int, int, str]:
        """By place, then by code."""
        return (self.span.start, self.span.end, self.rule.code)

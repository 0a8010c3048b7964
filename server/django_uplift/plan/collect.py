"""Findings to places: where each breaks, and who can mend it when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import Release
from django_uplift.engine.context import Context
from django_uplift.engine.findings import Change, Finding, Fix, Safety
from django_uplift.engine.fixes import render_changes
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Checked
from django_uplift.plan.apps import Apps
from django_uplift.plan.model import Aside, Place, Readiness
from django_uplift.text.lines import Lines

RuleError = Callable[[Rule, Path, Exception], None]


class Collector:
    """Takes a run's files one after the other, and keeps what the plan needs of them: no tree, no text.

    The run must be one whose target is the plan's goal, so that it finds what any release on the way drops. `stops`
    are the start and the goals of the hops.
    """

    def __init__(
        self,
        stops: tuple[Release, ...],
        apps: Apps,
        shown: Callable[[Path], str],
        on_error: RuleError,
    ) -> None:
        self._stops = stops
        self._apps = apps
        self._shown = shown
        self._on_error = on_error
        self._aside: Counter[str] = Counter()
        self._aside_files: Counter[str] = Counter()
        self.places: list[Place] = []
        self.rules: dict[str, Rule] = {}
        self.files = 0
        self.not_checked = 0

    def add(self, checked: Checked) -> None:
        """Take in one file."""
        self.files += 1
        self.not_checked += checked.problem is not None
        if not checked.findings:
            return
        lines = Lines(checked.source.text if checked.source is not None else "")
        made = self._made(checked)
        families: set[str] = set()
        for finding in checked.findings:
            rule = finding.rule
            breaks_in = finding.gone_in or rule.removed_in
            if breaks_in is None and rule.deprecated_in is None:
                self._aside[rule.family] += 1
                families.add(rule.family)
                continue
            self.rules.setdefault(rule.code, rule)
            self.places.append(self._place(checked, lines, finding, breaks_in, made.get(id(finding))))
        self._aside_files.update(families)

    @property
    def aside(self) -> tuple[Aside, ...]:
        """What no release of Django decides about, the most frequent first."""
        return tuple(Aside(name, count, self._aside_files[name]) for name, count in self._aside.most_common())

    def _place(
        self, checked: Checked, lines: Lines, finding: Finding, breaks_in: Release | None, made: Fix | None
    ) -> Place:
        line, column = lines.position(finding.span.start)
        end_line, end_column = lines.position(finding.span.end)
        readiness, fixable_on = self._readiness(finding.rule, made)
        return Place(
            path=self._shown(checked.path),
            line=line + 1,
            column=column + 1,
            end_line=end_line + 1,
            end_column=end_column + 1,
            app=self._apps.of(checked.path),
            rule=finding.rule.code,
            message=finding.message,
            readiness=readiness,
            breaks_in=breaks_in,
            fixable_on=fixable_on,
            fix=made.title if made is not None else _suggestion(finding),
            in_settings=bool(finding.rule.settings),
        )

    def _readiness(self, rule: Rule, made: Fix | None) -> tuple[Readiness, Release | None]:
        """When a finding can be mended, and for `later` on which stop."""
        since = rule.replacement_since
        if made is None:
            return Readiness.PERSON, None
        if since is None or since <= self._stops[0]:
            return Readiness.NOW, None
        return Readiness.LATER, next((stop for stop in self._stops if stop >= since), self._stops[-1])

    def _made(self, checked: Checked) -> dict[int, Fix]:
        """The safe fixes of a file that can be made, by the identity of their finding."""
        ctx = checked.context
        if ctx is None:
            return {}
        built: list[_Built] = []
        for finding in checked.findings:
            for fix in finding.fixes:
                if fix.safety is Safety.SAFE and (change := self._build(ctx, finding, fix)) is not None:
                    built.append(_Built(finding, fix, change))
                    break
        return {id(item.finding): item.fix for item in self._working(ctx, built)}

    def _working(self, ctx: Context, built: Sequence[_Built]) -> Sequence[_Built]:
        """Those whose result parses. All are tried at once, as parsing takes long; where that fails, each half."""
        if not built:
            return ()
        try:
            edits = render_changes(ctx, [item.change for item in built])
        except Exception as error:  # A rule's mistake costs its own fix alone (invariant 2).
            edits = None
            if len(built) == 1:
                self._on_error(built[0].finding.rule, ctx.path, error)
        if edits:
            return built
        if len(built) == 1:
            return ()
        middle = len(built) // 2
        return (*self._working(ctx, built[:middle]), *self._working(ctx, built[middle:]))

    def _build(self, ctx: Context, finding: Finding, fix: Fix) -> Change | None:
        try:
            change = fix.build()
        except Exception as error:
            self._on_error(finding.rule, ctx.path, error)
            return None
        return change if change is not None and (change.edits or change.needs or change.drops) else None


class _Built(NamedTuple):
    finding: Finding
    fix: Fix
    change: Change


def _suggestion(finding: Finding) -> str | None:
    """What a finding offers for somebody to look at."""
    return next((fix.label for fix in finding.fixes if fix.safety is not Safety.SAFE), None)

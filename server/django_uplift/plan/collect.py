"""Findings to places: where each breaks, and who can mend it when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import Release
from django_uplift.engine.context import Context
from django_uplift.engine.findings import Finding, Fix, Safety
from django_uplift.engine.fixes import render
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Checked
from django_uplift.plan.apps import Apps
from django_uplift.plan.model import Aside, Place, Readiness
from django_uplift.text.lines import Lines

RuleError = Callable[[Rule, Path, Exception], None]


class _Mend(NamedTuple):
    readiness: Readiness
    fixable_on: Release | None
    fix: str | None


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
        families: set[str] = set()
        for finding in checked.findings:
            rule = finding.rule
            breaks_in = finding.gone_in or rule.removed_in
            if breaks_in is None and rule.deprecated_in is None:
                self._aside[rule.family] += 1
                families.add(rule.family)
                continue
            self.rules.setdefault(rule.code, rule)
            self.places.append(self._place(checked, lines, finding, breaks_in))
        self._aside_files.update(families)

    @property
    def aside(self) -> tuple[Aside, ...]:
        """What no release of Django decides about, the most frequent first."""
        return tuple(Aside(name, count, self._aside_files[name]) for name, count in self._aside.most_common())

    def _place(self, checked: Checked, lines: Lines, finding: Finding, breaks_in: Release | None) -> Place:
        line, column = lines.position(finding.span.start)
        end_line, end_column = lines.position(finding.span.end)
        mend = self._mend(checked, finding)
        return Place(
            path=self._shown(checked.path),
            line=line + 1,
            column=column + 1,
            end_line=end_line + 1,
            end_column=end_column + 1,
            app=self._apps.of(checked.path),
            rule=finding.rule.code,
            message=finding.message,
            readiness=mend.readiness,
            breaks_in=breaks_in,
            fixable_on=mend.fixable_on,
            fix=mend.fix,
            in_settings=bool(finding.rule.settings),
        )

    def _mend(self, checked: Checked, finding: Finding) -> _Mend:
        suggestion: str | None = None
        for fix in finding.fixes:
            if fix.safety is not Safety.SAFE:
                suggestion = suggestion or fix.label
            elif checked.context is not None and self._can_be_made(checked.context, finding, fix):
                since = finding.rule.replacement_since
                if since is None or since <= self._stops[0]:
                    return _Mend(Readiness.NOW, None, fix.title)
                stop = next((stop for stop in self._stops if stop >= since), self._stops[-1])
                return _Mend(Readiness.LATER, stop, fix.title)
        return _Mend(Readiness.PERSON, None, suggestion)

    def _can_be_made(self, ctx: Context, finding: Finding, fix: Fix) -> bool:
        try:
            return bool(render(ctx, fix))
        except Exception as error:  # A rule's mistake costs its own fix alone (invariant 2).
            self._on_error(finding.rule, ctx.path, error)
            return False

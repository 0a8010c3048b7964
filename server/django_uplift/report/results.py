"""What a run hands to a report: files with their findings, one after the other, and the totals at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.target import Target
from django_uplift.engine.context import Context
from django_uplift.engine.findings import Finding, Safety, Severity
from django_uplift.engine.rule import Rule
from django_uplift.report.style import PLAIN, Style

RuleError = Callable[[Rule, Path, Exception], None]


class FileResult(NamedTuple):
    """One file after its check. `shown` is its path as the user should read it; `text` what was checked."""

    path: Path
    shown: str
    text: str
    findings: tuple[Finding, ...]
    context: Context | None = None


@dataclass(slots=True)
class Totals:
    """Counts over a run; right once its last result has passed."""

    files: int = 0
    files_with_findings: int = 0
    not_checked: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)
    rules: Counter[Rule] = field(default_factory=Counter)
    fixable: Counter[Rule] = field(default_factory=Counter)
    """Findings whose best fix is made by --fix as the run is configured."""
    unsafe: int = 0
    """Findings that --unsafe-fixes would add to those."""
    fixed: Counter[Rule] = field(default_factory=Counter)
    files_fixed: int = 0
    roots: Counter[tuple[Path, str]] = field(default_factory=Counter)
    """Findings by their common cause: its file, and the function or (at module level) the line."""
    targets: dict[str, Target] = field(default_factory=dict)
    """The target version of each project that had files, by the shown path of its root."""

    @property
    def findings(self) -> int:
        """All findings, hints included."""
        return self.severities.total()

    @property
    def failing(self) -> bool:
        """Whether there is more than hints."""
        return any(count for severity, count in self.severities.items() if severity > Severity.HINT)

    def add(self, findings: Iterable[Finding], *, unsafe: bool) -> None:
        """Count one file. `unsafe`: whether its project makes unsafe fixes."""
        self.files += 1
        any_finding = False
        for finding in findings:
            any_finding = True
            self.severities[finding.severity] += 1
            self.rules[finding.rule] += 1
            if finding.root is not None:
                self.roots[finding.root.path, finding.root.name or str(finding.root.line + 1)] += 1
            safeties = {fix.safety for fix in finding.fixes}
            first = finding.fixes[0].safety if finding.fixes else None
            if Safety.SAFE in safeties or (unsafe and first is Safety.UNSAFE):
                self.fixable[finding.rule] += 1
            elif first is Safety.UNSAFE:
                self.unsafe += 1
        self.files_with_findings += any_finding


class View(NamedTuple):
    """How a report is to look, and whom it tells of a rule that fails while a fix is rendered."""

    totals: Totals
    style: Style = PLAIN
    quiet: bool = False
    on_error: RuleError | None = None


Render = Callable[[Iterable[FileResult], View], Iterator[str]]

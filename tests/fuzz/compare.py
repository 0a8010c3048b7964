"""Puts what the product says beside what Django did."""

from __future__ import annotations

import ast
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.engine.findings import Finding
from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.text.lines import Lines
from tests.fuzz.draft import Program
from tests.fuzz.verdicts import PROJECT, Judge, Place, Verdict

FAMILY = "DUA1"
"""The codes of the rules that say: this reaches the database on the event loop."""
DECORATED = "DUA205"
"""``@transaction.atomic`` on a coroutine function: reported there, raised where the function is called."""


class Alarm(NamedTuple):
    """A finding: its lines from 1, and its file."""

    path: str
    line: int
    end: int
    code: str
    message: str


class Outcome(NamedTuple):
    """One program, judged twice."""

    program: Program
    verdict: Verdict
    alarms: tuple[Alarm, ...]
    kind: str
    """'caught', 'missed', 'silent', 'false' (an alarm where nothing happens), or 'left out'."""
    wrong: tuple[Alarm, ...] = ()
    """The alarms on places where nothing happens."""
    fix: str = ""
    """'' (nothing to fix), 'good', 'partial', 'none' (no safe fix), or what is wrong with the result."""
    fixed: str = ""
    """The fixed text of the main module, where the fix is wrong."""


class Product:
    """The engine on a project that holds all programs."""

    def __init__(self, programs: Sequence[Program], release: str) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="uplift-fuzz-")).resolve()
        shutil.copytree(PROJECT, self.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        folder = self.root / "programs"
        folder.mkdir()
        (folder / "__init__.py").touch()
        for program in programs:
            for path, text in program.files.items():
                (self.root / path).write_text(text)
        overrides = {"target_version": release, "min_confidence": "likely"}
        workspace = Workspace(FileStore(), overrides, isolated=True, base=self.root)
        self.failures: list[str] = []
        self.engine = Engine(load(), workspace, self._failed)
        self._alarms: dict[str, tuple[Alarm, ...]] = {}

    def _failed(self, rule: object, path: Path, error: Exception) -> None:
        self.failures.append(
            f"{path.name}: {getattr(rule, 'code', rule)} raised {type(error).__name__}: {error}"
        )

    def alarms(self, path: str) -> tuple[Alarm, ...]:
        """The findings of the family on one file."""
        if path not in self._alarms:
            checked = self.engine.check(self.root / path)
            text = checked.source.text if checked.source else ""
            found = [
                finding for finding in checked.findings if finding.rule.code.startswith((FAMILY, DECORATED))
            ]
            self._alarms[path] = tuple(_alarms(path, text, found))
        return self._alarms[path]

    def fix(self, path: str, text: str) -> tuple[str, bool]:
        """The text after all safe fixes, and whether findings remain."""
        fixed = self.engine.fix_text(
            self.root / path, text, unsafe=False, only=lambda finding: finding.rule.code.startswith(FAMILY)
        )
        return fixed.text, bool(fixed.remaining)

    def close(self) -> None:
        """Remove the project."""
        shutil.rmtree(self.root, ignore_errors=True)


def _alarms(path: str, text: str, findings: Sequence[Finding]) -> Iterator[Alarm]:
    lines = Lines(text)
    for finding in findings:
        start, end = lines.position(finding.span.start)[0], lines.position(finding.span.end)[0]
        yield Alarm(path, start + 1, end + 1, finding.rule.code, finding.message)


class Statements:
    """The statements of a text by line: what belongs to one line's statement, without the blocks in it."""

    def __init__(self, text: str) -> None:
        self._spans: list[tuple[int, int]] = []
        self._functions: list[tuple[int, int]] = []
        self._visit(ast.parse(text))

    def _visit(self, node: ast.AST) -> None:
        for child in ast.walk(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._functions.append((child.lineno, child.end_lineno or child.lineno))
            if not isinstance(child, (ast.stmt, ast.match_case, ast.ExceptHandler)):
                continue
            start = _line(child)
            if (
                isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                and child.decorator_list
            ):
                start = child.decorator_list[0].lineno
            end = getattr(child, "end_lineno", None) or start
            inner = child.cases if isinstance(child, ast.Match) else getattr(child, "body", None)
            # A class's body runs with its statement.
            if inner and not isinstance(child, ast.ClassDef):
                end = max(start, _line(inner[0]) - 1)
            self._spans.append((start, end))

    def span(self, line: int) -> tuple[int, int]:
        """The first and last line of the smallest statement around a line."""
        around = [span for span in self._spans if span[0] <= line <= span[1]]
        return min(around, key=lambda span: span[1] - span[0], default=(line, line))

    def function(self, line: int) -> tuple[int, int]:
        """The lines of the innermost function around a line."""
        around = [span for span in self._functions if span[0] <= line <= span[1]]
        return min(around, key=lambda span: span[1] - span[0], default=(1, 1))


def _line(node: ast.stmt | ast.match_case | ast.ExceptHandler) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


def _meets(alarm: Alarm, place: Place, statements: Statements) -> bool:
    if alarm.path != place.path:
        return False
    start, end = statements.span(place.line)
    return alarm.line <= end and alarm.end >= start


def compare(program: Program, verdict: Verdict, product: Product) -> Outcome:
    """Where they differ."""
    alarms = tuple(alarm for path in program.files for alarm in product.alarms(path))
    if verdict.kind == "error" or program.undecidable:
        return Outcome(program, verdict, alarms, "left out")
    if verdict.kind == "completes":
        return Outcome(program, verdict, alarms, "false" if alarms else "silent", alarms)
    known = {path: Statements(text) for path, text in program.files.items()}
    first = verdict.places[0]
    if first.path not in known:
        # In the project's own asynchronous code: one finding there serves all programs.
        known[first.path] = Statements((PROJECT / first.path).read_text())
        found = product.alarms(first.path)
    else:
        found = alarms
    caught = any(_meets(alarm, first, known[first.path]) or alarm.code == DECORATED for alarm in found)
    return Outcome(program, verdict, alarms, "caught" if caught else "missed", _wrong(alarms, verdict, known))


def _wrong(alarms: Sequence[Alarm], verdict: Verdict, known: dict[str, Statements]) -> tuple[Alarm, ...]:
    """Alarms on lines that ran before the one that raised, and did nothing."""
    places = [place for place in (*verdict.places, *verdict.allowed) if place.path in known]
    first = verdict.places[0]
    wrong = []
    for alarm in alarms:
        if any(_meets(alarm, place, known[place.path]) for place in places) or alarm.path != first.path:
            continue
        statements = known[alarm.path]
        start, end = statements.function(first.line)
        if start <= alarm.line < first.line and statements.function(alarm.line) == (start, end):
            wrong.append(alarm)
    return tuple(wrong)


def check_fixes(outcomes: Sequence[Outcome], product: Product, judge: Judge) -> list[Outcome]:
    """Apply what is safe, and run the results."""
    jobs: list[tuple[int, dict[str, str], bool]] = []
    results = list(outcomes)
    for number, outcome in enumerate(outcomes):
        if outcome.kind == "left out" or not outcome.alarms:
            continue
        files, remains = {}, False
        for path, text in outcome.program.files.items():
            files[path], left = product.fix(path, text)
            remains = remains or left
        if files == outcome.program.files:
            results[number] = outcome._replace(fix="none")
            continue
        try:
            for path, text in files.items():
                compile(text, path, "exec")
        except SyntaxError as error:
            results[number] = outcome._replace(fix=f"does not compile: {error}", fixed=_joined(files))
            continue
        jobs.append((number, files, remains))
    verdicts = judge.judge((outcomes[number].program.module, files) for number, files, _ in jobs)
    for (number, files, remains), after in zip(jobs, verdicts, strict=True):
        outcome = outcomes[number]
        problem = _problem(outcome.verdict, after, remains)
        results[number] = outcome._replace(
            fix=problem, fixed=_joined(files) if problem not in ("good", "partial") else ""
        )
    return results


def _joined(files: dict[str, str]) -> str:
    return "\n".join(f"# --- {path}\n{text}" for path, text in files.items())


def _problem(before: Verdict, after: Verdict, remains: bool) -> str:
    if after.kind == "error":
        alike = _exception(after.error) == _exception(before.error)
        return "good" if alike and not remains else "partial" if alike else f"fails: {after.error}"
    if after.kind == "raises":
        return "partial" if remains else f"still raises at line {after.places[0].line}"
    if before.result != after.result and before.result is not None:
        return f"gives {after.result} in place of {before.result}"
    return "partial" if remains else "good"


def _exception(error: str | None) -> str:
    return (error or "").partition(":")[0]


class Score(NamedTuple):
    """Counts of one group of programs."""

    caught: int
    missed: int
    false: int
    silent: int

    @property
    def recall(self) -> float:
        """Of those that raise, the part with an alarm at the place."""
        return self.caught / (self.caught + self.missed) if self.caught + self.missed else 1.0

    @property
    def precision(self) -> float:
        """Of the programs with alarms, the part in which all are right."""
        return self.caught / (self.caught + self.false) if self.caught + self.false else 1.0


def score(outcomes: Sequence[Outcome]) -> Score:
    """A group's counts; alarms on harmless lines of a program that raises elsewhere are false, too."""
    kinds = Counter(outcome.kind for outcome in outcomes)
    extra = sum(outcome.kind in ("caught", "missed") and bool(outcome.wrong) for outcome in outcomes)
    return Score(kinds["caught"], kinds["missed"], kinds["false"] + extra, kinds["silent"])

"""What all modes of the command line share: rules, settings, files, and what went wrong on the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.django.releases import Release
from django_uplift.engine import registry as rules
from django_uplift.engine.findings import Finding, Severity
from django_uplift.engine.registry import Registry
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import SYNTAX_ERROR, UNREADABLE, Checked, Engine, Project
from django_uplift.project.config import ConfigError, Settings, check_selectors, override
from django_uplift.project.discovery import Excludes, find_files
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.report.paths import shown
from django_uplift.report.results import FileResult, Totals
from django_uplift.syntax.templates import SUFFIXES, language_of
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.types.jedi_bridge import JediBridge

STDIN = "stdin.py"
JEDI_PATIENCE = 60.0
"""Seconds that a run waits for jedi, all in all."""


class Session:
    """One run. `failed` says that something other than a finding went wrong, which ends in exit code 2."""

    def __init__(self, options: Options, console: Console) -> None:
        """Raises `ConfigError` for a wrong command line."""
        self.options = options
        self.console = console
        self.failed = False
        self.totals = Totals()
        self.registry: Registry = rules.load()
        self._overrides = self._read_overrides()
        self._store = FileStore()
        config = None if options.config is None else Path(options.config)
        self.workspace = Workspace(
            self._store,
            self._overrides,
            config=config,
            isolated=options.isolated,
            base=Path.cwd(),
            environment=active_environment(),
        )
        self._bridge: JediBridge | None = None
        self.engine = Engine(
            self.registry,
            self.workspace,
            self.rule_failed,
            explain_syntax=True,
            bridge=self._jedi,
            remembers=_may_remember(options),
        )
        self._projects: dict[Path, Project | None] = {}
        self._unreached: list[tuple[Path, str]] = []
        self._told: set[str] = set()
        for sentence in self.registry.missing:
            self.failed = True
            self._tell(f"{sentence}. The other rules run.")
        if config is not None:
            self.workspace.settings_in(Path.cwd())

    def _read_overrides(self) -> dict[str, Any]:
        options = self.options
        given: dict[str, Any] = {
            "target_version": options.target_version,
            "select": options.select,
            "ignore": options.ignore,
            "extend_select": options.extend_select,
            "min_confidence": options.min_confidence,
            "unsafe_fixes": options.unsafe_fixes,
        }
        if options.target_version is not None:
            try:
                Release.parse(options.target_version)
            except ValueError as error:
                raise ConfigError(None, 0, f"--target-version: {error}") from None
        self._check_selectors(override(Settings(Path.cwd()), **given))
        return given

    def _check_selectors(self, settings: Settings) -> None:
        names = [name for rule in self.registry.rules for name in (rule.code, rule.slug)]
        check_selectors(
            settings,
            lambda selector: bool(self.registry.matching(selector)),
            [*names, *self.registry.families, "ALL"],
        )

    def _jedi(self) -> JediBridge:
        from django_uplift.types.jedi_bridge import JediBridge

        if self._bridge is None:
            self._bridge = JediBridge(self.console.warning, patience=JEDI_PATIENCE)
        return self._bridge

    # What goes wrong

    def rule_failed(self, rule: Rule, path: Path, error: Exception) -> None:
        """A rule raised: a mistake of ours (or of a pack's), which costs the run its exit code alone."""
        self.failed = True
        where = f"rule {rule.code} ({rule.slug}) failed on {shown(path)}"
        self._tell(f"{where}: {_described(error)}. The other rules went on; please report this.")

    def config_wrong(self, error: ConfigError) -> None:
        """A configuration is not in order: its project is left out."""
        self.failed = True
        self._tell(config_message(error))

    def file_failed(self, path: Path, error: Exception) -> None:
        """Something of ours raised outside the rules."""
        self.failed = True
        self._tell(
            f"checking {shown(path)} failed: {_described(error)}. The other files went on: please report it."
        )
        if self.options.verbose:
            import traceback

            self.console.note("".join(traceback.format_exception(error)))

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self.console.error(message)

    # Files

    def files(self) -> list[Path]:
        """The files to look at; what can't be reached is told of."""
        # Absolute, as the rest of the engine has them: paths are compared there.
        named = [Path(path).absolute() for path in self.options.paths or ["."]]

        def on_problem(path: Path, message: str) -> None:
            if path in named and not path.exists():
                self.failed = True
                self._tell(f"{shown(path)}: {message}")
            elif path.name in (".gitignore", "exclude"):
                self.console.warning(f"{shown(path)}: {message}")
            else:
                self._unreached.append((path, message))

        suffixes = (".py", *SUFFIXES) if self._wants_templates() else (".py",)
        found = find_files(named, on_problem=on_problem, excludes=self._excludes, suffixes=suffixes)
        return [path for path in found if path in named or language_of(path) is not None]

    def _wants_templates(self) -> bool:
        """Whether a rule about templates may run: a project's configuration may still turn it off."""
        options = self.options
        chosen = self.registry.select(options.select or (), options.extend_select or (), options.ignore or ())
        return any("template" in rule.languages for rule in chosen)

    def _excludes(self, folder: Path) -> Excludes:
        try:
            return self.workspace.excludes_for(folder)
        except ConfigError as error:
            self.config_wrong(error)
            return Excludes(folder)

    def unreached(self) -> Iterator[FileResult]:
        """Findings for folders and files that the walk could not read."""
        rule = self.registry.get(UNREADABLE)
        for path, message in self._unreached:
            project = self.project_of(path)
            if rule is None or project is None or rule not in project.rules:
                self.console.warning(f"{shown(path)}: not checked: {message}")
                continue
            finding = Finding(rule, Span(0, 0), f"not checked: {message}", Severity.ERROR)
            self.count((finding,), project)
            self.totals.not_checked += 1
            yield FileResult(path, shown(path), "", (finding,))

    def read(self, path: Path) -> bytes:
        """A file's bytes. Raises `OSError`."""
        return self._store.read(path)

    def stdin(self) -> Path:
        """Let standard input stand for the file that it is said to be, and give its path."""
        path = Path(self.options.stdin_filename or STDIN).absolute()
        self._store.set_overlay(path, sys.stdin.buffer.read())
        return path

    def project_of(self, path: Path) -> Project | None:
        """The project of a file; None, and the user is told, if its configuration is wrong."""
        folder = path.parent
        if folder not in self._projects:
            try:
                project = self.engine.project_of(path)
                if project not in self._projects.values():
                    self._check_selectors(project.settings)
            except ConfigError as error:
                self.config_wrong(error)
                self._projects[folder] = None
            except (
                Exception
            ) as error:  # Reading what strangers wrote about their project raises for no input, too.
                self.file_failed(folder, error)
                self._projects[folder] = None
            else:
                self._projects[folder] = project
                root = shown(project.settings.root)
                if root not in self.totals.targets:
                    self.totals.targets[root] = project.target
                    self.console.note(
                        f"{root}: target Django {project.target.release} ({project.target.origin})"
                    )
        return self._projects[folder]

    def count(self, findings: tuple[Finding, ...], project: Project) -> None:
        """Count one file's findings."""
        self.totals.add(findings, unsafe=project.settings.unsafe_fixes)

    def warn_unchecked(self, checked: Checked) -> None:
        """Tell of a file that could not be checked, where it is no finding."""
        if checked.problem is not None:
            line = "" if checked.source is None else f":{checked.problem.line + 1}"
            self.console.warning(f"{shown(checked.path)}{line}: not checked: {checked.problem.message}")

    def result(self, checked: Checked, project: Project) -> FileResult:
        """One file's result, counted."""
        self.count(checked.findings, project)
        if checked.problem is not None:
            self.totals.not_checked += 1
            if not any(finding.rule.slug in (SYNTAX_ERROR, UNREADABLE) for finding in checked.findings):
                # Its rule is deselected: then it is no finding, but never nothing.
                self.warn_unchecked(checked)
        text = checked.source.text if checked.source is not None else ""
        return FileResult(checked.path, shown(checked.path), text, checked.findings, checked.context)


def _may_remember(options: Options) -> bool:
    """Whether findings may come from an earlier run: not where edits are wanted, or a text that is on no disk."""
    edits = options.fix or options.diff or options.plan or options.output_format == "json"
    return (options.check or options.statistics) and not (options.no_cache or edits or options.paths == ["-"])


def active_environment() -> Path | None:
    """The virtual environment that the command was called in."""
    folder = os.environ.get("VIRTUAL_ENV")
    return Path(folder) if folder else None


def config_message(error: ConfigError) -> str:
    """What to tell the user of a configuration that is not in order."""
    if error.path is None:
        return error.message
    place = f"{shown(error.path)}:{error.line}" if error.line else shown(error.path)
    return f"{place}: {error.message}"


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

"""What is known of one document, and the engine calls that find it out: the work of the worker's thread."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django_uplift.lsp.documents import Snapshot, moved
from django_uplift.text.edits import difference

if TYPE_CHECKING:
    from django_uplift.engine.context import Context
    from django_uplift.engine.dispatch import Typing
    from django_uplift.engine.findings import Finding
    from django_uplift.engine.registry import Registry
    from django_uplift.engine.run import Engine
    from django_uplift.lsp.surroundings import Surroundings
    from django_uplift.names.summary import ModuleSummary
    from django_uplift.project.config import ConfigError, Settings
    from django_uplift.project.files import FileStore
    from django_uplift.syntax.parse import SyntaxProblem
    from django_uplift.syntax.segments import SegmentedTree
    from django_uplift.types.jedi_bridge import JediBridge

log = logging.getLogger(__name__)

SYNTAX_ERROR = "syntax-error"
# Where packages are installed, also outside of all roots: editors open them to show a definition.
_PACKAGES = frozenset({"site-packages", "dist-packages"})


class Folder(NamedTuple):
    """A root of the workspace, with the editor's settings for it; without a path, what lies in none."""

    path: Path | None
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Analysis:
    """One document's findings at one state of its text.

    Where the text does not parse, `problem` says why, and `findings` are those of what does parse and those of the
    last text that did, moved along with the edits since. `is_full` says that nothing is still to come: a quick
    analysis has the findings of slow rules from the one before, and any may wait for jedi's answers.
    """

    snapshot: Snapshot
    findings: tuple[Finding, ...]
    context: Context | None = None
    problem: SyntaxProblem | None = None
    generation: int = 0
    """The `Analyst.generation` in which it was made."""
    is_full: bool = True


class Reach(NamedTuple):
    """Which other files a change may concern: all, or those that hold a word."""

    everywhere: bool = False
    word: str = ""


class _Roof(NamedTuple):
    """The engines of one folder, best first: each stands in while the settings of those before are wrong."""

    folder: Folder
    engines: tuple[Engine, ...]


class Analyst:
    """The engine as the server uses it.

    `complain` is told, in a sentence for the user, of what is wrong with the settings; `report` of files that
    hold wrong ones, with the error, or None once they are right again. `answered` is called, on another thread, when
    analyses that were not full can be made again.
    """

    def __init__(
        self,
        complain: Callable[[str], None],
        report: Callable[[Path, ConfigError | None], None],
        answered: Callable[[], None] = lambda: None,
    ) -> None:
        self._complain = complain
        self._report = report
        self._answered = answered
        self._bridge: JediBridge | None = None
        self._registry: Registry | None = None
        self._store: FileStore | None = None
        self._roofs: list[_Roof] = []
        self._around: dict[Path, Surroundings] = {}
        self._wrong: dict[Path, str] = {}
        self._known: dict[str, Analysis] = {}
        self._summaries: dict[str, ModuleSummary] = {}
        self._completed: dict[str, int] = {}
        self._overlaid: dict[Path, Snapshot] = {}
        self._trees: dict[str, SegmentedTree] = {}
        self._typing: dict[str, tuple[int, Typing | None]] = {}
        self._left_out: dict[Path, bool] = {}
        self._unsaved: set[str] = set()
        """The documents that were opened with another text than the file's."""
        self.generation = 0
        """Grows with everything but a document's own text that its findings may depend on."""

    # Set-up

    @property
    def registry(self) -> Registry:
        """The rules, loaded when they are first wanted: after the client has its answer to ``initialize``."""
        if self._registry is None:
            from django_uplift.engine.registry import Registry, load

            try:
                self._registry = load()
            except Exception as error:  # a pack may raise anything when it is imported
                log.exception("the rules could not be loaded")
                self._complain(f"the rules could not be loaded, so nothing is checked: {error}")
                self._registry = Registry(())
            for sentence in self._registry.missing:
                log.error("%s", sentence)
                self._complain(f"{sentence}. The other rules run.")
        return self._registry

    def warm_up(self) -> None:
        """Import what the first check needs, and find the rules."""
        from importlib import import_module

        for name in ("engine.run", "project.workspace", "syntax.segments"):
            import_module(f"django_uplift.{name}")
        _ = self.registry

    @property
    def store(self) -> FileStore:
        """The files, with the open documents laid over them."""
        if self._store is None:
            from django_uplift.project.files import FileStore

            self._store = FileStore()
        return self._store

    def _jedi(self) -> JediBridge:
        """The way to jedi, one for all folders."""
        if self._bridge is None:
            from django_uplift.types.jedi_bridge import JediBridge

            self._bridge = JediBridge(self._complain)
        return self._bridge

    def configure(self, folders: Sequence[Folder]) -> None:
        """Start afresh under these folders, of which one must have no path, and settings. Open texts stay."""
        from django_uplift.engine.run import Engine
        from django_uplift.project.config import ConfigError, check_selectors, override_mapping
        from django_uplift.project.workspace import Workspace

        registry = self.registry
        self._roofs.clear()
        self._left_out.clear()
        self._around.clear()
        for folder in folders:
            given = self._options(folder)

            def override(settings: Settings, options: Mapping[str, Any]) -> Settings:
                settings = override_mapping(settings, options)
                try:
                    names = [name for rule in registry.rules for name in (rule.code, rule.slug)]
                    check_selectors(
                        settings, lambda s: bool(registry.matching(s)), (*names, *registry.families)
                    )
                except ConfigError as error:
                    self._complain(str(error))
                return settings

            engines = (
                Engine(
                    registry,
                    Workspace(
                        self.store, partial(override, options=options), base=folder.path, isolated=isolated
                    ),
                    bridge=self._jedi,
                    answered=self._answered,
                    remembers=True,
                )
                for options, isolated in ((given, False), ({}, False), (given, True), ({}, True))
            )
            self._roofs.append(_Roof(folder, tuple(engines)))
        # The deepest folder that holds a file decides.
        self._roofs.sort(
            key=lambda roof: len(roof.folder.path.parts) if roof.folder.path else 0, reverse=True
        )
        self.generation += 1
        self._summaries.clear()

    def _options(self, folder: Folder) -> dict[str, Any]:
        """The engine's options among the editor's settings, those that are wrong left out."""
        from django_uplift.project.config import ConfigError, Settings, override_mapping

        right: dict[str, Any] = {}
        for key, value in folder.options.items():
            try:
                override_mapping(Settings(folder.path or Path()), {key: value})
            except ConfigError as error:
                self._complain(str(error))
            else:
                right[key] = value
        return right

    def _roof_of(self, path: Path) -> _Roof:
        return next(
            roof for roof in self._roofs if roof.folder.path is None or path.is_relative_to(roof.folder.path)
        )

    def engine_for(self, path: Path) -> Engine:
        """The engine that answers for a file: with all its settings, or without those that are wrong."""
        from django_uplift.project.config import ConfigError

        roof = self._roof_of(path)
        for engine in roof.engines:
            try:
                engine.project_of(path)
            except ConfigError as error:
                self._note(error)
            else:
                return engine
        return roof.engines[-1]

    def is_left_out(self, path: Path) -> bool:
        """Whether a check of the workspace leaves a file out: excluded, ignored by git, or of an installed package."""
        known = self._left_out.get(path)
        if known is None:
            known = self._left_out[path] = self._is_left_out(path)
        return known

    def _is_left_out(self, path: Path) -> bool:
        from django_uplift.project.config import ConfigError
        from django_uplift.project.discovery import is_excluded

        workspace = self.engine_for(path).workspace
        root = self._roof_of(path).folder.path
        inside = path if root is None else path.relative_to(root)
        if not _PACKAGES.isdisjoint(inside.parts):
            return True
        for folder in {path.parent, root or path.parent}:
            with contextlib.suppress(ConfigError, OSError):
                if is_excluded(path, workspace.excludes_for(folder)):
                    return True
        return False

    def engine_at(self, path: Path, target: str) -> Engine:
        """An engine of its own that checks a file's project for another target. What is open counts for it too."""
        from django_uplift.engine.run import Engine
        from django_uplift.project.config import override

        workspace = self.engine_for(path).workspace
        return Engine(
            self.registry, workspace.overridden(lambda settings: override(settings, target_version=target))
        )

    def around(self, path: Path) -> Surroundings:
        """Where in the upgrade a file stands. Known anew with the settings; an app that comes later waits for them."""
        from django_uplift.lsp.surroundings import surroundings

        folder = path.parent
        if folder not in self._around:
            root = next(
                (
                    roof.folder.path
                    for roof in self._roofs
                    if roof.folder.path is not None and path.is_relative_to(roof.folder.path)
                ),
                None,
            )
            self._around[folder] = surroundings(folder, self.engine_for(path), self.store, root)
        return self._around[folder]

    def save(self) -> None:
        """Write down what is to be remembered when the server starts again."""
        for roof in self._roofs:
            for engine in roof.engines:
                engine.save()

    def files_of(self, engine: Engine, folder: Path) -> list[Path]:
        """The files in a folder that an engine has rules for, templates among them."""
        return list(self._walk(engine, folder))

    def _walk(self, engine: Engine, folder: Path) -> Iterator[Path]:
        from django_uplift.project.discovery import find_files
        from django_uplift.syntax.templates import SUFFIXES, language_of

        for path in find_files(
            [folder],
            on_problem=lambda path, message: log.info("%s: %s", path, message),
            excludes=engine.workspace.excludes_for,
            suffixes=(".py", *SUFFIXES),
        ):
            if language_of(path) is not None:
                yield path

    def _note(self, error: ConfigError) -> None:
        at = error.path or Path()
        if self._wrong.get(at) == str(error):
            return
        self._wrong[at] = str(error)
        self._complain(f"{error}. Until this is mended the file's settings are left out.")
        if error.path is not None:
            self._report(error.path, error)

    def forget_settings(self) -> None:
        """Read all configuration again when it is next needed."""
        for path in self._wrong:
            self._report(path, None)
        self._wrong.clear()
        self._left_out.clear()
        self._around.clear()
        for roof in self._roofs:
            for engine in roof.engines:
                engine.workspace.invalidate()
                engine.forget()
        self.generation += 1

    def forget_file(self, path: Path) -> None:
        """A file changed, came or went on the disk."""
        self.generation += 1
        for roof in self._roofs:
            for engine in roof.engines:
                engine.forget(path)

    # Documents

    def analyse(
        self,
        snapshot: Snapshot,
        *,
        quick: bool = False,
        alone: bool = False,
        interrupt: Callable[[], None] | None = None,
    ) -> Analysis:
        """The findings of one state of a document; remembered until the next. A `quick` one may be incomplete.

        One that is also `alone` has all that can be told without other files' calls.
        """
        known = self._known.get(snapshot.uri)
        if known is not None and known.snapshot is snapshot and known.generation == self.generation:
            if known.is_full or (quick and not alone):
                return known
        analysis = self._analyse(snapshot, known, quick, alone, interrupt)
        self._known[snapshot.uri] = analysis
        snapshot.forget_steps()
        return analysis

    def _analyse(
        self,
        snapshot: Snapshot,
        known: Analysis | None,
        quick: bool,
        alone: bool,
        interrupt: Callable[[], None] | None,
    ) -> Analysis:
        if not (snapshot.is_python or snapshot.is_template):
            return Analysis(snapshot, (), generation=self.generation)
        engine = self.engine_for(snapshot.path)
        self._overlay(snapshot, engine)
        if snapshot.is_file and self.is_left_out(snapshot.path):
            return Analysis(snapshot, (), generation=self.generation)
        if snapshot.is_file and snapshot.steps is None and (alone or not quick):
            recalled = engine.recall_text(snapshot.path, snapshot.text, interrupt)
            if recalled is not None:
                return Analysis(snapshot, recalled, generation=self.generation)
        tree = self._trees.get(snapshot.uri)
        if tree is None:
            from django_uplift.syntax.segments import SegmentedTree

            tree = self._trees[snapshot.uri] = SegmentedTree()
        if not quick and snapshot.is_python:
            # What does not parse in parts may parse as a whole.
            tree.update(snapshot.lines)
            tree.settle()
        before = self._typing.get(snapshot.uri)
        if snapshot.is_template or alone or (before is not None and before[0] != self.generation):
            before = None
        checked = engine.check_text(
            snapshot.path,
            snapshot.text,
            tree.update,
            lines=snapshot.lines,
            before=None if before is None else before[1],
            quick=quick,
            alone=alone,
            interrupt=interrupt,
        )
        if snapshot.is_file and not quick:
            engine.keep_text(checked, snapshot.text)
        self._typing[snapshot.uri] = self.generation, checked.typing
        problem, postponed, findings = checked.problem, checked.postponed, list(checked.findings)
        if known is not None and (problem is not None or postponed):
            places = {(finding.rule, finding.span) for finding in findings}
            findings += (
                finding
                for finding in _carried(known, snapshot)
                if (problem is not None or finding.rule in postponed)
                and finding.rule.slug != SYNTAX_ERROR
                and (finding.rule, finding.span) not in places
            )
        is_whole = not quick or (not postponed and problem is None and before is None)
        is_full = checked.is_settled and is_whole
        return Analysis(snapshot, tuple(findings), checked.context, problem, self.generation, is_full)

    def _overlay(self, snapshot: Snapshot, engine: Engine) -> None:
        """Let the others see this text. What was kept of the one before is dropped, as its tree is about to change."""
        if snapshot.is_file and self._overlaid.get(snapshot.path) is not snapshot:
            data, is_there = snapshot.text.encode("utf-8", "surrogatepass"), True
            if snapshot.path not in self._overlaid:
                try:
                    differs = self.store.read(snapshot.path) != data
                except OSError:
                    differs, is_there = True, False
                if differs:
                    # An editor has kept what was not saved. To the others that is a change.
                    self._unsaved.add(snapshot.uri)
                    self.generation += 1
            self.store.set_overlay(snapshot.path, data)
            self._overlaid[snapshot.path] = snapshot
            if not is_there:
                # Imports that led elsewhere, or nowhere, may lead to this document now.
                self.forget_file(snapshot.path)
            elif snapshot.is_python:
                # Not `engine.forget`, which also lists the project's files anew: that none came or went is known.
                engine.retyped(snapshot.path, snapshot.text)

    def context_of(self, analysis: Analysis) -> Context | None:
        """A document as a tree, parsed for this where no rule looked at it; None where it does not parse."""
        snapshot = analysis.snapshot
        if analysis.context is not None:
            return analysis.context
        context = self.engine_for(snapshot.path).context(snapshot.path, snapshot.text)
        if self._known.get(snapshot.uri) is analysis:
            self._known[snapshot.uri] = replace(analysis, context=context)
        return context

    def with_context(self, analysis: Analysis) -> Analysis:
        """An analysis with its tree, which one that was remembered is without: fixes are made of trees."""
        return replace(analysis, context=self.context_of(analysis))

    def was_completed(self, snapshot: Snapshot) -> bool:
        """Whether a document had a full analysis since it was opened, whose findings stay until the next."""
        return snapshot.uri in self._completed

    def close(self, snapshot: Snapshot) -> None:
        """The document is no longer open: the disk speaks for it again."""
        self._known.pop(snapshot.uri, None)
        self._trees.pop(snapshot.uri, None)
        self._typing.pop(snapshot.uri, None)
        self._summaries.pop(snapshot.uri, None)
        self._completed.pop(snapshot.uri, None)
        self._unsaved.discard(snapshot.uri)
        if self._overlaid.pop(snapshot.path, None) is not None:
            self.store.clear_overlay(snapshot.path)
            self.forget_file(snapshot.path)

    def complete(
        self, snapshot: Snapshot, interrupt: Callable[[], None] | None = None
    ) -> tuple[Analysis, Reach]:
        """A full analysis, and what other files a change of this one may concern."""
        if snapshot.is_python or snapshot.is_template:
            self._overlay(snapshot, self.engine_for(snapshot.path))
        is_other = snapshot.steps is not None or snapshot.uri in self._unsaved
        changed = is_other and self._completed.get(snapshot.uri) != snapshot.serial
        if changed:
            self.generation += 1
        analysis = self.analyse(snapshot, interrupt=interrupt)
        self._completed[snapshot.uri] = snapshot.serial
        if not (snapshot.is_python and snapshot.is_file):
            return analysis, Reach()
        before, now = self._summaries.get(snapshot.uri), self._summary(snapshot, analysis)
        if now is not None:
            self._summaries[snapshot.uri] = now
        if not changed:
            return analysis, Reach()
        path = snapshot.path
        return analysis, Reach(before != now, path.parent.name if path.stem == "__init__" else path.stem)

    def _summary(self, snapshot: Snapshot, analysis: Analysis) -> ModuleSummary | None:
        """What others see of a document; None where that can't be told."""
        from django_uplift.names.summary import summarise

        context = self.context_of(analysis)
        return None if context is None else summarise(context.names)

    # Files that are not open

    def files(self) -> Iterator[Path]:
        """Every file that a check of the whole workspace looks at."""
        from django_uplift.project.config import ConfigError

        seen: set[Path] = set()
        for roof in self._roofs:
            if roof.folder.path is None:
                continue
            engine = self.engine_for(roof.folder.path / "any.py")
            with contextlib.suppress(ConfigError):
                for path in self._walk(engine, roof.folder.path):
                    if path not in seen:
                        seen.add(path)
                        yield path

    def check_file(self, path: Path, interrupt: Callable[[], None] | None = None) -> Analysis | None:
        """The findings of a file on the disk; None if it can't be read as text."""
        from django_uplift.text.source import DecodeError, decode

        checked = self.engine_for(path).check(path, interrupt=interrupt)
        source = checked.source
        if source is None and checked.findings:
            try:
                source = decode(self.store.read(path))
            except (OSError, DecodeError):
                return None
        text = "" if source is None else source.text
        snapshot = Snapshot(path.as_uri(), path, True, True, None, 0, text)
        return Analysis(
            snapshot, checked.findings, checked.context, checked.problem, is_full=checked.is_settled
        )


def _carried(known: Analysis | None, snapshot: Snapshot) -> Iterator[Finding]:
    if known is None:
        return
    edits = snapshot.edits_since(known.snapshot.serial)
    if edits is None:
        edits = [difference(known.snapshot.text, snapshot.text)]
    for finding in known.findings:
        span = moved(finding.span, edits)
        if span is not None:
            uses = (moved(use, edits) for use in finding.uses)
            # Its fixes are made of a tree that is no more.
            yield replace(finding, span=span, uses=tuple(use for use in uses if use is not None), fixes=())

"""The engine: the one entry for both front ends. Files in, findings out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django_uplift.django.releases import Release
from django_uplift.django.target import Target, detect, from_release
from django_uplift.engine.cache import FindingsCache
from django_uplift.engine.context import Context, Postponed
from django_uplift.engine.dispatch import Dispatch, Match, Typing, matches
from django_uplift.engine.findings import Change, Finding, Fix, Safety, Severity
from django_uplift.engine.fixes import Fixed, converge
from django_uplift.engine.registry import Registry
from django_uplift.engine.rule import Rule
from django_uplift.names.module import ModuleNames
from django_uplift.project.config import ConfigError, Settings
from django_uplift.project.discovery import Excludes, find_files
from django_uplift.project.importers import Importers
from django_uplift.project.mentions import Mentions
from django_uplift.project.modules import Modules
from django_uplift.project.workspace import Workspace
from django_uplift.syntax.parse import SyntaxProblem, explain, parse
from django_uplift.syntax.recover import identifiers_bound
from django_uplift.syntax.segments import Read, read
from django_uplift.syntax.suppress import Suppression, find_suppressions, remove_suppression
from django_uplift.syntax.templates import Language, language_of, read_template
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines, Span
from django_uplift.text.source import DecodeError, Source, decode

if TYPE_CHECKING:
    from django_uplift.engine.oracle import Oracle
    from django_uplift.types.jedi_bridge import JediBridge

log = logging.getLogger(__name__)

# Slugs of the rules that the engine itself reports; their pages stand with the other rules.
SYNTAX_ERROR = "syntax-error"
UNREADABLE = "unreadable-file"
UNUSED_SUPPRESSION = "unused-suppression"

# Files that concern no rule need no parsing, but who checks a few files expects to hear of every syntax error: as
# many bytes of them are parsed as take a tenth of a second, unless there are so many files that it would tell little.
_SPARE = 500_000
_FEW_FILES = 300

_OUR_COMMENT = re.compile(rb"django-uplift:|#[ \t]*noqa[ \t]*:[^\r\n]*\bDU[A-Z]\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of one file after a check.

    `source` is None where the file could not be read as text; `context` is None where nothing in it concerned a rule
    or nothing of it could be parsed. `problem` is the first syntax error; `context.tree.broken` says what it cost.
    """

    path: Path
    source: Source | None
    findings: tuple[Finding, ...]
    context: Context | None = None
    problem: SyntaxProblem | None = None
    postponed: frozenset[Rule] = frozenset()
    """The rules that a quick check did not wait for."""
    is_settled: bool = True
    """Whether no answer is still to come, as one of jedi's, that may change the findings."""
    typing: Typing | None = None
    """Where the next check of a text that is typed in can begin."""


class Project:
    """One configuration's folder: settings, target, modules."""

    def __init__(self, settings: Settings, workspace: Workspace, registry: Registry) -> None:
        self.settings = settings
        environment = workspace.environment_of(settings)
        self.environment = environment
        self.target: Target = detect(settings, workspace.store, environment=environment)
        self.paths = _Lazily(lambda: _files_below(settings.root, workspace))
        self.store = workspace.store.view()
        packages = workspace.packages(settings, self.store)
        self.modules = Modules(self.store, workspace.source_roots(settings), self.paths, packages)
        self.importers = Importers(self.store, self.paths)
        self.mentions = Mentions(self.store, self.paths, settings.root, environment)
        self.origin = from_release(settings)
        off = (selector for selector, level in settings.severity.items() if level == "off")
        self.rules = frozenset(
            rule
            for rule in registry.select(settings.select, settings.extend_select, settings.ignore)
            if rule.matters(self.target.release, self.origin)
        ).difference(*map(registry.matching, off))
        self.dispatches: dict[Language, Dispatch] = {
            language: Dispatch(
                (rule for rule in self.rules if language in rule.languages), self.target.release, language
            )
            for language in ("python", "template")
        }
        self.severities: dict[Rule, Severity] = {
            rule: Severity[level.upper()]
            for selector, level in settings.severity.items()
            if level != "off"
            for rule in registry.matching(selector)
        }
        self.oracle: Oracle | None = None
        self.cache: FindingsCache | None = None
        self.ignored_in = [
            (pattern, frozenset(rule for selector in selectors for rule in registry.matching(selector)))
            for pattern, selectors in settings.per_file_ignores.items()
        ]

    def concerned(
        self,
        path: Path,
        language: Language | None,
        data: bytes,
        failed: Callable[[Rule, Path, Exception], None],
        before: Typing | None = None,
    ) -> Typing:
        """The rules that a file's bytes concern, and that are not turned off for it.

        With the state `before` what was typed meanwhile is looked at, and no more: see `still_concerned`. `failed` is
        told of rules that raise when they are asked.
        """
        if language is None:
            return Typing(data, frozenset())
        dispatch = self.dispatches[language]

        def note(rule: Rule, error: Exception) -> None:
            failed(rule, path, error)

        if before is None:
            found = Typing(data, frozenset(dispatch.concerned(data, note)))
        else:
            found = dispatch.still_concerned(data, before, note)
        ignored = self.ignored(path)
        return found._replace(rules=found.rules - ignored) if ignored else found

    def ignored(self, path: Path) -> frozenset[Rule]:
        """The rules that per-file-ignores turns off for a file."""
        if not self.ignored_in:
            return frozenset()
        inside = (
            path.relative_to(self.settings.root).as_posix()
            if path.is_relative_to(self.settings.root)
            else path.name
        )
        return frozenset().union(
            *(
                rules
                for pattern, rules in self.ignored_in
                if fnmatch(inside, pattern)
                or fnmatch(path.name, pattern)
                or fnmatch(inside, f"{pattern.rstrip('/')}/*")
            )
        )


class _Lazily:
    """An iterable that is made when it is first asked for, and kept: the analysis asks for each of its functions."""

    def __init__(self, make: Callable[[], Iterator[Path]]) -> None:
        self._make = make
        self._made: tuple[Path, ...] | None = None
        self.asked = False

    def __iter__(self) -> Iterator[Path]:
        self.asked = True
        if self._made is None:
            self._made = tuple(self._make())
        return iter(self._made)

    def forget(self) -> None:
        """Make it anew when it is asked for again."""
        self._made = None


class Engine:
    """Checks and fixes files of a workspace.

    `on_error` is told of every rule that raised; the other rules go on. `explain_syntax` takes the time to say whether
    a syntax error is one on newer Pythons too. `bridge` gives the way to jedi; with `answered`, what jedi says is not
    waited for: that is called on another thread when checks that were not settled can be made again. One that
    `remembers` keeps findings between runs; what it recalls has no context.
    """

    def __init__(
        self,
        registry: Registry,
        workspace: Workspace,
        on_error: Callable[[Rule, Path, Exception], None] | None = None,
        *,
        explain_syntax: bool = False,
        bridge: Callable[[], JediBridge] | None = None,
        answered: Callable[[], None] | None = None,
        remembers: bool = False,
    ) -> None:
        self.registry = registry
        self.workspace = workspace
        self._on_error = on_error
        self._explain_syntax = explain_syntax
        self._bridge = bridge
        self._answered = answered
        self._remembers = remembers
        self._spare = _SPARE
        self._projects: dict[Path, Project] = {}

    def project_of(self, path: Path) -> Project:
        """The project of a file. Raises `ConfigError` for a configuration that is not in order."""
        settings = self.workspace.settings_for(path)
        project = self._projects.get(settings.origin or settings.root)
        if project is None:
            project = Project(settings, self.workspace, self.registry)
            self._projects[settings.origin or settings.root] = project
            # What jedi says rests on more than we see.
            if self._remembers and not settings.jedi:
                project.cache = FindingsCache(project, self.registry, partial(self._rebuilt, project))
        return project

    def _rebuilt(self, project: Project, path: Path) -> tuple[Finding, ...]:
        return self._check(project, path, project.store.read(path)).findings

    def expect(self, files: int) -> None:
        """Say how many files are about to be checked."""
        if files > _FEW_FILES:
            self._spare = 0

    def forget(self, path: Path | None = None) -> None:
        """Drop what was remembered of a file that changed, or of everything."""
        if path is None:
            self._projects.clear()
            return
        for project in self._projects.values():
            project.modules.forget(path)
            project.paths.forget()
            if project.cache is not None:
                project.cache.changed(path)

    def retyped(self, path: Path, text: str) -> None:
        """As `forget`, for a file whose text is being typed: none has come or gone."""
        project = self.project_of(path)
        project.modules.retyped(path)
        if project.cache is not None:
            project.cache.changed(path, text)

    def fork(self, texts: Mapping[Path, str], *, select: Sequence[str] = ()) -> Engine:
        """An engine to which these texts are the files', for changes of several files at once.

        It runs the rules `select` besides those that the settings choose.
        """
        store = self.workspace.store.fork()
        for path, text in texts.items():
            store.set_overlay(path, text.encode("utf-8", "surrogatepass"))
        workspace = self.workspace.overridden(
            lambda settings: settings._replace(extend_select=(*settings.extend_select, *select)), store
        )
        return Engine(self.registry, workspace)

    # Checking

    def check(
        self, path: Path, data: bytes | None = None, interrupt: Callable[[], None] | None = None
    ) -> Checked:
        """Check one file, of the bytes given or those in the store. For `interrupt` see `check_text`."""
        if data is None:
            try:
                data = self.workspace.store.read(path)
            except OSError as error:
                return self._unreadable(path, error.strerror or str(error))
        project = self.project_of(path)
        cache = project.cache
        if cache is None:
            return self._check(project, path, data, interrupt)
        cache.prepare(interrupt)
        known = self._recalled(path, data, cache)
        if known is not None:
            return known
        has_time = self._has_time_for(data)
        checked = self._check(project, path, data, interrupt)
        if checked.problem is None:
            looked = checked.context is not None
            parsed = looked or (has_time and checked.source is not None)
            cache.keep(path, data, checked.findings if looked else None, parsed=parsed)
        return checked

    def recall_text(
        self, path: Path, text: str, interrupt: Callable[[], None] | None = None
    ) -> tuple[Finding, ...] | None:
        """What is remembered of a file with this text; None where that is nothing. For `interrupt` see `check_text`."""
        cache = self.project_of(path).cache
        if cache is None:
            return None
        cache.prepare(interrupt)
        data = text.encode("utf-8", "surrogatepass")
        parses = cache.idle(path, data)
        if parses is not None:
            return () if parses else None
        return cache.recall(path, data, lambda: len(text))

    def keep_text(self, checked: Checked, text: str) -> None:
        """Remember what a full check of a file's text has found."""
        cache = self.project_of(checked.path).cache
        if cache is None or checked.problem is not None or checked.context is None or not checked.is_settled:
            return
        cache.prepare()
        cache.keep(checked.path, text.encode("utf-8", "surrogatepass"), checked.findings, parsed=True)

    def _recalled(self, path: Path, data: bytes, cache: FindingsCache) -> Checked | None:
        idle = cache.idle(path, data)
        if idle is not None:
            if language_of(path) == "python":
                has_time = self._has_time_for(data)
                if has_time and not idle:
                    return None
                if has_time or not _surely_text(data):
                    self._spare -= len(data)
            return Checked(path, None, ())
        source: list[Source] = []

        def size() -> int:
            source.append(decode(data))
            return len(source[0].text)

        findings = cache.recall(path, data, size)
        return None if findings is None else Checked(path, source[0] if source else None, findings)

    def save(self) -> None:
        """Write down what is to be remembered; to be called when no check runs."""
        for project in self._projects.values():
            if project.cache is not None:
                project.cache.save()

    def _check(
        self, project: Project, path: Path, data: bytes, interrupt: Callable[[], None] | None = None
    ) -> Checked:
        language = language_of(path)
        concerned = project.concerned(path, language, data, self._rule_failed).rules
        idle = not concerned and not _speaks_to_us(data)
        if idle and (language != "python" or (_surely_text(data) and not self._has_time_for(data))):
            return Checked(path, None, ())
        try:
            source = decode(data)
        except DecodeError as error:
            return self._unreadable(path, str(error))
        if idle and "\0" not in source.text:
            problem = parse(source.text).problem if self._has_time_for(data) else None
            self._spare -= len(data)
            if problem is None:
                return Checked(path, source, ())
        reader = project.modules.reader_of(path) if language == "python" else read_template
        return self._check_source(path, source, project, concerned, reader, interrupt=interrupt)

    def _has_time_for(self, data: bytes) -> bool:
        return len(data) <= self._spare

    def check_text(
        self,
        path: Path,
        text: str,
        reader: Callable[[Lines], Read] = read,
        *,
        lines: Lines | None = None,
        before: Typing | None = None,
        quick: bool = False,
        alone: bool = False,
        interrupt: Callable[[], None] | None = None,
    ) -> Checked:
        """Check a text that is not on the disk; `lines` are its, if they are known.

        A `reader` that knows the text before can be faster. A `quick` check leaves out what takes long, and with the
        state `before` what the edit since can only have caused far away from it; `alone`, it has of the analysis of
        async code what this file alone proves. `interrupt` is asked now and then, and may end the check by raising a
        `BaseException` that is no `Exception`.
        """
        project, language = self.project_of(path), language_of(path)
        data = text.encode("utf-8", "surrogatepass")
        before = before if quick else None
        typing = project.concerned(path, language, data, self._rule_failed, before)
        concerned = typing.rules
        reader = reader if language == "python" else read_template
        if not concerned and not _OUR_COMMENT.search(data):
            return Checked(path, Source(text), (), typing=typing)
        # What suppresses nothing can be told when all rules have looked.
        late = None if before is None else self.registry.get(UNUSED_SUPPRESSION)
        checked = self._check_source(
            path, Source(text), project, concerned, reader, quick, interrupt, lines, late, alone
        )
        return replace(checked, typing=typing)

    def context(self, path: Path, text: str) -> Context | None:
        """What rules would see of a text; None if it does not parse."""
        lines = Lines(text)
        if language_of(path) == "template":
            tree = read_template(lines).tree
        else:
            module = parse(text).tree
            tree = None if module is None else Tree(module, lines)
        return None if tree is None else self._context(path, tree, self.project_of(path))

    def _context(self, path: Path, tree: Tree, project: Project) -> Context:
        name, is_package = project.modules.name_of(path)
        unsure = identifiers_bound("\n".join(tree.text[start:end] for start, end in tree.broken))
        names = ModuleNames(tree, name, is_package=is_package, unsure=unsure)
        ctx = Context(
            path,
            tree,
            names,
            project.modules,
            project.importers,
            project.settings,
            project.target.release,
            self.registry.claims,
            project.mentions,
            is_assumed=project.target.is_assumed,
        )
        ctx.oracle = lambda: self._oracle_of(project)
        return ctx

    def _oracle_of(self, project: Project) -> Oracle | None:
        if self._bridge is None or not project.settings.jedi:
            return None
        if project.oracle is None:
            from django_uplift.engine.oracle import Oracle

            workspace = self.workspace
            project.oracle = Oracle(
                self._bridge(),
                workspace.store,
                project.settings.root,
                workspace.source_roots(project.settings),
                project.paths,
                project.modules,
                self._answered,
            )
        return project.oracle

    def _check_source(
        self,
        path: Path,
        source: Source,
        project: Project,
        concerned: Iterable[Rule],
        reader: Callable[[Lines], Read] = read,
        quick: bool = False,
        interrupt: Callable[[], None] | None = None,
        lines: Lines | None = None,
        late: Rule | None = None,
        alone: bool = False,
    ) -> Checked:
        lines = lines or Lines(source.text)
        tree, problem = reader(lines)
        broken = () if tree is None else tree.broken
        error = () if problem is None else self._syntax_error(path, lines, problem, broken)
        if tree is None:
            return Checked(path, source, error, None, problem)
        ctx = self._context(path, tree, project)
        ctx.quick, ctx.alone, ctx.interrupt = quick, alone, interrupt
        postponed: set[Rule] = set() if late is None else {late}
        findings = self._findings(ctx, project, concerned, postponed)
        return Checked(path, source, (*error, *findings), ctx, problem, frozenset(postponed), ctx.is_settled)

    def _findings(
        self, ctx: Context, project: Project, concerned: Iterable[Rule], postponed: set[Rule]
    ) -> tuple[Finding, ...]:
        found: dict[tuple[Rule, Span], Finding] = {}
        for match in matches(concerned, ctx):
            for finding in self._run(match, ctx.path, postponed):
                found.setdefault((finding.rule, finding.span), finding)
        return self._settle(found.values(), ctx, project, postponed)

    def _run(self, match: Match, path: Path, postponed: set[Rule]) -> list[Finding]:
        try:
            return list(match.findings)
        except Postponed:
            postponed.add(match.rule)
            return []
        except Exception as error:  # one rule's mistake must not cost the others' findings (invariant 2)
            self._rule_failed(match.rule, path, error)
            return []

    def _rule_failed(self, rule: Rule, path: Path, error: Exception) -> None:
        for project in self._projects.values():
            if project.cache is not None:
                project.cache.drop()
        log.error("rule %s (%s) failed on %s", rule.code, rule.slug, path, exc_info=error)
        if self._on_error is not None:
            self._on_error(rule, path, error)

    def _isolated(self, fix: Fix, rule: Rule, path: Path) -> Fix:
        """The fix, declining where it would raise."""

        def build() -> Change | None:
            try:
                return fix.build()
            except Exception as error:  # nor may it cost the others' fixes
                self._rule_failed(rule, path, error)
                return None

        return replace(fix, build=build)

    def _settle(
        self, findings: Iterable[Finding], ctx: Context, project: Project, postponed: set[Rule]
    ) -> tuple[Finding, ...]:
        """Severities, confidence, suppressions; in order of place."""
        kept: list[Finding] = []
        suppressions = find_suppressions(ctx.tree)
        used: set[tuple[Suppression, str]] = set()
        for finding in findings:
            if str(finding.confidence) not in _at_least(project.settings.min_confidence):
                continue
            level = project.severities.get(finding.rule)
            fixes = tuple(
                self._isolated(_for_origin(fix, finding.rule, project.origin), finding.rule, ctx.path)
                for fix in finding.fixes
            )
            settled = replace(finding, severity=level or finding.severity, fixes=fixes)
            if not _suppressed(settled, suppressions, ctx.tree.lines, used):
                kept.append(settled)
        if not postponed:
            kept += self._unused(suppressions, used, ctx, project)
        elif (rule := self.registry.get(UNUSED_SUPPRESSION)) is not None:
            postponed.add(rule)
        return tuple(sorted(kept, key=lambda finding: finding.sort_key))

    # What the engine itself reports

    def _unused(
        self,
        suppressions: Sequence[Suppression],
        used: set[tuple[Suppression, str]],
        ctx: Context,
        project: Project,
    ) -> Iterator[Finding]:
        rule = self.registry.get(UNUSED_SUPPRESSION)
        if rule is None or rule not in project.rules or rule in project.ignored(ctx.path):
            return
        for suppression in suppressions:
            if not suppression.codes:
                if not suppression.noqa and (suppression, "") not in used:
                    yield self._unused_finding(
                        rule, ctx, suppression, suppression.comment, [], "nothing is suppressed here"
                    )
                continue
            unused: list[tuple[str, Span, str]] = []
            for code, span in suppression.codes:
                known = self.registry.matching(code)
                if not known and suppression.noqa:
                    continue
                if not known:
                    unused.append((code, span, self.registry.unknown(code) or f"unknown rule {code!r}"))
                elif (suppression, code) not in used and project.rules.issuperset(known):
                    unused.append((code, span, f"{code} has nothing to suppress here"))
            spans = [span for _, span, _ in unused]
            for _, span, message in unused:
                yield self._unused_finding(rule, ctx, suppression, span, spans, message)

    def _unused_finding(
        self, rule: Rule, ctx: Context, suppression: Suppression, span: Span, unused: list[Span], message: str
    ) -> Finding:
        text, lines = ctx.text, ctx.tree.lines

        def build() -> Change:
            return Change((remove_suppression(text, lines, suppression, unused),))

        return Finding(
            rule, span, f"unused suppression: {message}", Severity.WARNING, fixes=(Fix("Remove it", build),)
        )

    def _own(
        self, slug: str, path: Path, span: Span, message: str, severity: Severity
    ) -> tuple[Finding, ...]:
        """A finding of the engine's own, if its rule is there and chosen."""
        rule, project = self.registry.get(slug), self.project_of(path)
        if rule is None or rule not in project.rules or rule in project.ignored(path):
            return ()
        return (Finding(rule, span, message, project.severities.get(rule, severity)),)

    def _syntax_error(
        self, path: Path, lines: Lines, problem: SyntaxProblem, broken: Sequence[Span] = ()
    ) -> tuple[Finding, ...]:
        line = min(problem.line, len(lines) - 1)
        start, end = lines.line_span(line)
        at = min(start + problem.column, end)
        what = "this can't be parsed, the rest of the file was checked" if broken else "not checked"
        why = explain(lines.text, problem) if self._explain_syntax else problem.message
        span = Span(at, max(end, at))
        return self._own(SYNTAX_ERROR, path, span, f"{what}: {why}", Severity.INFORMATION)

    def _unreadable(self, path: Path, reason: str) -> Checked:
        found = self._own(UNREADABLE, path, Span(0, 0), f"not checked: {reason}", Severity.ERROR)
        return Checked(path, None, found, problem=SyntaxProblem(reason, 0, 0))

    # Fixing

    def fix_text(
        self, path: Path, text: str, *, unsafe: bool, only: Callable[[Finding], bool] = lambda _: True
    ) -> Fixed:
        """Fix a text until nothing is left to fix."""

        def check(current: str) -> tuple[Context | None, Sequence[Finding]]:
            checked = self.check_text(path, current)
            return checked.context, [finding for finding in checked.findings if only(finding)]

        return converge(text, check, unsafe=unsafe)

    def explain_silence(self, path: Path, line: int) -> str:
        """What the analysis of async code knows of a line (from 1), and where its knowledge ends."""
        from django_uplift.flow.analysis import session_for, settled
        from django_uplift.flow.explain import explain
        from django_uplift.types.program import Mod

        try:
            text = decode(self.workspace.store.read(path)).text
        except (OSError, DecodeError) as error:
            return f"{path} can't be read: {error}"
        ctx = self.context(path, text)
        if ctx is None:
            return f"{path} does not parse, so nothing is known of it."
        session = session_for(ctx.modules, ctx.modules.paths, ctx.settings, ctx.target)
        package = path.name == "__init__.py"
        mod = Mod(ctx.names.name, path, ctx.tree.module, text, is_package=package, lines=ctx.tree.lines)
        oracle = ctx.oracle()
        session.recall = None if oracle is None else oracle.recall
        return settled(
            session,
            lambda: explain(session, mod, ctx.tree, line),
            None if oracle is None else oracle.ask,
        )

    def target_of(self, path: Path) -> Target:
        """The target version of a file's project, and where it comes from."""
        return self.project_of(path).target


def _files_below(root: Path, workspace: Workspace) -> Iterator[Path]:
    def excludes(folder: Path) -> Excludes:
        try:
            return workspace.excludes_for(folder)
        except ConfigError:  # Another project's trouble, reported where that one is checked.
            return Excludes(folder)

    return find_files([root], on_problem=lambda path, message: None, excludes=excludes)


def _speaks_to_us(data: bytes) -> bool:
    """Whether a comment may be one of ours."""
    lowered = data.lower()
    return (b"noqa" in lowered or b"django-uplift" in lowered) and _OUR_COMMENT.search(data) is not None


def _surely_text(data: bytes) -> bool:
    """Whether a file that no rule concerns can be left unread: Python, too, would take it for text."""
    return data.isascii() and b"\0" not in data and b"coding" not in data[:400]


def _at_least(confidence: str) -> tuple[str, ...]:
    order = ("possible", "likely", "proven")
    return order[order.index(confidence) :]


def _suppressed(
    finding: Finding, suppressions: Sequence[Suppression], lines: Lines, used: set[tuple[Suppression, str]]
) -> bool:
    if not suppressions:
        return False
    first, last = (
        lines.line_of(finding.span.start),
        lines.line_of(max(finding.span.end - 1, finding.span.start)),
    )
    hit = False
    for suppression in suppressions:
        if not suppression.covers(first, last):
            continue
        if not suppression.codes:
            used.add((suppression, ""))
            hit = True
        for code, _ in suppression.codes:
            if _means(code, finding.rule):
                used.add((suppression, code))
                hit = True
    return hit


def _means(code: str, rule: Rule) -> bool:
    return (
        code.upper() == "ALL"
        or code.lower() in (rule.slug, rule.family)
        or rule.code.startswith(code.upper())
    )


__all__ = ["Checked", "Engine", "Project", "Release"]


def _for_origin(fix: Fix, rule: Rule, origin: Release | None) -> Fix:
    """The fix as it is for a project that still runs on `origin`: what needs a newer Django is not safe there."""
    since = rule.replacement_since
    if origin is None or since is None or since <= origin or fix.safety is not Safety.SAFE:
        return fix
    reason = f"needs Django {since}, and the project comes from {origin}"
    return replace(fix, safety=Safety.UNSAFE, reason=reason)

"""Findings that outlive a run: what a check found, with all that it looked at to find it.

One file for one state of a project's settings and of ourselves, in the user's cache folder. It is data, and counts only
while everything that any of its checks asked the disk for is answered as it was: contents, files that were looked for
and absent, folders that were searched. So what one file's findings owe to other files need not be known.

A server, in which files change while it runs, says which (`changed`): what was found before counts if all that is
asked of those is answered as before. A change that nobody told of, but that a question shows, spoils the rest.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django_uplift import __version__
from django_uplift.django.releases import Release
from django_uplift.engine.findings import Confidence, Finding, Fix, Hop, Root, Safety, Severity
from django_uplift.project.cache import user_folder
from django_uplift.project.environments import site_packages, virtual_environments
from django_uplift.project.files import FileStore, digest, write_atomic
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.engine.registry import Registry
    from django_uplift.engine.run import Project

log = logging.getLogger(__name__)

_FORMAT = 1
_MAX_BYTES = 32 * 1024 * 1024
_MAX_FILES = 64
_OUR_FILES = (".py", ".txt", ".json")
_WALK = "walk"
"""The question which files the project has; the others are a letter of `FileStore.watch` and a path."""


class FindingsCache:
    """What is remembered of one project. `rebuild` checks a file anew, for the edits of a fix.

    It is made before anything is asked of the project's store, and reads nothing until it is prepared. Nothing raises
    here: a cache that can't be read, or not written, is no cache.
    """

    def __init__(
        self, project: Project, registry: Registry, rebuild: Callable[[Path], tuple[Finding, ...]]
    ) -> None:
        self._project = project
        self._registry = registry
        self._rebuild = rebuild
        self._store: FileStore = project.modules.store
        self._place: Path | None = None
        self._seen: dict[str, str] = {}
        self._results: dict[str, list[Any]] = {}
        self._loaded: _Loaded | None = None
        self._is_prepared = False
        self._stamp: tuple[int, int, int] | None = None
        self._walked: str | None = None
        self._changes: dict[Path, bytes | None] = {}
        self._changed = False
        self._spoiled = False
        self._store.watch = self._note

    # Reading

    def prepare(self, interrupt: Callable[[], None] | None = None) -> None:
        """Read what was written, and see whether it counts; to be called before anything is recalled or kept.

        `interrupt` may raise in the midst of it: the next call goes on from there.
        """
        if not self._is_prepared:
            self._is_prepared = True
            self._place = _place(self._project, self._registry)
            if self._place is None:
                self._spoiled = True
            else:
                self._stamp = _stamp(self._place)
                self._loaded = self._read(self._place)
        while self._loaded is not None:
            loaded = self._loaded
            while loaded.unsure:
                if interrupt is not None:
                    interrupt()
                if self._answer(loaded.unsure[-1]) != loaded.seen[loaded.unsure[-1]]:
                    self._loaded = None
                    return
                loaded.unsure.pop()
            self._loaded = None
            if any(self._seen.get(question, answer) != answer for question, answer in loaded.seen.items()):
                return
            self._seen = {**loaded.seen, **self._seen}
            self._results = {**loaded.results, **self._results}
            if self._place is not None:
                with contextlib.suppress(OSError):
                    os.utime(self._place)
                self._stamp = _stamp(self._place)
        self._settle()

    def changed(self, path: Path, text: str | None = None) -> None:
        """A file changed, came or went, and whatever knew of it was told; or has now this text in an editor."""
        self._changes[path] = None if text is None else text.encode("utf-8", "surrogatepass")

    def _settle(self) -> None:
        """Take in what has changed: what was found counts on if nothing is answered in another way."""
        changes, self._changes = self._changes, {}
        if not changes:
            return
        if self._loaded is not None:
            self._loaded.unsure = list(self._loaded.seen)
        differs = False
        for path, data in changes.items():
            for question in (f"{kind}{up}" for up in (path, *path.parents) for kind in "rfdt"):
                known = self._seen.get(question)
                if known is not None:
                    self._seen[question] = self._answer(question)
                    differs = differs or self._seen[question] != known
            if data is not None:
                # It goes into what is found in others without their asking the disk.
                self._seen[f"r{path}"] = digest(data)
        if self._walked is not None and None in changes.values():
            before, self._walked = self._walked, self._walk()
            differs = differs or before != self._walked
        if differs:
            self._results.clear()
            self._changed = True

    def idle(self, path: Path, data: bytes) -> bool | None:
        """Whether no rule has anything to do with these bytes of a file, and they parse; None if that's not known."""
        entry = self._results.get(str(path))
        return entry[1] if entry is not None and entry[0] == digest(data) and entry[2] is None else None

    def recall(self, path: Path, data: bytes, size: Callable[[], int]) -> tuple[Finding, ...] | None:
        """What was found in these bytes of a file; `size` gives the number of their characters."""
        entry = self._results.get(str(path))
        if entry is None or entry[2] is None or entry[0] != digest(data):
            return None
        if not entry[2]:
            return ()
        try:
            length = size()
            return tuple(
                self._finding(path, number, written, length) for number, written in enumerate(entry[2])
            )
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            self._distrust(f"{type(error).__name__}: {error}")
            self._results = {}
            return None

    def _distrust(self, reason: object) -> None:
        log.warning("%s can't be used, files are checked anew: %s", self._place, reason)
        self._changed = True

    def _read(self, place: Path) -> _Loaded | None:
        try:
            if place.stat().st_size > _MAX_BYTES:
                raise ValueError("too large")
            seal, _, body = place.read_bytes().partition(b"\n")
            if digest(body).encode() != seal:
                raise ValueError("damaged")
            seen, results = _validated(json.loads(body))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, RecursionError) as error:
            self._distrust(error)
            return None
        return _Loaded(seen, results, list(seen))

    def _answer(self, question: str) -> str:
        if question == _WALK:
            return self._walk()
        return self._store.answer(question[:1], question[1:])

    def _walk(self) -> str:
        walked = digest("\0".join(map(str, self._project.paths)).encode("utf-8", "surrogatepass"))
        if self._walked is None:
            self._walked = walked
        return walked

    def _finding(self, path: Path, number: int, written: list[Any], length: int) -> Finding:
        code, start, end, message, severity, confidence, fixes, trace, root, uses, deprecated, gone = written
        rule = self._registry.get(_text(code))
        if rule is None or rule.code != code:
            raise ValueError(f"there is no rule {code}")

        def fix_of(index: int) -> Callable[[], Any]:
            def build() -> Any:
                anew = self._rebuild(path)
                same = anew[number] if number < len(anew) else None
                if same is None or (same.rule, same.span, same.message) != (rule, span, message):
                    return None
                return same.fixes[index].build() if index < len(same.fixes) else None

            return build

        span = _span(start, end, length)
        return Finding(
            rule,
            span,
            _text(message),
            Severity(severity),
            Confidence(confidence),
            tuple(
                Fix(_text(title), fix_of(index), Safety(safety), _text(reason))
                for index, (title, safety, reason) in enumerate(fixes)
            ),
            tuple(
                Hop(Path(_text(at)), _count(line), _count(column), _text(said))
                for at, line, column, said in trace
            ),
            None
            if root is None
            else Root(_text(root[0]), Path(_text(root[1])), _count(root[2]), _count(root[3])),
            tuple(_span(first, last, length) for first, last in uses),
            bool(deprecated),
            None if gone is None else Release.parse(_text(gone)),
        )

    # Writing

    def _note(self, kind: str, path: str, answer: str) -> None:
        if kind == "!":
            self._spoiled = True
            return
        question = kind + path
        if self._seen.setdefault(question, answer) == answer:
            return
        self._settle()
        if self._seen[question] != answer:
            # It has changed meanwhile, unseen: no state of the project gives these findings.
            self._seen[question] = answer
            self._results.clear()
            self._spoiled = True

    def keep(self, path: Path, data: bytes, findings: tuple[Finding, ...] | None, *, parsed: bool) -> None:
        """What was found; None: no rule looked, and `parsed` says whether the file was parsed all the same."""
        own = digest(data)
        if findings is not None:
            # What is known of this file may have gone into what is found in others.
            self._note("r", str(path), own)
        written = None if findings is None else [_written(finding) for finding in findings]
        self._results[str(path)] = [own, parsed, written]
        self._changed = True

    def drop(self) -> None:
        """Write nothing: something went wrong that may go well the next time."""
        self._spoiled = True

    def save(self) -> None:
        """Write what is new, if it is right."""
        place = self._place
        if not self._changed or self._spoiled or place is None:
            return
        self._settle()
        if self._loaded is not None or not self._results or not self._is_of_the_disk():
            return
        self._changed = False
        if self._project.paths.asked:
            self._seen[_WALK] = self._walk()
        self._join(place)
        body = json.dumps([self._seen, self._results], separators=(",", ":")).encode()
        if len(body) > _MAX_BYTES - 100:
            return
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(place, digest(body).encode() + b"\n" + body)
            self._stamp = _stamp(place)
            _tidy(place.parent)
        except OSError as error:
            log.info("%s can't be written: %s", place, error)

    def _is_of_the_disk(self) -> bool:
        """Whether what lies on the disk is what was looked at: buffers that are not saved yet are no state of it."""
        disk = FileStore()
        return all(
            disk.answer("r", str(path)) == self._seen[f"r{path}"]
            for path, _ in self._store.overlays()
            if f"r{path}" in self._seen
        )

    def _join(self, place: Path) -> None:
        """Keep what another process has written meanwhile, if it counts."""
        if _stamp(place) == self._stamp:
            return
        other = self._read(place)
        if other is None:
            return
        for question, answer in other.seen.items():
            known = self._seen.get(question)
            if (self._answer(question) if known is None else known) != answer:
                return
        self._seen = {**other.seen, **self._seen}
        self._results = {**other.results, **self._results}


class _Loaded:
    """What was read, and the questions whose answers were not compared yet."""

    def __init__(self, seen: dict[str, str], results: dict[str, list[Any]], unsure: list[str]) -> None:
        self.seen, self.results, self.unsure = seen, results, unsure


def _stamp(place: Path) -> tuple[int, int, int] | None:
    try:
        status = place.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _tidy(folder: Path) -> None:
    """Remove what was not used for longest, and what a crash left half written."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                found.append((entry.stat().st_mtime, entry.path))
    for _, old in sorted(found, reverse=True)[_MAX_FILES:]:
        with contextlib.suppress(OSError):
            Path(old).unlink()


def _place(project: Project, registry: Registry) -> Path | None:
    """The file for this state of all that findings depend on beside the project's files."""
    folder = user_folder()
    if folder is None:
        return None
    modules = project.modules
    packages = modules.packages
    try:
        stamp = [
            _FORMAT,
            __version__,
            sys.version,
            sorted(_state_of_ourselves(registry)),
            repr(project.settings),
            str(project.target.release),
            str(project.origin),
            sorted(rule.code for rule in project.rules),
            sorted((rule.code, int(level)) for rule, level in project.severities.items()),
            [str(root) for root in modules.roots],
            packages
            and [str(packages.environment), list(map(str, packages.folders)), repr(packages.editable)],
            [
                str(site)
                for environment in (*virtual_environments(project.settings.root), project.environment)
                if environment is not None
                for site in site_packages(environment)
            ],
        ]
        name = digest(json.dumps(stamp).encode())
    except (OSError, ValueError) as error:
        log.info("nothing is remembered of %s: %s", project.settings.root, error)
        return None
    return folder / "findings" / f"{digest(os.fsencode(project.settings.root))[:12]}-{name}.json"


def _state_of_ourselves(registry: Registry) -> Iterator[tuple[str, int, int]]:
    """All files that findings are computed by: they change while we or a pack are worked on."""
    folders = [str(Path(__file__).parents[1])]
    for package in sorted({rule.module.partition(".")[0] for rule in registry.rules}):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            raise ValueError(f"{package} is no package")
        folders += spec.submodule_search_locations
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(_OUR_FILES):
                    status = entry.stat()
                    yield entry.path, status.st_mtime_ns, status.st_size
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    folders.append(entry.path)


def _written(finding: Finding) -> list[Any]:
    root = finding.root
    return [
        finding.rule.code,
        finding.span.start,
        finding.span.end,
        finding.message,
        int(finding.severity),
        int(finding.confidence),
        [[fix.title, fix.safety.value, fix.reason] for fix in finding.fixes],
        [[str(hop.path), hop.line, hop.column, hop.message] for hop in finding.trace],
        None if root is None else [root.name, str(root.path), root.line, root.column],
        [[use.start, use.end] for use in finding.uses],
        finding.deprecated,
        None if finding.gone_in is None else str(finding.gone_in),
    ]


def _validated(data: Any) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """The two tables of a file. Raises `ValueError` and `TypeError`; findings are judged when they are asked for."""
    seen, results = data
    if not isinstance(seen, dict) or not isinstance(results, dict):
        raise TypeError("not two tables")
    if not all(isinstance(answer, str) for answer in seen.values()):
        raise TypeError("an answer is no text")
    for entry in results.values():
        if (
            not isinstance(entry, list)
            or [type(part) for part in entry[:2]] != [str, bool]
            or len(entry) != 3
            or not (entry[2] is None or isinstance(entry[2], list))
        ):
            raise TypeError("a result is no result")
    return seen, results


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a count")
    return value


def _span(start: Any, end: Any, length: int) -> Span:
    if not _count(start) <= _count(end) <= length:
        raise ValueError("outside of the text")
    return Span(start, end)

"""Diagnostics: pushed when something changes, or pulled by the client, which is told when to pull again."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.documents import Snapshot
from django_uplift.lsp.handlers import lenses
from django_uplift.lsp.notebooks import NotebookText, by_cell
from django_uplift.lsp.progress import Progress
from django_uplift.lsp.protocol import Raw, Refused, Text
from django_uplift.lsp.schedule import Priority, Token

if TYPE_CHECKING:
    from django_uplift.lsp.analysis import Analysis, Reach
    from django_uplift.lsp.server import UpliftServer
    from django_uplift.project.files import FileKey

log = logging.getLogger(__name__)

PAUSE = 0.3
"""Seconds without a change after which somebody has stopped typing."""

_SLOW = 1.0
"""Seconds after which a check of all files is shown to be under way."""

_REST = 2.0
"""Seconds without anything new after which what was found is written down."""

# Files of a sweep that are listed at once.
_BATCH = 64


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC)(document_diagnostic)
    server.feature(types.WORKSPACE_DIAGNOSTIC)(workspace_diagnostic)


@dataclass
class Found:
    """The diagnostics of one document, as JSON. Without a snapshot, those of a file that is not open."""

    uri: str
    snapshot: Snapshot | None
    items: list[Any]

    @cached_property
    def written(self) -> str:
        """The diagnostics as JSON. There may be thousands: it is made before the loop's thread asks."""
        return json.dumps(self.items)

    @cached_property
    def id(self) -> str:
        """The same for the same diagnostics, and no others. Clients that are pushed to never ask."""
        return hashlib.blake2b(self.written.encode(), digest_size=12).hexdigest()


class Report(NamedTuple):
    """What a client that pulls is told of a document."""

    kind: str
    text: Text


def found(ls: UpliftServer, analysis: Analysis, uri: str) -> Found:
    """What to show of one document. For the worker's thread."""
    items = ls.session.converter().diagnostics(analysis, ls.wire.unstructure)
    made = Found(uri, analysis.snapshot, items)
    _ = made.id if ls.session.abilities.pull else made.written
    return made


def cells_of(result: Found) -> list[Found]:
    """What was found in a notebook, by cell; in any other document, as it is."""
    if not isinstance(result.snapshot, NotebookText):
        return [result]
    return [Found(cell.uri, cell, items) for cell, items in by_cell(result.snapshot, result.items)]


class Publisher:
    """Sees to it that the client's diagnostics are those of the newest texts."""

    def __init__(self, server: UpliftServer) -> None:
        self._server = server
        self._tasks: set[asyncio.Task[None]] = set()
        self._refreshing = False
        self._refresh_again = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._published: dict[str, tuple[int | None, list[Any]]] = {}
        """The state of the text, and the diagnostics, that were published last."""
        self.pulled: dict[str, str] = {}
        """The id of what was pulled last."""
        self.forgotten: set[str] = set()
        """What was closed since the last answer for the workspace, from which clients learn to forget it."""
        self._sweep: asyncio.Task[None] | None = None
        self.files: dict[Path, tuple[FileKey, int, Found]] = {}
        """What was found in files that are not open, and when that stands."""
        self._saving: asyncio.TimerHandle | None = None
        self.answered = False
        """Whether the client has had an answer for the whole workspace."""
        self.halted: int | None = None
        """The session's generation in which the user cancelled the check of all files."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine by itself; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a background task failed", exc_info=error)

    # Open documents

    def opened(self, uri: str) -> None:
        """A document was opened: what can be said fast first."""
        self._check(uri, Priority.TYPED, quick=True)
        self._begin(uri)
        self._later(uri, 0)

    def _begin(self, uri: str) -> None:
        """Show what a document alone proves before its full check, which reads other files, is done."""
        server, session = self._server, self._server.session
        if session.abilities.pull or not session.settled.is_set():
            return

        def job(token: Token) -> Found | None:
            snapshot = session.documents.get(uri)
            if snapshot is None or session.analyst.was_completed(snapshot):
                return None
            analysis = session.analyst.analyse(snapshot, quick=True, alone=True, interrupt=token.check)
            return found(server, analysis, uri)

        future = server.worker.submit(job, Priority.OPEN, ("begin", uri), makes_way=True, returns=True)
        future.add_done_callback(self._checked)

    def typed(self, uri: str) -> None:
        """A document was changed: check it at once, and in full when the typing pauses."""
        self._check(uri, Priority.TYPED, quick=True)
        self._later(uri, PAUSE)

    def _check(self, uri: str, priority: Priority, *, quick: bool = False) -> None:
        """Check a document as it is when its turn comes, and publish that unless it has changed meanwhile."""
        server = self._server
        session = server.session
        if session.abilities.pull or not session.settled.is_set():
            return

        def job(_: Token) -> Found | None:
            snapshot = session.documents.get(uri)
            return (
                None
                if snapshot is None
                else found(server, session.analyst.analyse(snapshot, quick=quick), uri)
            )

        server.worker.submit(job, priority, ("check", uri, quick)).add_done_callback(self._checked)

    def _checked(self, future: asyncio.Future[Found | None]) -> None:
        result = self._result(future)
        if result is not None:
            self._publish(result)

    def _result(self, future: asyncio.Future[Any]) -> Any:
        if future.cancelled():
            return None
        if (error := future.exception()) is not None:
            log.error("a document could not be checked", exc_info=error)
            return None
        return future.result()

    def _publish(self, result: Found) -> None:
        snapshot = result.snapshot
        # A newer text has its own check under way: what is out of date is never shown.
        if snapshot is not None and self._server.session.documents.get(result.uri) is not snapshot:
            return
        state = (None if snapshot is None else snapshot.serial), result.items
        if snapshot is not None and self._published.get(result.uri) == state:
            return
        self._published[result.uri] = state
        if isinstance(snapshot, NotebookText):
            for part in cells_of(result):
                self._tell(part.uri, part.written, None if part.snapshot is None else part.snapshot.version)
            return
        if snapshot is None and not result.items:
            del self._published[result.uri]
        self._tell(result.uri, result.written, None if snapshot is None else snapshot.version)

    def _tell(self, uri: str, items: str, version: int | None) -> None:
        params: dict[str, Any] = {"uri": uri}
        if version is not None and self._server.session.abilities.versions:
            params["version"] = version
        self._server.protocol.tell(
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, Text.of(params, diagnostics=items)
        )

    def silence(self, cells: list[str]) -> None:
        """Take away the diagnostics of a notebook's cells that went."""
        if self._server.session.abilities.pull:
            self._forget(cells)
            return
        for uri in cells:
            self._tell(uri, "[]", None)

    def _forget(self, gone: list[str]) -> None:
        for uri in gone:
            self.pulled.pop(uri, None)
        if gone:
            self.forgotten.update(gone)
            self.start(self._server.session.touch())

    def check_all(self) -> None:
        """Something else changed: check all open documents, and the rest of the workspace if wanted."""
        session = self._server.session
        for uri in session.documents:
            if uri in self._published:
                self._later(uri, 0)
            else:
                self.opened(uri)
        self.moved_on()
        lenses.refresh(self._server)
        if session.abilities.pull:
            self.refresh()

    def _later(self, uri: str, delay: float) -> None:
        """Have what takes long done when nothing was typed for a while."""
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._complete, uri)

    def answered_late(self) -> None:
        """Answers came that some analyses did without: those are made again, the others are there already."""
        session = self._server.session
        for uri in session.documents.keys() - self._timers.keys():
            self._later(uri, 0)
        if session.whole_workspace:
            self.moved_on()

    def _complete(self, uri: str) -> None:
        server, session = self._server, self._server.session
        self._timers.pop(uri, None)

        def job(token: Token) -> tuple[Found, Reach] | None:
            snapshot = session.documents.get(uri)
            if snapshot is None or not session.settled.is_set():
                return None
            analysis, reach = session.analyst.complete(snapshot, token.check)
            return found(server, analysis, uri), reach

        def done(future: asyncio.Future[tuple[Found, Reach] | None]) -> None:
            if future.cancelled() and uri in session.documents and uri not in self._timers:
                self._later(uri, PAUSE)  # It made way for something more urgent.
            elif (result := self._result(future)) is not None:
                self._completed(*result)

        future = server.worker.submit(job, Priority.OPEN, ("complete", uri), makes_way=True)
        future.add_done_callback(done)

    def _completed(self, result: Found, reach: Reach) -> None:
        """A document's full check is done: show it, and check those that it concerns."""
        session = self._server.session
        self.remember()
        others = [
            other
            for other, snapshot in session.documents.items()
            if other != result.uri and (reach.everywhere or (reach.word and reach.word in snapshot.text))
        ]
        if session.abilities.pull:
            parts = cells_of(result)
            stale = [p for p in parts if self.pulled.get(p.uri, p.id) != p.id]
            if others or stale:
                self.refresh()
        else:
            self._publish(result)
            for other in others:
                self._later(other, 0)
        if reach.everywhere:
            self.moved_on()
            lenses.refresh(self._server)

    def closed(self, snapshot: Snapshot) -> None:
        """Take a closed document's diagnostics away, or show its file's where all files are shown."""
        if self._server.session.abilities.pull:
            self._forget([snapshot.uri])
        else:
            self._publish(Found(snapshot.uri, None, []))
        self.moved_on()

    def refresh(self) -> None:
        """Have the client pull again. One request at a time, and one more if something changed during it."""
        if self._refreshing:
            self._refresh_again = True
            return
        self._refreshing = True

        async def ask() -> None:
            try:
                await self._server.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
            finally:
                self._refreshing = False
            if self._refresh_again:
                self._refresh_again = False
                self.refresh()

        self.start(ask())

    def remember(self) -> None:
        """Have what was found written down, for when the server starts again, once nothing more comes for a while."""
        worker, analyst = self._server.worker, self._server.session.analyst
        if self._saving is not None:
            self._saving.cancel()

        def save() -> None:
            worker.submit(lambda _: analyst.save(), Priority.BACKGROUND, "save")

        self._saving = asyncio.get_running_loop().call_later(_REST, save)

    # All files

    def moved_on(self) -> None:
        """The workspace's diagnostics may have changed: answer a waiting pull, or check all files."""
        session = self._server.session
        self.start(session.touch())
        if session.abilities.pull or not session.settled.is_set():
            return
        if self._sweep is not None:
            self._sweep.cancel()
        if session.whole_workspace or self._published.keys() - session.documents.keys():
            self._sweep = self.start(self._publish_all())

    async def _publish_all(self) -> None:
        session = self._server.session
        before = self._published.keys() - session.documents.keys()
        if session.whole_workspace:
            progress = _progress(self._server)
            try:
                async for result in sweep(self._server, progress):
                    before.discard(result.uri)
                    if result.uri not in session.documents and (
                        result.items or result.uri in self._published
                    ):
                        self._publish(result)
            except Refused:
                return  # The user has had enough. What is shown stays, until something changes.
            finally:
                progress.end()
        for uri in before - session.documents.keys():
            self._publish(Found(uri, None, []))


def _progress(ls: UpliftServer, token: int | str | None = None) -> Progress:
    return Progress(ls, "Checking Django code", "the check was cancelled", token=token, after=_SLOW)


async def sweep(ls: UpliftServer, progress: Progress) -> AsyncIterator[Found]:
    """The diagnostics of all files that are not open, each a job of its own, so that typing goes before.

    Raises `Refused` if the user cancels it by its progress.
    """
    session, analyst = ls.session, ls.session.analyst
    walk = analyst.files()
    paths: list[Path] = []
    while batch := await ls.worker.submit(
        lambda _: list(itertools.islice(walk, _BATCH)), Priority.BACKGROUND
    ):
        paths += batch
    for done, path in enumerate(paths):
        progress.report(done, len(paths))
        uri = session.uri_of(path)
        if uri in session.documents:
            continue
        job = partial(_check_file, ls, path, uri)
        result = await ls.worker.submit(job, Priority.BACKGROUND, makes_way=True, returns=True)
        if result is not None:
            yield result
    ls.publisher.remember()


def _check_file(ls: UpliftServer, path: Path, uri: str, token: Token | None = None) -> Found | None:
    analyst, files = ls.session.analyst, ls.publisher.files
    try:
        key = analyst.store.key(path)
    except OSError:
        files.pop(path, None)
        return None
    known = files.get(path)
    if known is not None and known[:2] == (key, analyst.generation):
        return known[2]
    analysis = analyst.check_file(path, None if token is None else token.check)
    if analysis is None:
        return None
    result = replace(found(ls, analysis, uri), snapshot=None)
    if analysis.is_full:
        files[path] = key, analyst.generation, result
    return result


async def document_diagnostic(ls: UpliftServer, params: types.DocumentDiagnosticParams) -> Raw:
    """The diagnostics of one document, or that they are what the client has."""
    session, uri = ls.session, params.text_document.uri
    await session.settled.wait()

    def job(_: Token) -> Found | None:
        notebook = session.cells.get(uri)
        snapshot = session.documents.get(uri if notebook is None else notebook.uri)
        if notebook is not None and snapshot is not None:
            whole = found(ls, session.analyst.analyse(snapshot, quick=True), notebook.uri)
            return next((part for part in cells_of(whole) if part.uri == uri), None)
        if snapshot is not None:
            return found(ls, session.analyst.analyse(snapshot, quick=True), uri)
        path = uris.to_path(uri)
        return None if path is None else _check_file(ls, path, uri)

    result = await ls.worker.submit(job, Priority.ASKED)
    if result is None:
        return Raw({"kind": "full", "items": []})
    ls.publisher.pulled[uri] = result.id
    return Raw(_report(result, params.previous_result_id).text)


def _report(result: Found, previous: str | None, **more: Any) -> Report:
    if previous == result.id:
        return Report("unchanged", Text.of({**more, "kind": "unchanged", "resultId": result.id}))
    return Report("full", Text.of({**more, "kind": "full", "resultId": result.id}, items=result.written))


def _answer(reports: Iterable[Report]) -> Text:
    return Text.of({}, items=f"[{', '.join(report.text.json for report in reports)}]")


async def workspace_diagnostic(ls: UpliftServer, params: types.WorkspaceDiagnosticParams) -> Raw:
    """The diagnostics of all documents, or of the open ones alone unless the user wants the whole workspace.

    Clients ask again as soon as they have an answer, so one that would say nothing new is kept until it does.
    With a token for partial results, each file's is sent as soon as it is known.
    """
    session, token = ls.session, params.partial_result_token
    previous = {item.uri: item.value for item in params.previous_result_ids}
    await session.settled.wait()

    def tell(reports: list[Report]) -> None:
        ls.protocol.tell(types.PROGRESS, Text.of({"token": token}, value=_answer(reports).json))

    while True:
        generation = session.generation
        news, same = False, list[Report]()
        reports: list[Report] = []
        progress = _progress(ls, params.work_done_token)
        if params.work_done_token is not None:
            params.work_done_token = None  # It is good for one time.
            await progress.begin()
        try:
            async for report in _workspace_reports(ls, previous, progress):
                if report.kind == "unchanged":
                    same.append(report)
                    continue
                news = True
                if token is None:
                    reports.append(report)
                else:
                    tell([report])
        except Refused:
            ls.publisher.halted = generation
        finally:
            progress.end()
        if news or not ls.publisher.answered:
            ls.publisher.answered = True
            if token is not None and news:
                # Who gets an answer in parts gets all of it so.
                tell(same)
                same = []
            return Raw(_answer([*reports, *same]))
        await session.wait_beyond(generation)


async def _workspace_reports(
    ls: UpliftServer, previous: dict[str, str], progress: Progress
) -> AsyncIterator[Report]:
    session, analyst = ls.session, ls.session.analyst
    forgotten = set(ls.publisher.forgotten)
    gone = previous | dict.fromkeys(forgotten, "")
    for uri in list(session.documents):

        def job(_: Token, uri: str = uri) -> Found | None:
            snapshot = session.documents.get(uri)
            return None if snapshot is None else found(ls, analyst.analyse(snapshot), uri)

        result = await ls.worker.submit(job, Priority.OPEN)
        for part in cells_of(result) if result is not None else ():
            version = part.snapshot.version if part.snapshot is not None else None
            yield _workspace_report(part, gone.pop(part.uri, None), version)
    if session.whole_workspace:
        if ls.publisher.halted == session.generation:
            return
        async for result in sweep(ls, progress):
            known = gone.pop(result.uri, None)
            if result.items or known is not None:
                yield _workspace_report(result, known, None)
    if forgotten:
        # VS Code pulls what it closes once more, and looks at nothing else of it before the answer to that.
        await ls.worker.submit(lambda _: None, Priority.BACKGROUND)
        ls.publisher.forgotten -= forgotten
    for uri, known in gone.items():
        nothing = Found(uri, None, [])
        if known != nothing.id:
            yield _workspace_report(nothing, known, None)


def _workspace_report(result: Found, previous: str | None, version: int | None) -> Report:
    return _report(result, previous, uri=result.uri, version=version)

"""The language server: wiring, capabilities, beginning and end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from django_uplift import __version__
from django_uplift.lsp import convert, transport, uris
from django_uplift.lsp.abilities import abilities_of
from django_uplift.lsp.analysis import Analyst
from django_uplift.lsp.handlers import (
    code_actions,
    commands,
    completion,
    configuration,
    diagnostics,
    hierarchy,
    hover,
    lenses,
    notebook,
    sync,
)
from django_uplift.lsp.protocol import Protocol, Raw
from django_uplift.lsp.schedule import Priority, Worker
from django_uplift.lsp.session import Session

if TYPE_CHECKING:
    from django_uplift.project.config import ConfigError

log = logging.getLogger(__name__)

_FAREWELL = 0.5
"""Seconds that the process takes at most to write down what it has found, when it is told to end."""


class UpliftServer(LanguageServer):
    """One server for one client."""

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride] -- pygls has the wider type
    worker: Worker

    def __init__(self) -> None:
        self.wire: Converter = default_converter()  # type: ignore[no-untyped-call]
        super().__init__(
            "django-uplift", __version__, protocol_cls=Protocol, converter_factory=lambda: self.wire
        )
        self.session = Session(Analyst(self.complain, self.report_configuration, self.answered))
        self.publisher = diagnostics.Publisher(self)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Future[int] | None = None
        self._complaints: set[str] = set()
        for family in (
            sync,
            diagnostics,
            code_actions,
            hover,
            completion,
            configuration,
            commands,
            lenses,
            hierarchy,
            notebook,
        ):
            family.register(self)

    # Beginning and end

    def run(self, connection: transport.Connection) -> int:
        """Serve one client until it leaves; the process's exit code."""
        # How long a busy thread keeps the others out; 5 ms by default, too long for a keystroke.
        sys.setswitchinterval(0.001)
        return asyncio.run(self._run(connection))

    async def _run(self, connection: transport.Connection) -> int:
        loop = self._loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        self.worker = Worker(loop)

        def on_loop(call: Any, *args: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(call, *args)

        outbox = transport.Outbox(connection, lambda: on_loop(self.end, 1))
        self.protocol.set_writer(outbox)  # pyright: ignore[reportArgumentType]
        logging.getLogger("django_uplift").addHandler(_ClientLog(self))
        transport.read_messages(
            connection, lambda data: on_loop(self.protocol.receive, data), lambda: on_loop(self.end, 1)
        )
        code = await self._ended
        if code == 0:
            saved = self.worker.submit(lambda _: self.session.analyst.save(), Priority.SETUP)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(saved, _FAREWELL)
        # What is under way is cancelled now, of which pygls' callbacks make tracebacks.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        self.worker.stop()
        outbox.flush(_FAREWELL)
        return code

    def end(self, code: int) -> None:
        """Leave `run`."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)

    def initialize(self, params: types.InitializeParams) -> types.ServerCapabilities:
        """Take in what the client says, and say what we can do."""
        session = self.session
        session.abilities = abilities_of(params.capabilities)
        folders = list(params.workspace_folders or ())
        if not folders:
            root = params.root_uri or (uris.from_path(Path(params.root_path)) if params.root_path else None)
            folders = [types.WorkspaceFolder(root, "")] if root else []
        session.set_folders(folders)
        session.set_initial(params.initialization_options)
        return capabilities(self)

    # Words to the client, from any thread

    def on_loop(self, call: Any, *args: object) -> None:
        """Have `call` called on the loop's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)

    def complain(self, message: str) -> None:
        """Show the user what is wrong with the settings, each thing once."""
        if message not in self._complaints:
            self._complaints.add(message)
            self.on_loop(
                self.window_show_message,
                types.ShowMessageParams(types.MessageType.Warning, f"django-uplift: {message}"),
            )

    def answered(self) -> None:
        """What some analysis waited for is there."""
        self.on_loop(self.publisher.answered_late)

    def report_configuration(self, path: Path, error: ConfigError | None) -> None:
        """Mark what is wrong with a configuration file in that file."""
        found = [] if error is None else [convert.configuration_diagnostic(error)]
        if error is None:
            self._complaints.clear()
        params = types.PublishDiagnosticsParams(self.session.uri_of(path), found)
        self.on_loop(self.text_document_publish_diagnostics, params)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A handler raised: that is for the log, not for a dialog in the user's face."""
        if source is not FeatureRequestError:
            log.error("%s: %s", getattr(source, "__name__", source), error)

    def freeze(self, value: Any) -> Raw:
        """A result as JSON. For the worker's thread, as it takes time."""
        return Raw(self.wire.unstructure(value))

    async def ask(self, method: str, params: Any) -> Any:
        """The client's answer to a request; None if it refuses. Parameters may be JSON already."""
        try:
            future: Future[Any] = (
                self.protocol.ask(method, params.value)
                if isinstance(params, Raw)
                else self.protocol.send_request(method, params)
            )
            return await asyncio.wrap_future(future)
        except Exception as error:
            log.info("the client refused %s: %s", method, error)
            return None


class _ClientLog(logging.Handler):
    """Warnings and errors go to the client's log, more if it wants a trace."""

    _TYPES = (
        (logging.ERROR, types.MessageType.Error),
        (logging.WARNING, types.MessageType.Warning),
        (logging.INFO, types.MessageType.Info),
    )

    def __init__(self, server: UpliftServer) -> None:
        super().__init__(logging.INFO)
        self._server = server

    def emit(self, record: logging.LogRecord) -> None:
        verbose = self._server.protocol.trace is not types.TraceValue.Off
        if record.levelno < logging.WARNING and not verbose:
            return
        kind = next(kind for level, kind in self._TYPES if record.levelno >= level)
        params = types.LogMessageParams(kind, self.format(record))
        self._server.on_loop(self._server.window_log_message, params)


def capabilities(server: UpliftServer) -> types.ServerCapabilities:
    """What we can do, for the client at hand."""
    abilities = server.session.abilities
    return types.ServerCapabilities(
        position_encoding=abilities.encoding,
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True, change=types.TextDocumentSyncKind.Incremental, save=True
        ),
        notebook_document_sync=notebook.SYNC,
        diagnostic_provider=types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, identifier=convert.SOURCE
        )
        if abilities.pull
        else None,
        code_action_provider=types.CodeActionOptions(
            code_action_kinds=[
                types.CodeActionKind.QuickFix,
                types.CodeActionKind.RefactorRewrite,
                code_actions.FIX_ALL,
            ],
            resolve_provider=abilities.lazy_edits,
        ),
        hover_provider=True,
        call_hierarchy_provider=True,
        code_lens_provider=types.CodeLensOptions(resolve_provider=False),
        inlay_hint_provider=types.InlayHintOptions(resolve_provider=False),
        completion_provider=types.CompletionOptions(trigger_characters=["[", ":", ","]),
        execute_command_provider=types.ExecuteCommandOptions(list(commands.COMMANDS)),
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(
                supported=True, change_notifications=True
            ),
            file_operations=types.FileOperationOptions(
                did_create=configuration.FILES,
                did_rename=configuration.FILES,
                did_delete=configuration.FILES,
            ),
        ),
    )


def serve(stdio: bool, tcp: tuple[str, int] | None) -> int:
    """Serve one client, over standard input and output or a TCP port; the process's exit code.

    Raises `OSError` where the port can't be had.
    """
    if stdio == (tcp is not None):
        raise ValueError("either stdio or tcp")
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("pygls", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL if noisy == "pygls" else logging.ERROR)
    connection = transport.stdio() if tcp is None else transport.tcp(*tcp)
    return UpliftServer().run(connection)

"""An editor without a screen: pytest-lsp's client, talking to the real server process over its standard streams."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, Union

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

ROOT = Path(__file__).resolve().parents[2]
PACK = Path(__file__).with_name("pack")
COMMAND = [sys.executable, "-m", "django_uplift", "--stdio"]
PATIENCE = 20.0

T = TypeVar("T")

TARGET_4_2 = '[tool.django-uplift]\ntarget-version = "4.2"\n'
TARGET_3_2 = '[tool.django-uplift]\ntarget-version = "3.2"\n'
BAD = "from django.utils.encoding import force_text\n\nx = force_text(1)\n"
FIXED = "from django.utils.encoding import force_str\n\nx = force_str(1)\n"


def environment(**more: str) -> dict[str, str]:
    """What the server process needs: this checkout, and the probe rules."""
    path = os.pathsep.join(str(p) for p in (ROOT / "server", ROOT / "rules", PACK))
    return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "error::ResourceWarning", **more}


def _converter() -> Any:
    """lsprotocol's, which takes a code action that has a command for a command."""
    converter = default_converter()

    def action(value: Any, _: Any) -> Any:
        is_command = isinstance(value.get("command"), str)
        return converter.structure(value, types.Command if is_command else types.CodeAction)

    converter.register_structure_hook(types.Command | types.CodeAction, action)  # type: ignore[arg-type]
    converter.register_structure_hook(Union[types.Command, types.CodeAction], action)  # noqa: UP007
    return converter


class Client(LanguageClient):
    """Keeps every publication and every request of the server, in order."""

    def __init__(self) -> None:
        super().__init__(converter_factory=_converter)
        register_lsp_features(
            self,
            {
                name: f
                for name, f in DEFAULT_CLIENT_FEATURES.items()
                if name != types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
            },
        )
        self.published: list[types.PublishDiagnosticsParams] = []
        self.registered: dict[str, Any] = {}
        self._news = asyncio.Condition()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)
            async with self._news:
                self._news.notify_all()

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered.update((r.method, r.register_options) for r in params.registrations)

    async def publication(
        self, uri: str, wanted: Callable[[types.PublishDiagnosticsParams], bool]
    ) -> types.PublishDiagnosticsParams:
        """The first publication for a document that is `wanted`, past or to come."""

        def find() -> types.PublishDiagnosticsParams | None:
            return next((p for p in self.published if p.uri == uri and wanted(p)), None)

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: find() is not None), PATIENCE)
        found = find()
        assert found is not None
        return found


class Editor:
    """A client with a workspace on the disk."""

    def __init__(self, client: Client, folder: Path, result: types.InitializeResult) -> None:
        self.client, self.folder, self.result = client, folder, result
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def open(self, name: str, text: str, language: str = "python") -> str:
        uri = self.uri(name)
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, *changes: tuple[str, str] | str, version: int | None = None) -> int:
        """Edits as ("1:0-1:6", "new text"), or a whole text."""
        self.versions[uri] = version or self.versions[uri] + 1
        events: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangeWholeDocument(c)
            if isinstance(c, str)
            else types.TextDocumentContentChangePartial(range=span(c[0]), text=c[1])
            for c in changes
        ]
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, events))
        return self.versions[uri]

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    async def diagnostics(self, uri: str, version: int | None = None) -> Sequence[types.Diagnostic]:
        """What the server publishes for a version of a document, the newest by default."""
        wanted = version or self.versions[uri]
        return (await self.client.publication(uri, lambda p: p.version == wanted)).diagnostics

    async def pull(self, uri: str, previous: str | None = None) -> Any:
        params = types.DocumentDiagnosticParams(
            types.TextDocumentIdentifier(uri), previous_result_id=previous
        )
        return await soon(self.client.text_document_diagnostic_async(params))

    async def pull_all(self, previous: dict[str, str] | None = None) -> Any:
        ids = [types.PreviousResultId(uri, value) for uri, value in (previous or {}).items()]
        return await soon(self.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(ids)))

    async def actions(self, uri: str, where: str, *only: str) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=list(only) or None)  # type: ignore[arg-type]
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), span(where), context)
        found = await soon(self.client.text_document_code_action_async(params))
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        return await soon(self.client.code_action_resolve_async(action))

    async def hover(self, uri: str, line: int, column: int) -> str | None:
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
        found = await soon(self.client.text_document_hover_async(params))
        return None if found is None else found.contents.value  # type: ignore[union-attr]

    async def labels(self, uri: str, line: int, column: int) -> list[str]:
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
        found = await soon(self.client.text_document_completion_async(params))
        items = found.items if isinstance(found, types.CompletionList) else found or ()
        return [item.label for item in sorted(items, key=lambda item: item.sort_text or item.label)]

    def logged(self, kind: types.MessageType) -> list[str]:
        return [message.message for message in self.client.log_messages if message.type is kind]


def span(text: str) -> types.Range:
    """A range of "1:0-1:6"."""
    start, end = (types.Position(*map(int, part.split(":"))) for part in text.split("-"))
    return types.Range(start, end)


def shown(range: types.Range) -> str:
    """A range as "1:0-1:6"."""
    return f"{range.start.line}:{range.start.character}-{range.end.line}:{range.end.character}"


def brief(diagnostics: Sequence[types.Diagnostic]) -> list[tuple[str, str]]:
    """Codes and ranges, hints left out."""
    return [
        (str(d.code), shown(d.range)) for d in diagnostics if d.severity is not types.DiagnosticSeverity.Hint
    ]


def applied(text: str, edits: Sequence[Any]) -> str:
    """A text after edits in UTF-16 units, made here without the server's own code."""
    starts, at = [0], 0
    while (at := text.find("\n", at) + 1) > 0:
        starts.append(at)

    def offset(position: types.Position) -> int:
        line = text[starts[position.line] :]
        return starts[position.line] + len(
            line.encode("utf-16-le")[: 2 * position.character].decode("utf-16-le", "surrogatepass")
        )

    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def edits_of(action: types.CodeAction, uri: str) -> Sequence[Any]:
    """The edits of an action in the form that the client asked for."""
    assert action.edit is not None
    if action.edit.document_changes is not None:
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri
        return change.edits
    return (action.edit.changes or {})[uri]


def capable(name: str = "visual_studio_code", **more: Any) -> types.ClientCapabilities:
    """A client's capabilities: `pull`, `encodings`, `resolve`."""
    capabilities = client_capabilities(name)
    assert capabilities.text_document is not None and capabilities.workspace is not None
    if capabilities.text_document.publish_diagnostics is not None:
        capabilities.text_document.publish_diagnostics.version_support = (
            True  # so that tests can wait for one
        )
    if not more.get("resolve", True) and capabilities.text_document.code_action is not None:
        capabilities.text_document.code_action.resolve_support = None
    if more.get("pull"):
        capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities(
            related_document_support=True
        )
        capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    if encodings := more.get("encodings"):
        capabilities.general = capabilities.general or types.GeneralClientCapabilities()
        capabilities.general.position_encodings = encodings
    return capabilities


async def soon(answer: Awaitable[T]) -> T:
    """An answer, or a failure instead of a test that never ends."""
    return await asyncio.wait_for(answer, PATIENCE)


Start = Callable[..., Awaitable[Editor]]


@pytest_asyncio.fixture
async def editor(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts editors, each with files, capabilities, initialization options and settings of its own."""
    started: list[Editor] = []

    async def start(
        files: dict[str, str] | None = None,
        *,
        capabilities: types.ClientCapabilities | None = None,
        options: Any = None,
        settings: Any = None,
        folders: Sequence[str] = ("",),
        env: dict[str, str] | None = None,
    ) -> Editor:
        folder = tmp_path / "wörk space"
        for name, text in {"pyproject.toml": TARGET_4_2, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        config = ClientServerConfig(COMMAND, client_factory=Client, server_env=environment(**(env or {})))
        client = await config.start()
        assert isinstance(client, Client)
        if settings is not None:
            client.set_configuration(settings, section="djangoUplift")
        roots = [types.WorkspaceFolder((folder / name).as_uri(), name or "root") for name in folders]
        params = types.InitializeParams(
            capabilities=capabilities or capable(),
            process_id=os.getpid(),
            root_uri=folder.as_uri(),
            workspace_folders=roots,
            initialization_options=options,
        )
        editor = Editor(client, folder, await client.initialize_session(params))
        started.append(editor)
        return editor

    yield start
    for one in started:
        await soon(one.client.shutdown_session())
        await one.client.stop()


@pytest.fixture(params=["utf-8", "utf-16", "utf-32"])
def encoding(request: pytest.FixtureRequest) -> str:
    """Each unit in which a client may count columns."""
    return str(request.param)

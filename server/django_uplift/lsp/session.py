"""The state of one conversation with a client: its abilities, folders, settings and documents.

Only the loop's thread changes it. The worker's thread reads snapshots, and owns the `Analyst`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.abilities import Abilities
from django_uplift.lsp.analysis import Analyst, Folder
from django_uplift.lsp.convert import Converter
from django_uplift.lsp.documents import Snapshot, changed
from django_uplift.lsp.notebooks import Notebook

log = logging.getLogger(__name__)

SECTION = "djangoUplift"

# Settings of ours that are no options of the engine.
SERVER_OPTIONS: Mapping[str, Any] = {
    "diagnosticMode": "openFilesOnly",
    "codeLens": False,
    "inlayHints": False,
}
# How editors call templates; files are told by their names.
_TEMPLATES = frozenset({"html", "django-html", "django-txt", "htmldjango", "django", "djangohtml"})

# Settings that only concern the editor's side; they stand in the same section.
_CLIENT_OPTIONS = frozenset(
    {"enable", "interpreter", "importStrategy", "args", "path", "trace", "logLevel", "showNotifications"}
)


class Session:
    """What is known of the client, and what it has open."""

    def __init__(self, analyst: Analyst) -> None:
        self.analyst = analyst
        self.abilities = Abilities()
        self.folders: dict[str, Path] = {}
        self.documents: dict[str, Snapshot] = {}
        self.notebooks: dict[str, Notebook] = {}
        self.cells: dict[str, Notebook] = {}
        """The notebooks by the URIs of their cells."""
        self.settled = asyncio.Event()
        """Set once the settings are known as well as they will be."""
        self.trusted: bool | None = None
        """Whether the user trusts the workspace; None where the client does not say. Nothing in it is ever run."""
        self.generation = 0
        """Grows with everything that may change some diagnostic."""
        self.stamps: tuple[tuple[str, int], ...] | None = None
        """When the roots' configuration files changed last, for clients that do not watch them."""
        self.shown: set[str] = set()
        """The options of what the client was last told to show afresh."""
        self._pieces: dict[Hashable, dict[str, Any]] = {}
        self._changed = asyncio.Condition()
        self._initial: dict[str, Any] = {}
        self._pushed: dict[str, Any] = {}
        self._pulled: dict[str, dict[str, Any]] = {}
        self._forced: dict[str, Any] = {}
        self._serials: dict[str, int] = {}
        self._uris: dict[Path, str] = {}

    # Folders and settings

    def set_folders(self, folders: Sequence[types.WorkspaceFolder]) -> None:
        """The workspace's roots; those that are no folders on the disk don't count."""
        self.folders = {}
        self.change_folders(folders, ())

    def change_folders(
        self, added: Sequence[types.WorkspaceFolder], removed: Sequence[types.WorkspaceFolder]
    ) -> None:
        """Roots came and went."""
        for folder in removed:
            self.folders.pop(folder.uri, None)
            self._pulled.pop(folder.uri, None)
        for folder in added:
            path = uris.to_path(folder.uri)
            if path is not None:
                self.folders[folder.uri] = path

    def set_initial(self, options: object) -> None:
        """The initialization options: the settings, bare or beside what the client knows of the workspace."""
        self._initial = section_of(options)
        if isinstance(options, Mapping) and isinstance(options.get("workspaceTrusted"), bool):
            self.trusted = options["workspaceTrusted"]

    def set_pushed(self, settings: object) -> None:
        """The settings that came with a ``didChangeConfiguration``."""
        self._pushed = section_of(settings)

    def set_pulled(self, uri: str, settings: object) -> None:
        """The settings that the client gave for one root ("" for all)."""
        self._pulled[uri] = section_of(settings)

    def force(self, option: str, value: object) -> None:
        """Set an option above all settings, until the server ends; None lets it go."""
        self._forced = {**self._forced, option: value}

    def options(self, uri: str = "") -> dict[str, Any]:
        """The editor's settings for one root."""
        pulled = self._pulled.get(uri, self._pulled.get("", {}))
        merged = {**self._initial, **self._pushed, **pulled}
        merged.update((key, value) for key, value in self._forced.items() if value is not None)
        return merged

    def server_option(self, name: str) -> Any:
        """A setting that concerns the server as a whole."""
        value = self.options(next(iter(self.folders), "")).get(name)
        return SERVER_OPTIONS[name] if value is None else value

    @property
    def whole_workspace(self) -> bool:
        """Whether files are checked that are not open."""
        return bool(self.server_option("diagnosticMode") == "workspace")

    def roofs(self) -> list[Folder]:
        """The roots with their settings, and what holds outside of them."""
        skipped = _CLIENT_OPTIONS | SERVER_OPTIONS.keys()

        def folder(path: Path | None, uri: str) -> Folder:
            return Folder(path, {k: v for k, v in self.options(uri).items() if k not in skipped})

        return [*(folder(path, uri) for uri, path in self.folders.items()), folder(None, "")]

    # Documents

    def open(self, item: types.TextDocumentItem) -> Snapshot:
        """A document was opened, or opened again."""
        path = uris.to_path(item.uri)
        home = next(iter(self.folders.values()), None) or Path.cwd()
        serial = self._serials.get(item.uri, 0) + 1
        is_python = item.language_id == "python" or (path is not None and path.suffix in (".py", ".pyi"))
        suffix = ".html" if item.language_id in _TEMPLATES else ".py"
        stand_in = path if path is not None else uris.stand_in(item.uri, home, suffix)
        snapshot = Snapshot(
            item.uri,
            stand_in,
            path is not None,
            is_python,
            item.version,
            serial,
            item.text,
            is_template=not is_python and _is_template(stand_in),
        )
        if path is not None:
            self._uris[path] = item.uri
        return self._put(snapshot)

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> Snapshot | None:
        """A document was changed; None if it was never opened."""
        snapshot = self.documents.get(identifier.uri)
        if snapshot is None:
            log.warning("a change of %s, which is not open: ignored", identifier.uri)
            return None
        if snapshot.version is not None and identifier.version <= snapshot.version:
            log.warning(
                "%s: version %s comes after version %s", identifier.uri, identifier.version, snapshot.version
            )
        return self._put(changed(snapshot, identifier.version, changes, self.abilities.encoding))

    # Notebooks

    def open_notebook(
        self, uri: str, order: Sequence[str], documents: Sequence[types.TextDocumentItem]
    ) -> Snapshot:
        """A notebook was opened, or opened again."""
        path = uris.to_path(uri)
        home = next(iter(self.folders.values()), None) or Path.cwd()
        notebook = Notebook(uri, path if path is not None else uris.stand_in(uri, home, ".ipynb"))
        self.notebooks[uri] = notebook
        notebook.order[:] = order
        for item in documents:
            self._open_cell(notebook, item)
        return self._put_notebook(notebook)

    def change_notebook(self, uri: str, changes: types.NotebookDocumentCellChanges) -> list[str] | None:
        """Cells of a notebook changed; the URIs of those that went, or None if it was never opened."""
        notebook = self.notebooks.get(uri)
        if notebook is None:
            log.warning("a change of %s, which is not open: ignored", uri)
            return None
        gone: list[str] = []
        if changes.structure is not None:
            before = list(notebook.order)
            notebook.splice(changes.structure.array)
            gone = [cell for cell in before if cell not in notebook.order]
            for item in changes.structure.did_open or ():
                self._open_cell(notebook, item)
            for closed in changes.structure.did_close or ():
                notebook.documents.pop(closed.uri, None)
                gone.append(closed.uri)
        for content in changes.text_content or ():
            cell = notebook.documents.get(content.document.uri)
            if cell is not None:
                version = content.document.version
                new = changed(cell, version, content.changes, self.abilities.encoding)
                notebook.documents[content.document.uri] = new
        for cell_uri in gone:
            self.cells.pop(cell_uri, None)
        self._put_notebook(notebook)
        return gone

    def close_notebook(self, uri: str) -> Snapshot | None:
        """A notebook was closed."""
        notebook = self.notebooks.pop(uri, None)
        for cell in notebook.documents if notebook is not None else ():
            self.cells.pop(cell, None)
        return self.documents.pop(uri, None)

    def _open_cell(self, notebook: Notebook, item: types.TextDocumentItem) -> None:
        is_python = item.language_id == "python"
        notebook.documents[item.uri] = Snapshot(
            item.uri, notebook.path, False, is_python, item.version, 1, item.text
        )
        self.cells[item.uri] = notebook

    def _put_notebook(self, notebook: Notebook) -> Snapshot:
        return self._put(notebook.text(self._serials.get(notebook.uri, 0) + 1))

    def _put(self, snapshot: Snapshot) -> Snapshot:
        self.documents[snapshot.uri] = snapshot
        self._serials[snapshot.uri] = snapshot.serial
        return snapshot

    def close(self, uri: str) -> Snapshot | None:
        """A document was closed."""
        snapshot = self.documents.pop(uri, None)
        if snapshot is not None and snapshot.is_file:
            self._uris.pop(snapshot.path, None)
        return snapshot

    def uri_of(self, path: Path) -> str:
        """The URI by which the client calls a file."""
        return self._uris.get(path) or uris.from_path(path)

    def root_of(self, path: Path) -> str | None:
        """The URI of the deepest root that holds a file."""
        holding = [(len(root.parts), uri) for uri, root in self.folders.items() if path.is_relative_to(root)]
        return max(holding)[1] if holding else None

    def converter(self) -> Converter:
        """What makes diagnostics for this client. For the worker's thread."""

        def text_of(path: Path) -> str | None:
            from django_uplift.text.source import DecodeError, decode

            try:
                return decode(self.analyst.store.read(path)).text
            except (OSError, DecodeError):
                return None

        return Converter(self.abilities, self.uri_of, text_of, self.analyst.around, self._pieces)

    # Waiting

    async def touch(self) -> None:
        """Something changed that may change diagnostics: whoever waits for that goes on."""
        self.generation += 1
        async with self._changed:
            self._changed.notify_all()

    async def wait_beyond(self, generation: int) -> None:
        """Wait until something changed since `generation`."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.generation > generation)


def _is_template(path: Path) -> bool:
    """Whether the engine reads a file as a template: what an editor calls it doesn't count."""
    from django_uplift.syntax.templates import language_of

    return language_of(path) == "template"


def section_of(settings: object) -> dict[str, Any]:
    """Our settings in what a client sent, bare or under ``settings`` or our section's name."""
    for name in (SECTION, "settings"):
        if isinstance(settings, Mapping) and name in settings:
            return section_of(settings[name])
    if not isinstance(settings, Mapping):
        return {}
    return {str(key): value for key, value in settings.items() if value is not None}

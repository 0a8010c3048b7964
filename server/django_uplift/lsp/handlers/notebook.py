"""Notebooks that are opened, changed and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp.schedule import Priority

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer

SYNC = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithCells(
            [types.NotebookCellLanguage("python")],
            types.NotebookDocumentFilterNotebookType("jupyter-notebook"),
        )
    ],
    save=False,
)


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(did_close)


def did_open(ls: UpliftServer, params: types.DidOpenNotebookDocumentParams) -> None:
    """Check a notebook for the first time."""
    document = params.notebook_document
    cells = [cell.document for cell in document.cells]
    snapshot = ls.session.open_notebook(document.uri, cells, params.cell_text_documents)
    ls.publisher.opened(snapshot.uri)


def did_change(ls: UpliftServer, params: types.DidChangeNotebookDocumentParams) -> None:
    """Check a notebook again: its cells changed, came, went or moved."""
    changes = params.change.cells
    if changes is None:
        return
    gone = ls.session.change_notebook(params.notebook_document.uri, changes)
    if gone is not None:
        ls.publisher.silence(gone)
        ls.publisher.typed(params.notebook_document.uri)


def did_close(ls: UpliftServer, params: types.DidCloseNotebookDocumentParams) -> None:
    """Forget a notebook."""
    uri = params.notebook_document.uri
    notebook, snapshot = ls.session.notebooks.get(uri), ls.session.close_notebook(uri)
    if notebook is not None and snapshot is not None:
        ls.worker.submit(lambda _: ls.session.analyst.close(snapshot), Priority.SETUP)
        ls.publisher.silence(notebook.order)
        ls.publisher.moved_on()

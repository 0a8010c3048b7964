"""Documents that are opened, changed, saved and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp.handlers import configuration
from django_uplift.lsp.schedule import Priority

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(did_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)


def did_open(ls: UpliftServer, params: types.DidOpenTextDocumentParams) -> None:
    """Check a document for the first time."""
    snapshot = ls.session.open(params.text_document)
    ls.publisher.opened(snapshot.uri)
    configuration.look_for_changes(ls)


def did_change(ls: UpliftServer, params: types.DidChangeTextDocumentParams) -> None:
    """Check a document again, at once: there is no wait for the typing to end."""
    snapshot = ls.session.change(params.text_document, params.content_changes)
    if snapshot is not None:
        ls.publisher.typed(snapshot.uri)


def did_save(ls: UpliftServer, params: types.DidSaveTextDocumentParams) -> None:
    """Look whether the configuration was saved, for clients that do not watch files for us."""
    configuration.look_for_changes(ls)
    ls.publisher.moved_on()


def did_close(ls: UpliftServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a document's text."""
    snapshot = ls.session.close(params.text_document.uri)
    if snapshot is not None:
        ls.worker.submit(lambda _: ls.session.analyst.close(snapshot), Priority.SETUP)
        ls.publisher.closed(snapshot)

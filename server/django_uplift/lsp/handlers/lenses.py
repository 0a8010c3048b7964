"""Code lens over functions that query on the event loop, and inlay hints where they do; both off unless wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp.convert import range_of
from django_uplift.lsp.documents import Snapshot, span_of
from django_uplift.lsp.protocol import Raw, Refused
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.engine.context import Context
    from django_uplift.flow.events import Event
    from django_uplift.lsp.server import UpliftServer

LENS, HINTS = "codeLens", "inlayHints"


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(code_lens)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(inlay_hint)


async def code_lens(ls: UpliftServer, params: types.CodeLensParams) -> Raw:
    """How often each function queries on the event loop."""

    def make(snapshot: Snapshot, context: Context) -> list[Any]:
        from django_uplift.engine.reach import name_span, queries_on_loop

        return [
            types.CodeLens(
                _range(ls, snapshot, name_span(context, function)),
                types.Command(_counted(len(events)), ""),
            )
            for function, events in queries_on_loop(context).items()
        ]

    return await _answer(ls, params.text_document.uri, LENS, make)


async def inlay_hint(ls: UpliftServer, params: types.InlayHintParams) -> Raw:
    """A word behind each expression that queries on the event loop, with the way to the query."""

    def make(snapshot: Snapshot, context: Context) -> list[Any]:
        from django_uplift.engine.reach import queries_on_loop

        wanted = span_of(snapshot.lines, params.range, ls.session.abilities.encoding)
        hints: list[types.InlayHint] = []
        for events in queries_on_loop(context).values():
            for event in events:
                span = context.span(event.node)
                if span.start <= wanted.end and wanted.start <= span.end:
                    end = _range(ls, snapshot, span).end
                    label = "query on the loop" if not event.path else f"query on the loop: {_cause(event)}"
                    hint = types.InlayHint(end, label, padding_left=True)
                    hint.tooltip = _tooltip(event, snapshot)
                    hints.append(hint)
        return hints

    return await _answer(ls, params.text_document.uri, HINTS, make)


async def _answer(
    ls: UpliftServer, uri: str, option: str, make: Callable[[Snapshot, Context], list[Any]]
) -> Raw:
    """What `make` makes of a document; nothing where that isn't wanted. Refused where the text has changed since."""
    session = ls.session
    await session.settled.wait()
    if not session.server_option(option):
        return Raw([])

    def job(_: Token) -> Raw:
        snapshot = session.documents.get(uri)
        if snapshot is None or not snapshot.is_python or "async " not in snapshot.text:
            return Raw([])
        context = session.analyst.context_of(session.analyst.analyse(snapshot))
        if session.documents.get(uri) is not snapshot:
            raise Refused(types.LSPErrorCodes.ContentModified, "the document has changed since")
        return Raw([]) if context is None else ls.freeze(make(snapshot, context))

    return await ls.worker.submit(job, Priority.OPEN)


def _range(ls: UpliftServer, snapshot: Snapshot, span: Span) -> types.Range:
    return range_of(snapshot.lines, span, ls.session.abilities.encoding)


def _counted(count: int) -> str:
    return f"{count} {'query' if count == 1 else 'queries'} on the event loop"


def _cause(event: Event) -> str:
    return str(event.extra.get("cause") or event.path[-1].message)


def _tooltip(event: Event, snapshot: Snapshot) -> str | None:
    from django_uplift.engine.reach import told

    return f"{event.what} leads to {told(event.path, snapshot.path)}" if event.path else None


def refresh(ls: UpliftServer) -> None:
    """Have the client ask again, for what its user wants to see or has seen."""
    session, abilities = ls.session, ls.session.abilities
    wanted = {option for option in (LENS, HINTS) if session.server_option(option)}
    stale, session.shown = wanted | session.shown, wanted
    if LENS in stale and abilities.lens_refresh:
        ls.publisher.start(_ask(ls, types.WORKSPACE_CODE_LENS_REFRESH))
    if HINTS in stale and abilities.hint_refresh:
        ls.publisher.start(_ask(ls, types.WORKSPACE_INLAY_HINT_REFRESH))


async def _ask(ls: UpliftServer, method: str) -> None:
    await ls.ask(method, None)

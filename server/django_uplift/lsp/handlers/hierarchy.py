"""Call hierarchy, of the calls that lead to the database alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.convert import range_of
from django_uplift.lsp.protocol import Raw
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.lines import Lines, PositionEncoding, Span

if TYPE_CHECKING:
    from django_uplift.engine.context import Context
    from django_uplift.engine.reach import Leg
    from django_uplift.lsp.server import UpliftServer
    from django_uplift.syntax.tree import FunctionNode

# Files and functions that are looked into for callers.
_MOST = 200


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)(prepare)
    server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)(outgoing)
    server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)(incoming)


async def prepare(ls: UpliftServer, params: types.CallHierarchyPrepareParams) -> Raw | None:
    """The function whose name is at a place, if it gets to the database; what a call there gets to it by."""
    session, uri = ls.session, params.text_document.uri
    await session.settled.wait()

    def job(_: Token) -> Raw | None:
        snapshot = session.documents.get(uri)
        if snapshot is None or not snapshot.is_python:
            return None
        context = session.analyst.context_of(session.analyst.analyse(snapshot))
        if context is None:
            return None
        at = snapshot.lines.from_units(
            params.position.line, params.position.character, session.abilities.encoding
        )
        item = _Items(ls).at(context, at)
        return None if item is None else ls.freeze([item])

    return await ls.worker.submit(job, Priority.ASKED)


async def outgoing(ls: UpliftServer, params: types.CallHierarchyOutgoingCallsParams) -> Raw | None:
    """What a function calls to get to the database; the queries themselves end it."""

    def job(_: Token) -> Raw | None:
        items = _Items(ls)
        found = items.function(params.item.data)
        if found is None:
            return None
        from django_uplift.engine.reach import legs

        context, function = found
        calls: dict[tuple[Any, ...], types.CallHierarchyOutgoingCall] = {}
        for leg in legs(context, function):
            item = items.of_leg(context, leg)
            place = items.range(context.tree.lines, context.span(leg.node))
            key = (item.name, item.uri, item.selection_range.start.line, item.selection_range.start.character)
            known = calls.setdefault(key, types.CallHierarchyOutgoingCall(item, []))
            known.from_ranges = [*known.from_ranges, place]
        return ls.freeze(list(calls.values()))

    return await ls.worker.submit(job, Priority.ASKED)


async def incoming(ls: UpliftServer, params: types.CallHierarchyIncomingCallsParams) -> Raw | None:
    """Who calls a function that gets to the database: those that are proved to."""

    def job(token: Token) -> Raw | None:
        items = _Items(ls)
        found = items.function(params.item.data)
        if found is None:
            return None
        from django_uplift.engine.reach import legs
        from django_uplift.engine.references import Sources, functions_of

        context, function = found
        to = (context.names.name, function.lineno, function.col_offset)
        sources = Sources(ls.session.analyst.engine_for(context.path), context)
        calls: list[types.CallHierarchyIncomingCall] = []
        left = _MOST
        for other in sources.with_word(function.name):
            for caller in functions_of(other.tree):
                if left and caller is not function and function.name in other.tree.source(caller):
                    token.check()
                    left -= 1
                    ranges = [
                        items.range(other.tree.lines, other.span(leg.node)) for leg in legs(other, caller, to)
                    ]
                    if ranges:
                        calls.append(types.CallHierarchyIncomingCall(items.of(other, caller), ranges))
        return ls.freeze(calls)

    return await ls.worker.submit(job, Priority.ASKED)


class _Items:
    """Functions as the protocol's items. Their `data` finds them again."""

    def __init__(self, ls: UpliftServer) -> None:
        self._session = ls.session
        self._encoding: PositionEncoding = ls.session.abilities.encoding

    def range(self, lines: Lines, span: Span) -> types.Range:
        """A place in the client's units."""
        return range_of(lines, span, self._encoding)

    def context(self, path: Path) -> Context | None:
        """A file as a tree, as it is open or else on the disk."""
        analyst = self._session.analyst
        snapshot = self._session.documents.get(self._session.uri_of(path))
        if snapshot is not None:
            return analyst.context_of(analyst.analyse(snapshot))
        from django_uplift.text.source import DecodeError, decode

        try:
            text = decode(analyst.store.read(path)).text
        except (OSError, DecodeError):
            return None
        return analyst.engine_for(path).context(path, text)

    def function(self, data: Any) -> tuple[Context, FunctionNode] | None:
        """The function that an item stands for; None for a query, and for what is there no more."""
        if not isinstance(data, dict) or not isinstance(data.get("uri"), str):
            return None
        from django_uplift.engine.references import functions_of

        path = uris.to_path(data["uri"])
        snapshot = self._session.documents.get(data["uri"])
        if snapshot is not None:
            analyst = self._session.analyst
            context = analyst.context_of(analyst.analyse(snapshot))
        else:
            context = None if path is None else self.context(path)
        if context is None:
            return None
        named = [node for node in functions_of(context.tree) if node.name == data.get("name")]
        # Lines may have come or gone since: the nearest of that name is meant.
        line = data.get("line")
        nearest = min(named, key=lambda n: abs(n.lineno - line) if isinstance(line, int) else 0, default=None)
        return None if nearest is None else (context, nearest)

    def at(self, context: Context, offset: int) -> types.CallHierarchyItem | None:
        """The item at a place."""
        from django_uplift.engine.reach import legs, name_span, named_function
        from django_uplift.engine.references import functions_of

        for function in functions_of(context.tree):
            start, end = name_span(context, function)
            if start <= offset <= end:
                return self.of(context, function) if legs(context, function) else None
        calls = [
            (span.end - span.start, node)
            for node in context.tree.nodes(ast.Call)
            if (span := context.span(node)).start <= offset <= context.span(node.func).end
        ]
        for _, call in sorted(calls, key=lambda pair: pair[0]):
            around = named_function(call)
            for leg in legs(context, around) if around is not None else ():
                if context.span(leg.node) == context.span(call):
                    return self.of_leg(context, leg)
        return None

    def of(self, context: Context, function: FunctionNode) -> types.CallHierarchyItem:
        """A function of a file."""
        from django_uplift.engine.reach import name_span, qualified

        uri = self._session.uri_of(context.path)
        lines = context.tree.lines
        return types.CallHierarchyItem(
            qualified(function),
            types.SymbolKind.Method
            if isinstance(getattr(function, "parent", None), ast.ClassDef)
            else types.SymbolKind.Function,
            uri,
            self.range(lines, context.span(function)),
            self.range(lines, name_span(context, function)),
            detail=context.names.name + (" (async)" if isinstance(function, ast.AsyncFunctionDef) else ""),
            data={"uri": uri, "name": function.name, "line": function.lineno},
        )

    def of_leg(self, context: Context, leg: Leg) -> types.CallHierarchyItem:
        """Where a leg leads: to a function, or to a query, which is where it stands."""
        target = leg.target
        if target is not None:
            from django_uplift.engine.references import functions_of

            there = self.context(context.modules.file_of(target.module) or Path())
            for function in functions_of(there.tree) if there is not None else ():
                if there is not None and (function.lineno, function.col_offset) == (
                    target.line,
                    target.column,
                ):
                    return self.of(there, function)
        place = self.range(context.tree.lines, context.span(leg.node))
        uri = self._session.uri_of(context.path)
        return types.CallHierarchyItem(leg.what, types.SymbolKind.Event, uri, place, place, detail="query")

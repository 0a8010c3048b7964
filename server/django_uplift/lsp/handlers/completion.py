"""Completion of codes in suppression comments; anything else is the business of other servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp.convert import range_of
from django_uplift.lsp.documents import Snapshot
from django_uplift.lsp.protocol import Raw
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer

_BEFORE = re.compile(
    r"#\s*(?:(?P<noqa>noqa)\s*:\s*|django-uplift:\s*ignore(?:-file)?\s*\[\s*)"
    r"(?:[\w-]+[\s,]+)*(?P<word>[\w-]*)$",
    re.IGNORECASE,
)


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_COMPLETION)(completion)


async def completion(ls: UpliftServer, params: types.CompletionParams) -> Raw | None:
    """The codes that may stand at a place, those of the line's findings first."""
    session, uri = ls.session, params.text_document.uri
    snapshot = session.documents.get(uri)
    if snapshot is None or not (snapshot.is_python or snapshot.is_template):
        return None
    encoding = session.abilities.encoding
    at = snapshot.lines.from_units(params.position.line, params.position.character, encoding)
    line = snapshot.lines.line_of(at)
    line_start = snapshot.lines.starts[line]
    before = _BEFORE.search(snapshot.text[line_start:at])
    if before is None:
        return None
    await session.settled.wait()

    def job(_: Token, snapshot: Snapshot = snapshot) -> Raw:
        place = range_of(snapshot.lines, Span(at - len(before["word"]), at), encoding)
        # What the comment may silence is what would be found without it.
        start, end = line_start + before.start(), snapshot.lines.line_span(line).end
        bare = snapshot.text[:start] + " " * (end - start) + snapshot.text[end:]
        checked = session.analyst.engine_for(snapshot.path).check_text(snapshot.path, bare)
        found = {f.rule for f in checked.findings if snapshot.lines.line_of(f.span.start) == line}
        items = []
        for rule in session.analyst.registry.rules:
            name, other = (rule.code, rule.slug) if before["noqa"] else (rule.slug, rule.code)
            items.append(
                types.CompletionItem(
                    name,
                    kind=types.CompletionItemKind.EnumMember,
                    detail=other,
                    sort_text=f"{0 if rule in found else 1}{rule.code}",
                    preselect=True if rule in found else None,
                    text_edit=types.TextEdit(place, name),
                )
            )
        return ls.freeze(types.CompletionList(False, items))

    return await ls.worker.submit(job, Priority.ASKED)

"""'Convert to async' and 'Make async': changes of several files, which the client can preview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp.convert import kinds_wanted, range_of
from django_uplift.lsp.documents import Snapshot
from django_uplift.lsp.protocol import Refused
from django_uplift.text.edits import small_edits
from django_uplift.text.lines import Lines, Span

if TYPE_CHECKING:
    from django_uplift.engine.context import Context
    from django_uplift.engine.findings import Finding
    from django_uplift.engine.refactor import FileChange, Refactoring
    from django_uplift.lsp.analysis import Analysis
    from django_uplift.lsp.session import Session

REWRITE = "refactor.rewrite.async"
CONVERT, MAKE, FETCH = "convert", "make-async", "fetch"
QUICK_FIX = types.CodeActionKind.QuickFix.value
_DEF = re.compile(r"[ \t]*def[ \t]")


class Offer:
    """A refactoring that can be had: its title, and what `data` of the action makes it again."""

    def __init__(
        self, title: str, data: dict[str, Any], findings: list[Finding], kind: str = REWRITE
    ) -> None:
        self.title, self.data, self.findings, self.kind = title, data, findings, kind


def offers(
    session: Session, analysis: Analysis, span: Span, here: list[Finding], only: Any
) -> Iterator[Offer]:
    """The refactorings at a place: of the function whose ``def`` is there, and of the helpers of findings there."""
    if kinds_wanted(only, QUICK_FIX) and analysis.context is not None:
        from django_uplift.engine.elsewhere import fetch_there

        for finding in here:
            found = fetch_there(session.analyst.engine_for(analysis.snapshot.path), analysis.context, finding)
            if found is not None:
                data = {"make": FETCH, "finding": analysis.findings.index(finding)}
                yield Offer(found[0], data, [finding], QUICK_FIX)
    if not kinds_wanted(only, REWRITE):
        return
    for finding in here:
        title = _make_title(session, analysis, finding)
        if title:
            yield Offer(title, {"make": MAKE, "finding": analysis.findings.index(finding)}, [finding])
    snapshot = analysis.snapshot
    line = snapshot.lines.line_of(span.start)
    if _DEF.match(snapshot.lines.line_text(line)):
        title = _convert_title(_context(session, analysis), span.start)
        if title:
            yield Offer(title, {"make": CONVERT, "offset": span.start}, [])


def _context(session: Session, analysis: Analysis) -> Context | None:
    """The file as a tree; where no rule looked at it, parsed for this."""
    if analysis.context is not None:
        return analysis.context
    snapshot = analysis.snapshot
    return session.analyst.engine_for(snapshot.path).context(snapshot.path, snapshot.text)


def _fresh(session: Session, analysis: Analysis, finding: Finding) -> Finding:
    """A finding with the way to its query as texts are now: an edit of another open file may have moved its lines."""
    snapshot = analysis.snapshot
    others = {document.path for document in session.documents.values()} - {snapshot.path}
    if not others.intersection(hop.path for hop in finding.trace):
        return finding
    checked = session.analyst.engine_for(snapshot.path).check_text(snapshot.path, snapshot.text)
    same = (f for f in checked.findings if f.rule is finding.rule and f.span == finding.span)
    return next(same, finding)


def _make_title(session: Session, analysis: Analysis, finding: Finding) -> str:
    from django_uplift.engine.refactor import chain_of, twin_of

    if analysis.context is None:
        return ""
    engine = session.analyst.engine_for(analysis.snapshot.path)
    found = chain_of(engine, analysis.context, _fresh(session, analysis, finding))
    if found is None:
        return ""
    twin = twin_of(found[0][0])
    if twin is not None:
        return f"Await the project's own {twin.name}()"
    names = [f"{function.name}()" for function in found[0]]
    what = " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} functions below it"
    return f"Make {what} async, and await {'it' if len(names) == 1 else 'them'}"


def _convert_title(context: Context | None, offset: int) -> str:
    from django_uplift.engine.refactor import convertible, is_handler, is_view

    node = convertible(context, offset, at_name=True) if context is not None else None
    if node is None:
        return ""
    if is_handler(node):
        return "Convert this view's handlers to async"
    return "Convert this view to async" if is_view(node) else f"Convert {node.name}() to async"


def made(session: Session, analysis: Analysis, data: dict[str, Any]) -> types.WorkspaceEdit | None:
    """The edit of an offer; None where it can't be made. Raises `Refused` where an open text is newer than ours."""
    from django_uplift.engine.elsewhere import fetch_there
    from django_uplift.engine.refactor import convert_to_async, make_async

    snapshot = analysis.snapshot
    engine = session.analyst.engine_for(snapshot.path)
    if data.get("make") == CONVERT:
        offset = data.get("offset")
        refactoring = (
            convert_to_async(engine, snapshot.path, snapshot.text, offset)
            if isinstance(offset, int)
            else None
        )
    else:
        number = data.get("finding")
        if not isinstance(number, int) or not 0 <= number < len(analysis.findings):
            return None
        finding = _fresh(session, analysis, analysis.findings[number])
        if data.get("make") == FETCH:
            there = fetch_there(engine, analysis.context, finding) if analysis.context is not None else None
            refactoring = there[1] if there is not None else None
        else:
            refactoring = make_async(engine, snapshot.path, snapshot.text, finding)
    return None if refactoring is None else _edit(session, snapshot, refactoring)


def _edit(session: Session, snapshot: Snapshot, refactoring: Refactoring) -> types.WorkspaceEdit:
    """A label per file. Other files are changed when the user agrees, as is this one where something is left to do."""
    notes = "\n".join(refactoring.notes())
    open_texts = {document.path: document for document in session.documents.values()}
    annotations: dict[str, types.ChangeAnnotation] = {}
    documents: list[types.TextDocumentEdit] = []
    changes: dict[str, list[types.TextEdit]] = {}
    for number, (path, change) in enumerate(refactoring.files.items()):
        opened = open_texts.get(path)
        if opened is not None and opened.text != change.old:
            raise Refused(
                types.LSPErrorCodes.ContentModified, f"{path.name} has changed since it was analysed"
            )
        uri = opened.uri if opened is not None else session.uri_of(path)
        edits = _text_edits(session, change)
        changes[uri] = edits
        identifier = f"django-uplift-{number}"
        confirm = path != snapshot.path or bool(notes)
        annotations[identifier] = types.ChangeAnnotation(
            change.label, needs_confirmation=confirm, description=notes
        )
        version = opened.version if opened is not None else None
        documents.append(
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version),
                [types.AnnotatedTextEdit(identifier, e.range, e.new_text) for e in edits]
                if session.abilities.annotations
                else list(edits),
            )
        )
    if not session.abilities.document_changes:
        return types.WorkspaceEdit(changes=changes)
    if not session.abilities.annotations:
        return types.WorkspaceEdit(document_changes=documents)
    return types.WorkspaceEdit(document_changes=documents, change_annotations=annotations)


def _text_edits(session: Session, change: FileChange) -> list[types.TextEdit]:
    lines, encoding = Lines(change.old), session.abilities.encoding
    return [
        types.TextEdit(range_of(lines, Span(start, end), encoding), text)
        for start, end, text in small_edits(change.old, change.new)
    ]

"""Hover: a rule's page on its code in a suppression, and what is wrong on a flagged range."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp.convert import link_of, range_of
from django_uplift.lsp.notebooks import NotebookText, moved
from django_uplift.lsp.protocol import Raw
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.engine.findings import Finding
    from django_uplift.engine.pages import Page
    from django_uplift.engine.rule import Rule
    from django_uplift.lsp.analysis import Analysis, Analyst
    from django_uplift.lsp.server import UpliftServer

_COMMENT = re.compile(r"#\s*(?:noqa\s*:|django-uplift:\s*ignore(?:-file)?\s*\[)", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z][\w-]*")


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


async def hover(ls: UpliftServer, params: types.HoverParams) -> Raw | None:
    """What there is to know about a place."""
    session, uri, cell = ls.session, params.text_document.uri, params.text_document.uri
    notebook = session.cells.get(cell)
    if notebook is not None:
        uri = notebook.uri
    if uri not in session.documents:
        return None
    await session.settled.wait()

    def job(_: Token) -> Raw | None:
        snapshot = session.documents.get(uri)
        if snapshot is None or not (snapshot.is_python or snapshot.is_template):
            return None
        encoding = session.abilities.encoding
        place = snapshot.cell(cell) if isinstance(snapshot, NotebookText) else None
        above = 0 if place is None else place.first
        at = snapshot.lines.from_units(params.position.line + above, params.position.character, encoding)
        analysis = session.analyst.analyse(snapshot)
        answer = (
            _suppressed(session.analyst, analysis, at)
            or _flagged(analysis, at)
            or _runs(session.analyst, analysis, at)
        )
        if answer is None:
            return None
        text, span = answer
        kind = types.MarkupKind.Markdown if session.abilities.markdown else types.MarkupKind.PlainText
        return ls.freeze(
            types.Hover(
                types.MarkupContent(kind, text), moved(range_of(snapshot.lines, span, encoding), -above)
            )
        )

    return await ls.worker.submit(job, Priority.ASKED)


def code_at(analysis: Analysis, at: int) -> tuple[str, Span] | None:
    """The code or slug in a suppression comment that a position is on."""
    lines = analysis.snapshot.lines
    start, end = lines.line_span(lines.line_of(at))
    line = analysis.snapshot.text[start:end]
    comment = _COMMENT.search(line)
    if comment is None:
        return None
    for word in _CODE.finditer(line, comment.end()):
        if start + word.start() <= at <= start + word.end():
            return word[0], Span(start + word.start(), start + word.end())
    return None


def _suppressed(analyst: Analyst, analysis: Analysis, at: int) -> tuple[str, Span] | None:
    found = code_at(analysis, at)
    rule = None if found is None else analyst.registry.get(found[0])
    if found is None or rule is None:
        return None
    page = page_of(rule)
    heading = f"**{rule.code}** `{rule.slug}`"
    return (f"{heading}\n\n{page.markdown}" if page is not None else heading), found[1]


def _runs(analyst: Analyst, analysis: Analysis, at: int) -> tuple[str, Span] | None:
    """Where a call in async code runs, and how it gets to the database."""
    snapshot = analysis.snapshot
    if not snapshot.is_python or "async " not in snapshot.text:
        return None
    from django_uplift.engine.reach import told, whereabouts

    context = analyst.context_of(analysis)
    found = None if context is None else whereabouts(context, at)
    if found is None:
        return None
    where = "in a worker thread" if found.in_thread else "on the event loop"
    text = f"`{found.what}` runs {where}"
    if found.steps:
        joint = ", where it" if found.in_thread else " and"
        text += f"{joint} queries the database: {told(found.steps, snapshot.path)}"
    elif not found.is_async:
        text += ": no query is known on its way"
    return f"{text}.", found.span


def _flagged(analysis: Analysis, at: int) -> tuple[str, Span] | None:
    texts: list[str] = []
    place: Span | None = None
    for finding in analysis.findings:
        span = next((span for span in (finding.span, *finding.uses) if span.start <= at <= span.end), None)
        if span is not None:
            place = place or span
            texts.append(_about(finding, analysis))
    return None if place is None else ("\n\n---\n\n".join(texts), place)


def _about(finding: Finding, analysis: Analysis) -> str:
    """One finding in Markdown: what, why, since when, what to do."""
    rule = finding.rule
    parts = [f"**{rule.code}** `{rule.slug}`: {finding.message}"]
    page = page_of(rule)
    if page is not None:
        parts += (page.sections[name] for name in ("Why", "Use instead") if name in page.sections)
    versions = [
        f"{word} {release}"
        for word, release in (
            ("deprecated in Django", rule.deprecated_in),
            ("removed in", rule.removed_in),
            ("replacement since", rule.replacement_since),
        )
        if release is not None
    ]
    if versions:
        parts.append("; ".join(versions).capitalize().replace("django", "Django") + ".")
    if finding.trace:
        parts.append(f"Path: {_way(finding, analysis)}.")
    if finding.fixes:
        parts.append("Quick fix: " + "; or: ".join(fix.label for fix in finding.fixes) + ".")
    link = link_of(rule)
    if link:
        parts.append(f"[More]({link})")
    return "\n\n".join(parts)


def _way(finding: Finding, analysis: Analysis) -> str:
    """The way to a finding's cause, from its own place on."""
    here = analysis.snapshot
    last = finding.trace[-1]
    own = " ".join(here.text[finding.span.start : finding.span.end].split())
    names = [own if len(own) < 60 else f"{own[:59]}…", *(hop.message for hop in finding.trace)]
    where = f"line {last.line + 1}" if last.path == here.path else f"{last.path.name}:{last.line + 1}"
    # What is no code is a remark, such as where something was fetched.
    shown = (name if " " in name and "(" not in name else f"`{name}`" for name in dict.fromkeys(names))
    return " → ".join(shown) + f" ({where})"


def page_of(rule: Rule) -> Page | None:
    """A rule's page; None if it has none that can be read."""
    from django_uplift.engine.pages import PageError, parse_page
    from django_uplift.engine.registry import page_path

    path = page_path(rule)
    try:
        return None if path is None else parse_page(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, PageError):
        return None

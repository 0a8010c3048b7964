"""Quick fixes, fix-alls and suppressions.

They are always made from the text as it is now: some clients send ranges of diagnostics in other units than
agreed (Neovim 0.7), or send those of an older text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp.convert import kinds_wanted, workspace_edit
from django_uplift.lsp.documents import Snapshot, span_of
from django_uplift.lsp.handlers import fixing, refactorings
from django_uplift.lsp.notebooks import NotebookText, action_in_cells, moved
from django_uplift.lsp.protocol import Raw, Refused
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.text.edits import Edit, small_edits
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.engine.findings import Finding
    from django_uplift.lsp.analysis import Analysis
    from django_uplift.lsp.server import UpliftServer
    from django_uplift.lsp.session import Session

QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = "source.fixAll.djangoUplift"

_SCOPES = (("on this line", "line"), ("on this line, with a reason", "reason"), ("in this file", "file"))
# Edits of servers can't place the cursor: a word that editors mark says where to type.
_PLACEHOLDER = "TODO: why"


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION)(code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)


async def code_action(ls: UpliftServer, params: types.CodeActionParams) -> Raw | None:
    """What can be done at a place."""
    session, uri, cell = ls.session, params.text_document.uri, params.text_document.uri
    notebook = session.cells.get(cell)
    if notebook is not None:
        uri = notebook.uri
    if uri not in session.documents or not session.abilities.literals:
        return None
    await session.settled.wait()

    def job(_: Token) -> Raw | None:
        snapshot = session.documents.get(uri)
        if snapshot is None:
            return None
        analysis = session.analyst.with_context(session.analyst.analyse(snapshot))
        place = snapshot.cell(cell) if isinstance(snapshot, NotebookText) else None
        range = params.range if place is None else moved(params.range, place.first)
        span = span_of(snapshot.lines, range, session.abilities.encoding)
        found = list(_Maker(session, analysis).actions(span, params.context.only))
        made = ls.freeze([*found, *_refactorings(session, analysis, span, params.context.only)])
        return _in_cells(session, snapshot, made) if isinstance(snapshot, NotebookText) else made

    return await ls.worker.submit(job, Priority.ASKED)


async def resolve(ls: UpliftServer, action: types.CodeAction) -> Raw:
    """The edit of an action, if the document is still as it was when the action was offered."""
    session, data = ls.session, action.data
    if not isinstance(data, dict) or not isinstance(data.get("uri"), str):
        raise Refused(types.ErrorCodes.InvalidParams, "this code action is not one of ours")

    def job(_: Token) -> Raw:
        snapshot = session.documents.get(data["uri"])
        if snapshot is None or snapshot.serial != data.get("serial"):
            raise Refused(
                types.LSPErrorCodes.ContentModified, "the document has changed since this was offered"
            )
        analysis = session.analyst.with_context(session.analyst.analyse(snapshot))
        if data.get("make") in (refactorings.CONVERT, refactorings.MAKE, refactorings.FETCH):
            action.edit = refactorings.made(session, analysis, data)
            if action.edit is None:
                raise Refused(types.LSPErrorCodes.RequestFailed, f"'{action.title}' can't be done here")
            return ls.freeze(action)
        edits = _Maker(session, analysis).edits(data)
        if edits is None:
            raise Refused(types.LSPErrorCodes.RequestFailed, f"'{action.title}' can't be done here")
        action.edit = workspace_edit(snapshot, edits, session.abilities)
        if not isinstance(snapshot, NotebookText):
            return ls.freeze(action)
        # Its diagnostics are those of the cells already.
        action.diagnostics = None
        found = _in_cells(session, snapshot, ls.freeze([action])).value
        if not found:
            raise Refused(
                types.LSPErrorCodes.RequestFailed, f"'{action.title}' would change several cells at once"
            )
        return Raw(found[0])

    return await ls.worker.submit(job, Priority.ASKED)


def _in_cells(session: Session, notebook: NotebookText, actions: Raw) -> Raw:
    """Actions on a notebook's text as actions on its cells."""
    encoding = session.abilities.encoding
    made = (action_in_cells(notebook, action, encoding) for action in actions.value)
    return Raw([action for action in made if action is not None])


def _refactorings(session: Session, analysis: Analysis, span: Span, only: Any) -> Iterator[types.CodeAction]:
    """The refactorings at a place, as actions."""
    if analysis.problem is not None:
        return
    converter, snapshot = session.converter(), analysis.snapshot
    here = [finding for finding in analysis.findings if _touches(finding, span)]
    for offer in refactorings.offers(session, analysis, span, here, only):
        found = [converter.diagnostic(finding, analysis) for finding in offer.findings]
        action = types.CodeAction(offer.title, kind=offer.kind, diagnostics=found or None)
        if session.abilities.lazy_edits:
            action.data = {"uri": snapshot.uri, "serial": snapshot.serial, **offer.data}
        else:
            action.edit = refactorings.made(session, analysis, offer.data)
        if action.data is not None or action.edit is not None:
            yield action


class _Maker:
    """Makes the actions of one analysis. An action's `data` says how `edits` makes its edits."""

    def __init__(self, session: Session, analysis: Analysis) -> None:
        self._session = session
        self._analyst = session.analyst
        self._analysis = analysis
        self._converter = session.converter()
        self._abilities = session.abilities

    @property
    def _snapshot(self) -> Snapshot:
        return self._analysis.snapshot

    def actions(self, span: Span, only: Any) -> Iterator[types.CodeAction]:
        """The actions at a place, the best first."""
        if self._analysis.context is None or self._analysis.problem is not None:
            return  # Fixes are made of whole trees.
        if kinds_wanted(only, QUICK_FIX):
            here = [finding for finding in self._analysis.findings if _touches(finding, span)]
            for index, finding in enumerate(self._analysis.findings):
                if finding in here:
                    yield from self._fixes(index, finding)
            yield from self._rules(here)
            yield from self._suppressions(here)
        if kinds_wanted(only, FIX_ALL) and any(_is_safe(finding) for finding in self._analysis.findings):
            yield from self._action("Fix everything that can be fixed safely", FIX_ALL, {"make": "all"})

    def _fixes(self, index: int, finding: Finding) -> Iterator[types.CodeAction]:
        preferred = False
        for choice, fix in enumerate(finding.fixes):
            first_safe = fix.safety.value == "safe" and not preferred
            preferred = preferred or first_safe
            data = {"make": "fix", "finding": index, "choice": choice}
            yield from self._action(fix.label, QUICK_FIX, data, [finding], preferred=first_safe)

    def _rules(self, here: list[Finding]) -> Iterator[types.CodeAction]:
        for rule in dict.fromkeys(finding.rule for finding in here):
            same = [
                finding for finding in self._analysis.findings if finding.rule is rule and _is_safe(finding)
            ]
            if len(same) > 1:
                title = f"Fix all {len(same)} of {rule.code} ({rule.slug}) in this file"
                yield from self._action(title, QUICK_FIX, {"make": "rule", "rule": rule.code}, same)
            if same and self._abilities.apply_edit and (root := self._session.root_of(self._snapshot.path)):
                title = f"Fix all of {rule.code} ({rule.slug}) in the workspace..."
                arguments = [rule.code, root, fixing.SAFE, fixing.CONFIRM]
                yield types.CodeAction(
                    title, kind=QUICK_FIX, command=types.Command(title, fixing.FIX, arguments=arguments)
                )

    def _suppressions(self, here: list[Finding]) -> Iterator[types.CodeAction]:
        for finding in {finding.rule: finding for finding in reversed(here)}.values():
            index = self._analysis.findings.index(finding)
            for where, scope in _SCOPES:
                title = f"Suppress {finding.rule.code} ({finding.rule.slug}) {where}"
                data = {"make": "suppression", "finding": index, "scope": scope}
                yield from self._action(title, QUICK_FIX, data, [finding])

    def _action(
        self,
        title: str,
        kind: str,
        data: dict[str, Any],
        findings: list[Finding] | None = None,
        *,
        preferred: bool = False,
    ) -> Iterator[types.CodeAction]:
        action = types.CodeAction(
            title,
            kind=kind,
            diagnostics=[self._converter.diagnostic(finding, self._analysis) for finding in findings or ()]
            or None,
            is_preferred=True if preferred else None,
        )
        if self._abilities.lazy_edits:
            action.data = {"uri": self._snapshot.uri, "serial": self._snapshot.serial, **data}
        else:
            edits = self.edits(data)
            if edits is None:
                return
            action.edit = workspace_edit(self._snapshot, edits, self._abilities)
        yield action

    def edits(self, data: dict[str, Any]) -> list[Edit] | None:
        """The edits of an action; None where they can't be made, or would change nothing."""
        from django_uplift.engine.fixes import render
        from django_uplift.syntax.suppress import comment_to_add, file_comment_to_add

        context, findings = self._analysis.context, self._analysis.findings
        if context is None:
            return None
        make = data.get("make")
        if make == "all":
            return self._converged(None)
        if make == "rule":
            return self._converged(str(data.get("rule")))
        finding = _at(findings, data.get("finding"))
        if finding is None:
            return None
        if make == "suppression":
            slug = finding.rule.slug
            if data.get("scope") == "file":
                return [file_comment_to_add(context.tree, slug)]
            reason = _PLACEHOLDER if data.get("scope") == "reason" else ""
            return [comment_to_add(context.tree, finding.span, slug, reason=reason)]
        fix = _at(finding.fixes, data.get("choice"))
        edits = None if fix is None else render(context, fix)
        return list(edits) if edits else None

    def _converged(self, code: str | None) -> list[Edit] | None:
        snapshot = self._snapshot
        fixed = self._analyst.engine_for(snapshot.path).fix_text(
            snapshot.path, snapshot.text, unsafe=False, only=lambda f: code is None or f.rule.code == code
        )
        return list(small_edits(snapshot.text, fixed.text)) or None


def _at(items: tuple[Any, ...], index: object) -> Any:
    return items[index] if isinstance(index, int) and 0 <= index < len(items) else None


def _touches(finding: Finding, span: Span) -> bool:
    return any(place.start <= span.end and span.start <= place.end for place in (finding.span, *finding.uses))


def _is_safe(finding: Finding) -> bool:
    return any(fix.safety.value == "safe" for fix in finding.fixes)

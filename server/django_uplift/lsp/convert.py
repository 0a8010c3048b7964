"""Findings and edits in the protocol's words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.abilities import Abilities
from django_uplift.lsp.analysis import SYNTAX_ERROR, Analysis
from django_uplift.lsp.documents import Snapshot
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Lines, PositionEncoding, Span

if TYPE_CHECKING:
    from django_uplift.engine.findings import Finding, Hop
    from django_uplift.engine.rule import Rule
    from django_uplift.lsp.surroundings import Surroundings
    from django_uplift.project.config import ConfigError

SOURCE = "django-uplift"
_MAX_PIECES = 2_000
# Severities are numbered the other way round than the engine's.
_SEVERITIES = (
    types.DiagnosticSeverity.Hint,
    types.DiagnosticSeverity.Information,
    types.DiagnosticSeverity.Warning,
    types.DiagnosticSeverity.Error,
)


def range_of(lines: Lines, span: Span, encoding: PositionEncoding) -> types.Range:
    """A place in the client's units."""
    return types.Range(
        types.Position(*lines.to_units(span.start, encoding)),
        types.Position(*lines.to_units(span.end, encoding)),
    )


def text_edits(lines: Lines, edits: Iterable[Edit], encoding: PositionEncoding) -> list[types.TextEdit]:
    """Edits in the client's units."""
    return [types.TextEdit(range_of(lines, Span(start, end), encoding), text) for start, end, text in edits]


def workspace_edit(
    snapshot: Snapshot, edits: Iterable[Edit], abilities: Abilities, uri: str | None = None
) -> types.WorkspaceEdit:
    """Edits of one document. With its version where the client can refuse what comes too late."""
    changes = text_edits(snapshot.lines, edits, abilities.encoding)
    uri = uri or snapshot.uri
    if not abilities.document_changes:
        return types.WorkspaceEdit(changes={uri: changes})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(changes))])


class Converter:
    """Makes diagnostics as this client wants them.

    `uri_of` gives the URI by which the client calls a file; `text_of` the text of another file, for the
    columns of a trace; `around` where in the upgrade a file stands. `pieces` is where JSON is kept that is the same
    wherever a finding stands.
    """

    def __init__(
        self,
        abilities: Abilities,
        uri_of: Callable[[Path], str],
        text_of: Callable[[Path], str | None],
        around: Callable[[Path], Surroundings | None] = lambda _: None,
        pieces: dict[Hashable, dict[str, Any]] | None = None,
    ) -> None:
        self.abilities = abilities
        self._pieces = {} if pieces is None else pieces
        self._around = around
        self._uri_of = uri_of
        self._text_of = text_of

    def diagnostics(
        self, analysis: Analysis, unstructure: Callable[[types.Diagnostic], dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """All that is to be shown of one document, as JSON. `unstructure` makes that of what the protocol has.

        While somebody types, the same is said again and again, at most in other places: what it takes to say it is
        made once.
        """
        found: list[dict[str, Any]] = []
        if analysis.problem is not None and all(f.rule.slug != SYNTAX_ERROR for f in analysis.findings):
            # The engine says it too, unless the rule for it is turned off; the editor never hides it.
            found.append(unstructure(self._broken(analysis)))
        others: dict[Path, Lines] = {}
        around = self._around(analysis.snapshot.path)
        for finding in analysis.findings:
            if finding.trace:
                found.append(unstructure(self.diagnostic(finding, analysis, others)))
            else:
                said = finding.rule.code, finding.message, finding.severity, finding.deprecated
                key = (*said, repr(_data(finding, around)))
                piece = self._pieces.get(key)
                if piece is None:
                    piece = self._keep(key, unstructure(self.diagnostic(finding, analysis, others)))
                found.append(self._placed(piece, finding.span, analysis))
            if finding.uses and types.DiagnosticTag.Deprecated in self.abilities.tags:
                use = finding.rule.code, finding.message
                piece = self._pieces.get(use)
                if piece is None:
                    piece = self._keep(use, unstructure(self._use(finding, finding.uses[0], analysis)))
                found += (self._placed(piece, use, analysis) for use in finding.uses)
        return found

    def _keep(self, key: Hashable, piece: dict[str, Any]) -> dict[str, Any]:
        if len(self._pieces) > _MAX_PIECES:
            self._pieces.clear()
        self._pieces[key] = piece
        return piece

    def _placed(self, piece: dict[str, Any], span: Span, analysis: Analysis) -> dict[str, Any]:
        """A diagnostic that is known from another place."""
        to_units, encoding = analysis.snapshot.lines.to_units, self.abilities.encoding
        line, character = to_units(span.start, encoding)
        end_line, end_character = to_units(span.end, encoding)
        place = {
            "start": {"line": line, "character": character},
            "end": {"line": end_line, "character": end_character},
        }
        return {**piece, "range": place}

    def diagnostic(
        self, finding: Finding, analysis: Analysis, others: dict[Path, Lines] | None = None
    ) -> types.Diagnostic:
        """One finding."""
        abilities, rule = self.abilities, finding.rule
        deprecated = finding.deprecated and types.DiagnosticTag.Deprecated in abilities.tags
        link = link_of(rule)
        related = None
        if finding.trace and abilities.related_information:
            texts = {} if others is None else others
            related = [self._hop(hop, analysis.snapshot, texts) for hop in finding.trace]
        return types.Diagnostic(
            range_of(analysis.snapshot.lines, finding.span, abilities.encoding),
            finding.message,
            severity=_SEVERITIES[finding.severity - 1],
            code=rule.code,
            code_description=types.CodeDescription(link) if link and abilities.code_description else None,
            source=SOURCE,
            tags=[types.DiagnosticTag.Deprecated] if deprecated else None,
            related_information=related,
            data=_data(finding, self._around(analysis.snapshot.path)) if abilities.diagnostic_data else None,
        )

    def _use(self, finding: Finding, use: Span, analysis: Analysis) -> types.Diagnostic:
        """Another place where the same thing shows: struck through, and not counted as a problem."""
        return types.Diagnostic(
            range_of(analysis.snapshot.lines, use, self.abilities.encoding),
            finding.message,
            severity=types.DiagnosticSeverity.Hint,
            code=finding.rule.code,
            source=SOURCE,
            tags=[types.DiagnosticTag.Deprecated],
        )

    def _hop(self, hop: Hop, here: Snapshot, others: dict[Path, Lines]) -> types.DiagnosticRelatedInformation:
        lines = here.lines if hop.path == here.path else others.get(hop.path)
        if lines is None:
            lines = others[hop.path] = Lines(self._text_of(hop.path) or "")
        line, column = hop.line, hop.column
        if hop.line < len(lines):
            line, column = lines.to_units(lines.starts[hop.line] + hop.column, self.abilities.encoding)
        place = types.Position(line, column)
        uri = here.uri if hop.path == here.path else self._uri_of(hop.path)
        return types.DiagnosticRelatedInformation(types.Location(uri, types.Range(place, place)), hop.message)

    def _broken(self, analysis: Analysis) -> types.Diagnostic:
        problem, lines = analysis.problem, analysis.snapshot.lines
        assert problem is not None
        span = lines.line_span(min(problem.line, len(lines) - 1))
        at = min(span.start + problem.column, span.end)
        return types.Diagnostic(
            range_of(lines, Span(at, span.end), self.abilities.encoding),
            f"this can't be parsed, so not all of the file is checked: {problem.message}",
            severity=types.DiagnosticSeverity.Information,
            code=SYNTAX_ERROR,
            source=SOURCE,
        )


def _data(finding: Finding, around: Surroundings | None) -> dict[str, object]:
    """What an editor needs to sort findings, and which the protocol has no word for."""
    rule = finding.rule
    return {
        "app": around.app if around is not None else None,
        "hop": around.hop(rule) if around is not None else None,
        "slug": rule.slug,
        "family": rule.family,
        "deprecatedIn": str(rule.deprecated_in) if rule.deprecated_in else None,
        "removedIn": str(rule.removed_in) if rule.removed_in else None,
        "confidence": str(finding.confidence),
        "fixable": bool(finding.fixes),
        "safe": any(fix.safety.value == "safe" for fix in finding.fixes),
    }


def configuration_diagnostic(error: ConfigError) -> types.Diagnostic:
    """What is wrong with a configuration file, at its line."""
    line = max(error.line - 1, 0)
    whole = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
    return types.Diagnostic(
        whole, error.message, severity=types.DiagnosticSeverity.Error, code="configuration", source=SOURCE
    )


def link_of(rule: Rule) -> str | None:
    """Where a reader finds more: the rule's own link, else the release notes that it follows from."""
    from django_uplift.django.releases import release_notes_url

    if rule.link:
        return rule.link
    release = rule.removed_in or rule.deprecated_in
    return None if release is None else release_notes_url(release)


def kinds_wanted(only: Sequence[str | types.CodeActionKind] | None, kind: str) -> bool:
    """Whether a client that asks for some kinds means `kind`: kinds are hierarchies, split at dots."""
    if only is None:
        return True
    wanted = [str(o.value if isinstance(o, types.CodeActionKind) else o) for o in only]
    return any(not w or kind == w or kind.startswith(f"{w}.") for w in wanted)


__all__ = [
    "Converter",
    "configuration_diagnostic",
    "kinds_wanted",
    "link_of",
    "range_of",
    "text_edits",
    "uris",
    "workspace_edit",
]

"""Findings for programs: an array as ``check.schema.json`` describes it.

The text is ASCII, so that no console's encoding can spoil it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django_uplift.engine.findings import Finding, Fix, Root
from django_uplift.engine.fixes import render as render_fix
from django_uplift.report.paths import shown
from django_uplift.report.results import FileResult, View
from django_uplift.text.lines import Lines


def render(results: Iterable[FileResult], view: View) -> Iterator[str]:
    """The array, one element for each finding."""
    first = True
    for result in results:
        lines = Lines(result.text)
        for finding in result.findings:
            element = json.dumps(as_json(result, lines, finding, view), indent=2)
            yield ("[\n" if first else ",\n") + "\n".join(f"  {line}" for line in element.split("\n"))
            first = False
    yield "[]\n" if first else "\n]\n"


def statistics(view: View) -> Iterator[str]:
    """An array with one element for each rule that found something, the most frequent first."""
    ranked = sorted(view.totals.rules.items(), key=lambda item: (-item[1], item[0].code))
    yield (
        json.dumps(
            [
                {"rule": rule.code, "slug": rule.slug, "count": count, "fixable": view.totals.fixable[rule]}
                for rule, count in ranked
            ],
            indent=2,
        )
        + "\n"
    )


def as_json(result: FileResult, lines: Lines, finding: Finding, view: View) -> dict[str, Any]:
    """One finding, with 1-based positions in characters."""
    rule = finding.rule
    return {
        "path": result.shown,
        "rule": rule.code,
        "slug": rule.slug,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        "start": _position(lines, finding.span.start),
        "end": _position(lines, finding.span.end),
        "deprecated_in": None if rule.deprecated_in is None else str(rule.deprecated_in),
        "removed_in": None if rule.removed_in is None else str(rule.removed_in),
        "fix": _fix(result, lines, finding, view),
        **({} if finding.root is None else {"root": _root(result, finding.root)}),
        "trace": [
            {
                "path": result.shown if hop.path == result.path else shown(hop.path),
                "line": hop.line + 1,
                "column": hop.column + 1,
                "message": hop.message,
            }
            for hop in finding.trace
        ],
    }


def _root(result: FileResult, root: Root) -> dict[str, Any]:
    return {
        "name": root.name,
        "path": result.shown if root.path == result.path else shown(root.path),
        "line": root.line + 1,
        "column": root.column + 1,
    }


def _position(lines: Lines, offset: int) -> dict[str, int]:
    line, column = lines.position(offset)
    return {"line": line + 1, "column": column + 1}


def _fix(result: FileResult, lines: Lines, finding: Finding, view: View) -> dict[str, Any] | None:
    """The best fix that can be made; None if there is none."""
    if result.context is None:
        return None
    for fix in finding.fixes:
        try:
            edits = render_fix(result.context, fix)
        except Exception as error:  # A rule's mistake costs its own fix alone (invariant 2).
            if view.on_error is None:
                raise
            view.on_error(finding.rule, result.path, error)
            continue
        if edits:
            return _made(fix, lines, edits)
    return None


def _made(fix: Fix, lines: Lines, edits: Iterable[tuple[int, int, str]]) -> dict[str, Any]:
    return {
        "applicability": fix.safety.value,
        "title": fix.label,
        "edits": [
            {"start": _position(lines, start), "end": _position(lines, end), "new_text": text}
            for start, end, text in edits
        ],
    }

"""Findings for people: the place, the reason, the line with the spot marked, what to do; then a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django_uplift.engine.findings import Confidence, Finding, Fix, Safety, Severity
from django_uplift.report.paths import shown
from django_uplift.report.results import FileResult, Totals, View
from django_uplift.report.style import Style, clean, expand_tabs, width
from django_uplift.text.lines import Lines

_LOOKS = {
    Severity.ERROR: ("bold", "red"),
    Severity.WARNING: ("bold", "yellow"),
    Severity.INFORMATION: ("bold", "blue"),
    Severity.HINT: ("bold", "cyan"),
}
_WIDEST = 160
"""Characters of a source line that are shown; of a longer one, those around the finding."""


def render(results: Iterable[FileResult], view: View) -> Iterator[str]:
    """One block of lines for each finding, then the summary."""
    for result in results:
        if result.findings:
            lines = Lines(result.text)
            for finding in result.findings:
                yield _finding(result, lines, finding, view.style)
    if not view.quiet:
        yield from _summary(view.totals, view.style)


def statistics(view: View) -> Iterator[str]:
    """A line for each rule that found something, the most frequent first."""
    style, totals = view.style, view.totals
    ranked = sorted(totals.rules.items(), key=lambda item: (-item[1], item[0].code))
    if ranked:
        digits = len(str(ranked[0][1]))
        names = max(len(rule.slug) for rule, _ in ranked)
        for rule, count in ranked:
            fixable = totals.fixable[rule]
            note = f"  {fixable} fixable" if fixable else ""
            number, slug = style(f"{count:>{digits}}", "bold"), style(f"{rule.slug:<{names}}", "cyan")
            yield f"{number}  {rule.code}  {slug}{note}".rstrip() + "\n"
    if not view.quiet:
        yield from _summary(totals, style)


def _finding(result: FileResult, lines: Lines, finding: Finding, style: Style) -> str:
    line, column = lines.position(finding.span.start)
    place = f"{clean(result.shown)}:{line + 1}:{column + 1}:"
    rule, severity = finding.rule, finding.severity
    sure = "" if finding.confidence is Confidence.PROVEN else f" ({finding.confidence})"
    head = (
        f"{style(place, 'bold')} {style(f'{severity}', *_LOOKS[severity])}{sure} "
        f"{style(f'{rule.code} {rule.slug}', 'cyan')}: {clean(finding.message)}"
    )
    gutter = " " * len(str(line + 1))
    bar = style("|", "dim")
    parts = [head]
    if result.text:
        source, before, carets = excerpt(lines, finding)
        underline = style("^" * carets, *_LOOKS[severity])
        parts += [
            f"  {style(str(line + 1), 'dim')} {bar} {source}".rstrip(),
            f"  {gutter} {bar} {' ' * before}{underline}",
        ]
    parts += [f"  {gutter} {style('=', 'dim')} fix: {_fix(fix, style)}" for fix in finding.fixes]
    if finding.trace:
        parts.append(f"  {gutter} {style('=', 'dim')} path:")
        for depth, hop in enumerate(finding.trace):
            file = result.shown if hop.path == result.path else shown(hop.path)
            hop_place = f"{clean(file)}:{hop.line + 1}:{hop.column + 1}"
            parts.append(f"  {gutter}   {'  ' * depth}{style(hop_place, 'bold')} {clean(hop.message)}")
    return "\n".join(parts) + "\n\n"


def _fix(fix: Fix, style: Style) -> str:
    if fix.safety is Safety.SAFE:
        return f"{style(clean(fix.title), 'green')} (safe)"
    word = "unsafe" if fix.safety is Safety.UNSAFE else "to look at"
    reason = f": {clean(fix.reason)}" if fix.reason else ""
    return f"{style(clean(fix.title), 'green')} ({word}{reason})"


def excerpt(lines: Lines, finding: Finding) -> tuple[str, int, int]:
    """The finding's first line as it is shown, and the cells before and under its mark."""
    start, end = finding.span
    line_start, line_end = lines.line_span(lines.line_of(start))
    end = min(max(end, start), line_end)
    first, last = line_start, line_end
    if line_end - line_start > _WIDEST:
        first = max(line_start, min(start - _WIDEST // 4, line_end - _WIDEST))
        last = min(line_end, first + _WIDEST)
        end = min(end, last)
    lead = "…" if first > line_start else ""
    text = clean(lines.text[first:last])
    before = lead + text[: start - first]
    marked = text[start - first : max(end - first, start - first)]
    at = width(before)
    line = expand_tabs(lead + text + ("…" if last < line_end else ""))
    return line, at, max(width(marked, at), 1)


def _summary(totals: Totals, style: Style) -> Iterator[str]:
    files = _count(totals.files, "file")
    if totals.fixed:
        yield f"Fixed {_count(totals.fixed.total(), 'finding')} in {_count(totals.files_fixed, 'file')}.\n"
    if not totals.findings:
        left = "left " if totals.fixed else ""
        yield style(f"No findings {left}in {files}.", "green") + "\n"
    else:
        kinds = ", ".join(
            style(_count(totals.severities[severity], _NOUNS[severity]), *_LOOKS[severity])
            for severity in reversed(Severity)
            if totals.severities[severity]
        )
        yield f"{_count(totals.findings, 'finding')} in {totals.files_with_findings} of {files}: {kinds}.\n"
    yield from _roots(totals, style)
    if fixable := totals.fixable.total():
        more = f", {totals.unsafe} more with --unsafe-fixes" if totals.unsafe else ""
        yield f"{fixable} fixable with --fix{more}.\n"
    elif totals.unsafe:
        yield f"{totals.unsafe} fixable with --fix --unsafe-fixes.\n"
    if totals.not_checked:
        yield f"{_count(totals.not_checked, 'file')} could not be checked in full.\n"
    for root, target in sorted(totals.targets.items()):
        where = f"{clean(root)}: " if len(totals.targets) > 1 else ""
        yield f"{where}target Django {style(str(target.release), 'bold')} ({clean(target.origin)})\n"


def _roots(totals: Totals, style: Style) -> Iterator[str]:
    """What many findings have in common, so that nobody mends them one by one."""
    shared = [(count, place) for place, count in totals.roots.items() if count >= _MANY]
    shared.sort(key=lambda item: (-item[0], item[1]))
    for count, (path, name) in shared[:_SHOWN_ROOTS]:
        where = f"{name} ({shown(path)})" if not name.isdigit() else f"{shown(path)}:{name}"
        yield f"{count} of them come from {style(clean(where), 'bold')}: mend it there, and they go together.\n"
    if len(shared) > _SHOWN_ROOTS:
        yield f"{_count(len(shared) - _SHOWN_ROOTS, 'more place')} cause several findings each.\n"


_MANY = 3
"""Findings that make a common cause worth a line of the summary."""
_SHOWN_ROOTS = 8
_NOUNS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "hint",
}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""A plan as a page: complete in itself, without scripts, at home on screens, on paper and in an editor's webview.

Whatever comes from the project is escaped, and control characters in it are shown as what they are.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib import resources
from itertools import groupby
from typing import NamedTuple

from django_uplift import __version__
from django_uplift.plan.model import (
    AppCount,
    Counts,
    Hop,
    Place,
    Plan,
    Readiness,
    RuleCount,
    RuleFacts,
    Stage,
    Step,
    StepKind,
)
from django_uplift.report.plans.charts import KINDS, PATTERNS, bar, key, ring
from django_uplift.report.plans.words import needs, number
from django_uplift.report.style import Style, clean

_MOST_APPS = 15

_SHORT = {Readiness.NOW: "Now", Readiness.LATER: "Later", Readiness.PERSON: "By hand"}
_KINDS = {
    StepKind.PYTHON: "Python",
    StepKind.REPAIR: "repair",
    StepKind.FIX: "--fix",
    StepKind.PERSON: "by hand",
    StepKind.PACKAGES: "packages",
    StepKind.RAISE: "Django",
}


class Webview(NamedTuple):
    """What a page needs inside of an editor.

    With a `nonce` its style may be used where only that allows it, and so may a script that the editor adds. `uri_of`
    makes the URI of a path in the plan: then places are links that the editor can follow.
    """

    nonce: str
    uri_of: Callable[[str], str]


def render(plan: Plan, style: Style) -> str:
    """The page as a file."""
    return page(plan)


def page(plan: Plan, webview: Webview | None = None) -> str:
    """The page."""
    return "".join(_Page(plan, webview).parts())


@cache
def stylesheet() -> str:
    """The page's style."""
    return resources.files("django_uplift.report.plans").joinpath("plan.css").read_text("utf-8")


def text(value: object) -> str:
    """`value` as HTML text, also within attributes."""
    return escape(clean(str(value)))


class _Page:
    def __init__(self, plan: Plan, webview: Webview | None) -> None:
        self.plan, self.webview = plan, webview
        self.rules = {rule.code: rule for rule in plan.rules}

    def parts(self) -> Iterator[str]:
        plan = self.plan
        yield from self.head()
        yield '<body>\n<a class="skip" href="#main">To the plan</a>\n'
        yield PATTERNS
        yield from self.header()
        yield '<main id="main">\n'
        for note in plan.notes:
            yield f'<p class="note soft">{text(note)}</p>\n'
        if plan.is_clear:
            yield "<p><strong>Nothing was found that stands in the way.</strong></p>\n"
        else:
            yield from self.sums()
            yield from self.charts()
        yield from self.steps(plan.steps)
        if plan.broken.counts.total:
            yield from self.stage("broken", f"Gone in Django {plan.start} or before", plan.broken)
        for hop in plan.hops:
            yield from self.hop(hop)
        if plan.beyond.counts.total:
            title = f"Deprecated in Django {plan.goal}, and still there"
            yield from self.stage("beyond", title, plan.beyond)
        yield "</main>\n"
        yield from self.footer()
        yield "</body>\n</html>\n"

    def head(self) -> Iterator[str]:
        plan, css = self.plan, stylesheet()
        if self.webview is None:
            digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
            policy, nonce = f"default-src 'none'; style-src 'sha256-{digest}'", ""
        else:
            given = text(self.webview.nonce)
            policy = f"default-src 'none'; style-src 'nonce-{given}'; script-src 'nonce-{given}'"
            nonce = f' nonce="{given}"'
        yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield f"<title>Django {plan.start} to {plan.goal}: the plan</title>\n"
        yield f"<style{nonce}>{css}</style>\n</head>\n"

    def header(self) -> Iterator[str]:
        plan = self.plan
        yield f"<header>\n<h1>Django {plan.start} → {plan.goal}</h1>\n"
        missed = f", {plan.not_checked} of them not in full" if plan.not_checked else ""
        yield f'<p class="soft">The plan for <code>{text(plan.root)}</code>, of {number(plan.files, "file")}{missed}. '
        yield f"From {plan.start} ({text(plan.start_origin)}) to {plan.goal} ({text(plan.goal_origin)}).</p>\n"
        if plan.hops:
            yield '<ol class="way" aria-label="The way">\n'
            for hop in plan.hops:
                lts = " LTS" if hop.start.is_lts else ""
                yield f'<li><strong>{hop.start}{lts}</strong><a class="leg" href="#to-{hop.goal}">'
                yield f"{number(hop.counts.total, 'place')}, {number(_blockers(hop), 'blocker')}</a></li>\n"
            yield f"<li><strong>{plan.goal}{' LTS' if plan.goal.is_lts else ''}</strong></li>\n</ol>\n"
        yield "</header>\n"

    def sums(self) -> Iterator[str]:
        counts, plan = self.plan.counts, self.plan
        yield f'<section class="sums" aria-label="In sum">\n{ring(counts)}\n<dl>\n'
        for readiness, said, meaning in (
            (Readiness.NOW, "fixable now", f"by --fix, and Django {plan.start} goes on working"),
            (Readiness.LATER, "fixable with a hop", f"what to write is newer than Django {plan.start}"),
            (Readiness.PERSON, "by hand", "a person must decide, with or without a suggestion"),
        ):
            count = counts[KINDS.index(readiness)]
            yield f"<div><dt><b>{key(readiness)}{count}</b>{said}</dt><dd>{meaning}</dd></div>\n"
        blockers = "blocker" if plan.blockers == 1 else "blockers"
        yield f"<div><dt><b>{plan.blockers}</b>{blockers} outside of the code</dt>"
        yield "<dd>packages and Python versions, each counted once</dd></div>\n</dl>\n</section>\n"

    def charts(self) -> Iterator[str]:
        plan = self.plan
        yield '<div class="charts">\n'
        rows = [(f"{hop.start} → {hop.goal}", hop.counts) for hop in plan.hops]
        yield from _chart("What breaks, by hop", "Hop", rows)
        if plan.apps:
            yield from _chart("What breaks, by app", "App", _app_rows(plan.apps))
        yield "</div>\n"

    def steps(self, steps: Sequence[Step]) -> Iterator[str]:
        if not steps:
            return
        yield '<section aria-labelledby="steps">\n<h2 id="steps">Order of work</h2>\n'
        yield '<p class="soft">What the Django of today allows comes first, so that each raise is a small one.</p>\n'
        yield '<ol class="steps">\n'
        for step in steps:
            yield f'<li class="{step.kind.value}"><h3>{text(step.title)}'
            yield f'<span class="tag">{_KINDS[step.kind]}</span> <span class="tag">on Django {step.on}</span></h3>\n'
            yield f"<p>{_linked(text(step.detail))}</p>\n"
            for command in step.commands:
                yield f"<pre><code>{text(command)}</code></pre>\n"
            yield "</li>\n"
        yield "</ol>\n</section>\n"

    def hop(self, hop: Hop) -> Iterator[str]:
        name = f"to-{hop.goal}"
        yield f'<section class="hop" aria-labelledby="{name}">\n<h2 id="{name}">Django {hop.start} → {hop.goal}'
        yield f"{' LTS' if hop.is_lts else ''}</h2>\n"
        runs = f"It runs on Python {hop.python_range}. " if hop.python_range else ""
        yield f'<p class="soft">{runs}<a href="{text(hop.notes)}">What changed in Django {hop.goal}</a></p>\n'
        yield from self.blockers(hop)
        if hop.counts.total:
            yield from self.rule_table("What breaks in the code", hop.rules, hop.places)
        else:
            yield "<p>Nothing was found in the code that breaks here.</p>\n"
        yield "</section>\n"

    def blockers(self, hop: Hop) -> Iterator[str]:
        rows: list[str] = []
        for python in hop.pythons:
            declared = f"{text(python.source)} says <code>{text(python.declared)}</code>"
            said = f"{declared}{self.source(python.path, python.line)}"
            rows.append(_blocker("blocks", "Python", said, f"Python {python.needs} or newer"))
        for package in sorted(hop.packages, key=lambda package: not package.blocks):
            said = f"<code>{text(package.declared)}</code>{self.source(package.path, package.line, package.source)}"
            mark = "blocks" if package.blocks else "unsure"
            rows.append(_blocker(mark, package.name, said, text(needs(package, hop.goal))))
        if hop.settings:
            slugs = sorted({self.rules[place.rule].slug for place in hop.settings})
            said = number(len(hop.settings), "place")
            rows.append(_blocker("settings", "Settings", said, ", ".join(map(text, slugs))))
        if hop.databases:
            rows.append(_blocker("check", "Databases", "", f"{text(', '.join(hop.databases))}, or newer"))
        if rows:
            yield '<table class="blockers"><caption>What else stands in the way</caption>\n<thead><tr>'
            yield '<th scope="col"><span class="shut">How</span></th><th scope="col">What</th>'
            yield '<th scope="col">As it is</th><th scope="col">What it takes</th></tr></thead>\n<tbody>\n'
            yield from rows
            yield "</tbody></table>\n"

    def stage(self, name: str, title: str, stage: Stage) -> Iterator[str]:
        yield f'<section class="hop" aria-labelledby="{name}">\n<h2 id="{name}">{text(title)}</h2>\n'
        yield from self.rule_table("What was found", stage.rules, stage.places)
        yield "</section>\n"

    def rule_table(self, caption: str, rows: Iterable[RuleCount], places: Sequence[Place]) -> Iterator[str]:
        yield f'<table class="rules"><caption>{text(caption)}</caption>\n<thead><tr><th scope="col">Gone in</th>'
        yield '<th scope="col">What</th>'
        yield from (f'<th scope="col" class="num">{_SHORT[kind]}</th>' for kind in KINDS)
        yield "</tr></thead>\n"
        for release, group in groupby(rows, key=lambda row: row.breaks_in):
            counts = list(group)
            yield "<tbody>\n"
            for index, row in enumerate(counts):
                rule = self.rules[row.rule]
                mine = [p for p in places if p.rule == row.rule and p.breaks_in == release]
                yield f"<tr{' class=long' if len(mine) > 12 else ''}>"
                if index == 0:
                    yield f'<th scope="rowgroup" rowspan="{len(counts)}">{release or "no date"}</th>'
                yield f"<td>{_rule(rule)}{self.places(mine)}</td>{_numbers(row.counts)}</tr>\n"
            yield "</tbody>\n"
        yield "</table>\n"

    def places(self, places: Sequence[Place]) -> str:
        """Where a rule found something, by what it says there, then by file."""
        files = len({place.path for place in places})
        grouped: dict[tuple[str, str | None, Readiness], dict[str, list[Place]]] = {}
        for place in places:
            said = place.message, place.fix, place.readiness
            grouped.setdefault(said, {}).setdefault(place.path, []).append(place)
        items = "".join(
            f"<li>{key(readiness, 'dot')}{text(message)}{_fix(fix, readiness)}\n<ul>\n"
            + "".join(f"<li>{self.lines(path, found)}</li>\n" for path, found in by_file.items())
            + "</ul></li>\n"
            for (message, fix, readiness), by_file in grouped.items()
        )
        return (
            f"<details><summary>{number(len(places), 'place')} in {number(files, 'file')}</summary>\n"
            f'<ul class="places">\n{items}</ul></details>'
        )

    def lines(self, path: str, places: Sequence[Place]) -> str:
        """The lines of one file, each with its whole range for an editor that wants to jump there."""
        links = (
            self._linked(
                path,
                place.line,
                place.column,
                f'data-path="{text(path)}" data-line="{place.line}" data-column="{place.column}" '
                f'data-end-line="{place.end_line}" data-end-column="{place.end_column}" '
                f'data-rule="{text(place.rule)}" aria-label="{text(path)} line {place.line}"',
                str(place.line),
            )
            for place in places
        )
        return f"<code>{text(path)}</code> {', '.join(links)}"

    def source(self, path: str, line: int, name: str = "") -> str:
        """A line of a file that declares something; a file that none reads by line goes by its `name`."""
        data = f'data-path="{text(path)}" data-line="{line}" data-column="1"'
        return self._linked(path, line, 1, data, f"{path}:{line}" if line else name or path)

    def _linked(self, path: str, line: int, column: int, data: str, said: str) -> str:
        if self.webview is None:
            return f'<code class="place" {data}>{text(said)}</code>'
        uri = text(f"{self.webview.uri_of(path)}#L{max(line, 1)},{column}")
        return f'<a class="place" href="{uri}" {data}><code>{text(said)}</code></a>'

    def footer(self) -> Iterator[str]:
        plan = self.plan
        yield "<footer>\n"
        if plan.aside:
            parts = (
                f"{item.count} of {text(item.family)} in {number(item.files, 'file')}" for item in plan.aside
            )
            yield f"<p>Beside the way, for --check to tell: {', '.join(parts)}.</p>\n"
        yield "<p>What breaks is read from the code, which was not run. Of packages it is known what their releases "
        yield "declare, not what works. Tests with <code>python -Wd</code> on each Django are the proof.</p>\n"
        yield f"<p>django-uplift {text(__version__)}</p>\n</footer>\n"


def _chart(caption: str, head: str, rows: Sequence[tuple[str, Counts]]) -> Iterator[str]:
    most = max([1, *(counts.total for _, counts in rows)])
    yield f'<table class="chart"><caption>{text(caption)}</caption>\n<thead><tr><th scope="col">{text(head)}</th>'
    yield from (f'<th scope="col" class="num">{_SHORT[kind]}</th>' for kind in KINDS)
    yield '<th scope="col" class="graph"><span class="shut">Chart</span></th></tr></thead>\n<tbody>\n'
    for label, counts in rows:
        yield f"<tr>{_label(label)}{_numbers(counts)}"
        yield f'<td class="graph">{bar(counts, most)}</td></tr>\n'
    yield "</tbody></table>\n"


def _label(label: str) -> str:
    """An app may break at its dots, the releases of a hop stay together."""
    if "→" in label:
        return f'<th scope="row" class="whole">{text(label)}</th>'
    return f'<th scope="row">{text(label).replace(".", ".<wbr>")}</th>'


def _app_rows(apps: Sequence[AppCount]) -> list[tuple[str, Counts]]:
    rows = [(app.app, app.counts) for app in apps[:_MOST_APPS]]
    if rest := apps[_MOST_APPS:]:
        summed = Counts(*(sum(app.counts[index] for app in rest) for index in range(len(KINDS))))
        rows.append((f"{len(rest)} more", summed))
    return rows


def _blockers(hop: Hop) -> int:
    return len(hop.pythons) + sum(package.blocks for package in hop.packages)


def _blocker(mark: str, what: str, said: str, takes: str) -> str:
    return (
        f'<tr><td><span class="tag {mark}">{mark}</span></td><th scope="row">{text(what)}</th>'
        f"<td>{said}</td><td>{takes}</td></tr>\n"
    )


def _numbers(counts: Counts) -> str:
    return "".join(f'<td class="num{"" if count else " zero"}">{count}</td>' for count in counts)


def _rule(rule: RuleFacts) -> str:
    # Titles are Markdown, of which they use backquotes alone.
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", text(rule.title))
    code = f"{text(rule.code)} {text(rule.slug)}"
    if rule.link.startswith("https://"):
        code = f'<a href="{text(rule.link)}">{code}</a>'
    since = f", deprecated since {rule.deprecated_in}" if rule.deprecated_in is not None else ""
    return f'<span class="title">{title}</span><span class="code">{code}{since}</span>'


def _fix(fix: str | None, readiness: Readiness) -> str:
    if fix is None:
        return ""
    word = "suggested" if readiness is Readiness.PERSON else "fix"
    return f' <span class="soft">({word}: {text(fix)})</span>'


def _linked(escaped: str) -> str:
    return re.sub(r"https://[\w./#?=-]*[\w/]", lambda match: f'<a href="{match[0]}">{match[0]}</a>', escaped)

"""A plan for terminals: the sum, the order of work, then each hop with what breaks and what blocks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from django_uplift.plan.model import Counts, Hop, Plan, RuleCount, RuleFacts, Stage
from django_uplift.report.plans.words import needs, number
from django_uplift.report.style import Style, clean, width

_COLUMNS = 100
_BAR = 30
_MOST_APPS = 12
_FILES_SHOWN = 3


def render(plan: Plan, style: Style) -> str:
    """All of it."""
    return "".join(_Text(plan, style).lines())


class _Text:
    def __init__(self, plan: Plan, style: Style) -> None:
        self.plan, self.style = plan, style
        self.rules = {rule.code: rule for rule in plan.rules}

    def lines(self) -> Iterator[str]:
        plan = self.plan
        yield self.heading(f"Django {plan.start} → {plan.goal}")
        yield f"from {plan.start} ({clean(plan.start_origin)}) to {plan.goal} ({clean(plan.goal_origin)}), "
        yield f"{number(plan.files, 'file')} read"
        yield f", {plan.not_checked} of them not in full\n" if plan.not_checked else "\n"
        for note in plan.notes:
            yield f"note: {clean(note)}\n"
        yield "\n"
        yield from self.summary()
        yield from self.steps()
        if plan.broken.counts.total:
            yield "\n" + self.heading(f"Gone before {plan.start} or with it")
            yield from self.rule_table(plan.broken.rules, plan.broken)
        for hop in plan.hops:
            yield from self.hop(hop)
        if plan.beyond.counts.total:
            yield "\n" + self.heading(f"Deprecated in {plan.goal}, and still there")
            yield from self.rule_table(plan.beyond.rules, plan.beyond)
        if plan.aside:
            parts = (f"{item.count} of {item.family} in {number(item.files, 'file')}" for item in plan.aside)
            yield "\nBeside the way, see --check: " + ", ".join(parts) + ".\n"

    def summary(self) -> Iterator[str]:
        plan, style = self.plan, self.style
        if plan.is_clear:
            yield style("Nothing was found that stands in the way.", "green") + "\n"
            return
        yield f"{number(plan.counts.total, 'place')} that {_verb(plan.counts.total)} on the way, "
        yield f"{number(plan.blockers, 'blocker')} outside of the code.\n"
        counts = plan.counts
        for count, looks, what in (
            (counts.now, "green", f"fixable now, and Django {plan.start} goes on working"),
            (counts.later, "yellow", "fixable with a hop, as what to write is newer"),
            (counts.person, "red", "for a person to decide"),
        ):
            yield f"  {style(f'{count:>5}', 'bold', looks)}  {what}\n"
        if counts.total:
            yield "\n"
            label = [(f"{hop.start} → {hop.goal}", hop.counts) for hop in plan.hops]
            yield from self.bars("hop", label)
        if len(plan.apps) > 1:
            yield "\n"
            yield from self.bars("app", [(app.app, app.counts) for app in plan.apps[:_MOST_APPS]])
            if len(plan.apps) > _MOST_APPS:
                rest = plan.apps[_MOST_APPS:]
                yield f"  and {sum(app.counts.total for app in rest)} in {len(rest)} more apps\n"

    def bars(self, title: str, rows: list[tuple[str, Counts]]) -> Iterator[str]:
        style = self.style
        rows = [(clean(label), counts) for label, counts in rows]
        wide = max([width(title) + 3, *(width(label) for label, _ in rows)])
        most = max([1, *(counts.total for _, counts in rows)])
        yield style(f"  {'by ' + title:<{wide}}  {'now':>5} {'later':>5} {'person':>6}", "dim") + "\n"
        for label, counts in rows:
            pad = " " * (wide - width(label))
            bar = "".join(
                style(mark * _cells(count, most), looks)
                for mark, count, looks in (
                    ("█", counts.now, "green"),
                    ("▓", counts.later, "yellow"),
                    ("░", counts.person, "red"),
                )
            )
            yield (
                f"  {label}{pad}  {counts.now:>5} {counts.later:>5} {counts.person:>6}  {bar}".rstrip() + "\n"
            )

    def steps(self) -> Iterator[str]:
        if not self.plan.steps:
            return
        yield "\n" + self.heading("Order of work")
        for place, step in enumerate(self.plan.steps, 1):
            yield f"{place:>3}. {self.style(clean(step.title), 'bold')}\n"
            yield _wrapped(clean(step.detail), 5)
            for command in step.commands:
                yield f"     {self.style('$', 'dim')} {self.style(clean(command), 'cyan')}\n"

    def hop(self, hop: Hop) -> Iterator[str]:
        style = self.style
        yield "\n" + self.heading(f"{hop.start} → {hop.goal}{' (LTS)' if hop.is_lts else ''}")
        if hop.python_range:
            yield f"Django {hop.goal} runs on Python {hop.python_range}. {hop.notes}\n"
        for python in hop.pythons:
            place = f"{clean(python.path)}:{python.line}" if python.line else clean(python.path)
            yield f"  {style('blocks', 'red')} Python: {clean(python.source)} says {clean(python.declared)}, "
            yield f"Django {hop.goal} needs {python.needs} or newer ({place})\n"
        for package in hop.packages:
            place = f"{clean(package.path)}:{package.line}" if package.line else clean(package.source)
            mark = style("blocks", "red") if package.blocks else style("unsure", "yellow")
            yield f"  {mark} {package.name}: {clean(package.declared)} ({place}): {needs(package, hop.goal)}\n"
        if hop.settings:
            count = len(hop.settings)
            names = {place.rule for place in hop.settings}
            slugs = ", ".join(sorted(self.rules[code].slug for code in names))
            yield f"  {style('settings', 'yellow')} {number(count, 'place')}: {slugs}\n"
        if hop.databases:
            yield f"  {style('needs', 'yellow')} {', '.join(hop.databases)}, or newer\n"
        if not hop.counts.total:
            yield "  Nothing was found in the code that breaks here.\n"
        yield from self.rule_table(hop.rules, hop)

    def rule_table(self, rows: Iterable[RuleCount], stage: Stage | Hop) -> Iterator[str]:
        rows = list(rows)
        if not rows:
            return
        slugs = max(len(self.rules[row.rule].slug) for row in rows)
        release: object = ()
        for row in rows:
            if row.breaks_in != release:
                release = row.breaks_in
                head = "no date set" if row.breaks_in is None else f"gone in {row.breaks_in}"
                yield self.style(f"  {head:<{slugs + 9}} {'now':>5} {'later':>5} {'person':>6}", "dim") + "\n"
            rule, counts = self.rules[row.rule], row.counts
            yield f"  {rule.code}  {self.style(f'{rule.slug:<{slugs}}', 'cyan')} {counts.now:>5} {counts.later:>5} "
            yield f"{counts.person:>6}  {clean(_files(row, rule, stage))}\n"

    def heading(self, text: str) -> str:
        return self.style(text, "bold") + "\n" + self.style("─" * width(text), "dim") + "\n"


def _files(row: RuleCount, rule: RuleFacts, stage: Stage | Hop) -> str:
    """The first places of a rule."""
    places = [p for p in stage.places if p.rule == rule.code and p.breaks_in == row.breaks_in]
    firsts = list({place.path: f"{place.path}:{place.line}" for place in reversed(places)}.values())[::-1]
    more = len(firsts) - _FILES_SHOWN
    return ", ".join(firsts[:_FILES_SHOWN]) + (f" and {number(more, 'more file')}" if more > 0 else "")


def _cells(count: int, most: int) -> int:
    return max(1, round(count * _BAR / most)) if count else 0


def _wrapped(text: str, indent: int) -> str:
    blank = " " * indent
    options = {"break_long_words": False, "break_on_hyphens": False}
    wrapped = textwrap.wrap(text, _COLUMNS, initial_indent=blank, subsequent_indent=blank, **options)  # type: ignore[arg-type]
    return "".join(f"{line}\n" for line in wrapped)


def _verb(count: int) -> str:
    return "breaks" if count == 1 else "break"

"""The plan, of what a run found and what the project declares. Pure: the same input makes the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.databases import risen
from django_uplift.django.releases import Release, pythons, release_notes_url
from django_uplift.django.target import Target
from django_uplift.engine.registry import page_title
from django_uplift.engine.rule import Rule
from django_uplift.plan.blockers import Declarations, installed_blockers, package_blockers, python_blockers
from django_uplift.plan.collect import Collector
from django_uplift.plan.model import (
    AppCount,
    Hop,
    Place,
    Plan,
    RuleCount,
    RuleFacts,
    Stage,
    counted,
)
from django_uplift.plan.order import Commands, order


class Request(NamedTuple):
    """What was asked for. The commands of the steps repeat `selection`, options that choose rules, and `paths`."""

    root: str
    start: Target
    goal: Target
    selection: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def build(
    request: Request,
    stops: tuple[Release, ...],
    collected: Collector,
    declarations: Declarations,
    shown: Callable[[Path], str],
) -> Plan:
    """The plan. `stops` are the start and the goals of the hops."""
    places = sorted(collected.places, key=lambda place: (place.path, place.line, place.column, place.rule))
    start, goal = request.start.release, request.goal.release
    hops = tuple(
        _hop(
            before,
            after,
            [p for p in places if p.breaks_in is not None and before < p.breaks_in <= after],
            declarations,
            shown,
        )
        for before, after in pairwise(stops)
    )
    broken = _stage(p for p in places if p.breaks_in is not None and p.breaks_in <= start)
    late = frozenset(code for code, rule in collected.rules.items() if rule.removed_in is None)
    slugs = {code: rule.slug for code, rule in collected.rules.items()}
    breaking = [place for hop in hops for place in hop.places]
    return Plan(
        root=request.root,
        start=start,
        start_origin=request.start.origin,
        goal=goal,
        goal_origin=request.goal.origin,
        files=collected.files,
        not_checked=collected.not_checked,
        counts=counted(breaking),
        hops=hops,
        broken=broken,
        beyond=_stage(p for p in places if _is_beyond(p, goal, collected.rules)),
        aside=collected.aside,
        apps=_apps(breaking),
        rules=tuple(_facts(collected.rules[code]) for code in sorted(collected.rules)),
        steps=order(start, hops, broken, Commands(request.selection, request.paths, late, slugs)),
        notes=request.notes,
    )


def _is_beyond(place: Place, goal: Release, rules: Mapping[str, Rule]) -> bool:
    """Whether the goal still has the thing and warns of it: what it does not warn of yet can wait."""
    if place.breaks_in is not None and place.breaks_in <= goal:
        return False
    deprecated = rules[place.rule].deprecated_in
    return deprecated is not None and deprecated <= goal


def _hop(
    before: Release,
    after: Release,
    places: Sequence[Place],
    declarations: Declarations,
    shown: Callable[[Path], str],
) -> Hop:
    runs_on = pythons(after)
    return Hop(
        start=before,
        goal=after,
        is_lts=after.is_lts,
        counts=counted(places),
        rules=_by_rule(places),
        places=tuple(places),
        pythons=tuple(python_blockers(declarations.pythons, before, after, shown)),
        packages=(
            *package_blockers(declarations.packages, before, after, shown),
            *installed_blockers(declarations.installed, after, shown),
        ),
        python_range=f"{_dotted(runs_on.oldest)} to {_dotted(runs_on.newest)}" if runs_on else "",
        databases=risen(before, after),
        notes=release_notes_url(after),
    )


def _stage(found: Iterable[Place]) -> Stage:
    places = tuple(found)
    return Stage(counted(places), _by_rule(places), places)


def _by_rule(places: Iterable[Place]) -> tuple[RuleCount, ...]:
    """A count for each rule and release, the earliest release first, then the most frequent."""
    grouped: dict[tuple[str, Release | None], list[Place]] = {}
    for place in places:
        grouped.setdefault((place.rule, place.breaks_in), []).append(place)
    counts = [RuleCount(rule, release, counted(group)) for (rule, release), group in grouped.items()]
    last = Release(999, 0)
    return tuple(sorted(counts, key=lambda c: (c.breaks_in or last, -c.counts.total, c.rule)))


def _apps(places: Iterable[Place]) -> tuple[AppCount, ...]:
    grouped: dict[str, list[Place]] = {}
    for place in places:
        grouped.setdefault(place.app, []).append(place)
    counts = [AppCount(app, counted(group)) for app, group in grouped.items()]
    return tuple(sorted(counts, key=lambda app: (-app.counts.total, app.app)))


def _facts(rule: Rule) -> RuleFacts:
    title = page_title(rule) or rule.slug
    return RuleFacts(rule.code, rule.slug, rule.family, title, rule.deprecated_in, rule.removed_in, rule.link)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"

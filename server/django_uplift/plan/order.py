"""An order of work: what can be done first is done first, so that each raise of Django's version is a small one."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django_uplift.django.releases import PYTHONS, Release
from django_uplift.plan.model import Hop, PackageBlocker, Place, Readiness, Stage, Step, StepKind

_MOST_RULES = 6


class Commands(NamedTuple):
    """How the steps' commands are written. `late` are rules that find a thing only where the target lacks it."""

    selection: Sequence[str] = ()
    paths: Sequence[str] = ()
    late: frozenset[str] = frozenset()
    slugs: Mapping[str, str] = {}
    """Of the rules, by code."""

    def command(self, mode: str, target: Release, selection: Sequence[str] | None = None) -> str:
        """A command of ours for one release."""
        chosen = self.selection if selection is None else selection
        return shlex.join(["django-uplift", mode, "--target-version", str(target), *chosen, *self.paths])

    def named(self, places: Sequence[Place]) -> str:
        """The rules of some places, the most frequent first: "force-text 12, use-l10n 3"."""
        tally = Counter(self.slugs.get(place.rule, place.rule) for place in places).most_common()
        shown = [f"{slug} {count}" for slug, count in tally[:_MOST_RULES]]
        rest = sum(count for _, count in tally[_MOST_RULES:])
        return ", ".join([*shown, f"others {rest}"] if rest else shown)

    def fixes(self, target: Release, goal: Release, places: Sequence[Place]) -> tuple[str, ...]:
        """The commands that make the fixes of `places`, all of which `target` runs with."""
        late = sorted({place.rule for place in places} & self.late)
        made = [self.command("--fix", target)] if any(place.rule not in late for place in places) else []
        if late:
            made.append(self.command("--fix", goal, ("--select", ",".join(late))))
        return tuple(made)


def order(start: Release, hops: Sequence[Hop], broken: Stage, commands: Commands) -> tuple[Step, ...]:
    """The steps."""
    return tuple(_steps(start, hops, broken, commands))


def _steps(start: Release, hops: Sequence[Hop], broken: Stage, commands: Commands) -> Iterator[Step]:
    if broken.counts.total:
        yield _repair(start, broken, commands)
    now = [p for hop in hops for p in hop.places if p.readiness is Readiness.NOW]
    if now:
        yield _fix_now(start, hops[-1].goal, now, commands)
    for index, hop in enumerate(hops):
        yield from _before(hop, commands)
        yield _raise(hop, commands, is_last=index == len(hops) - 1)
        waiting = [p for later in hops[index + 1 :] for p in later.places if p.fixable_on == hop.goal]
        if waiting:
            yield Step(
                StepKind.FIX,
                hop.goal,
                f"{_safe_fixes(len(waiting))} that Django {hop.goal} makes possible",
                f"{_in_files(waiting)}: {commands.named(waiting)}. What they write is newer than {hop.start}, and is "
                "needed for a later hop.",
                len(waiting),
                commands.fixes(hop.goal, hops[-1].goal, waiting),
            )


def _repair(start: Release, broken: Stage, commands: Commands) -> Step:
    return Step(
        StepKind.REPAIR,
        start,
        f"Clean up what Django {start} lacks or ignores already",
        f"{_in_files(broken.places)}: {commands.named(broken.places)}. What of it still runs, runs on an older "
        f"Django than {start} or never.",
        broken.counts.total,
        (commands.command("--fix" if broken.counts.now else "--check", start),),
    )


def _fix_now(start: Release, goal: Release, places: Sequence[Place], commands: Commands) -> Step:
    return Step(
        StepKind.FIX,
        start,
        f"{_safe_fixes(len(places))} for which Django {start} is new enough",
        f"{_in_files(places)}, for all hops up to {goal}: {commands.named(places)}. Run the tests, and ship it: "
        "nothing has to wait for it.",
        len(places),
        commands.fixes(start, goal, places),
    )


def _newest_for_both(hop: Hop) -> str:
    """Which Python to take at most, where that may spare the next move."""
    here, there = PYTHONS.get(hop.start), PYTHONS.get(hop.goal)
    if here is None or there is None:
        return ""
    newest = min(here.newest, there.newest)
    if newest <= there.oldest:
        return ""
    return f" Both run on Python up to {newest[0]}.{newest[1]}: the newer it is, the longer it lasts."


def _before(hop: Hop, commands: Commands) -> Iterator[Step]:
    """What must be done before a hop, or together with it."""
    early = [blocker for blocker in hop.pythons if blocker.possible_before]
    if hop.pythons:
        needs = hop.pythons[0].needs
        when = (
            f"Django {hop.start} runs on it too, so this can go first."
            if early
            else f"Django {hop.start} does not run on it: change both at once."
        )
        told = "; ".join(f"{blocker.source} says {blocker.declared}" for blocker in hop.pythons)
        yield Step(
            StepKind.PYTHON,
            hop.start,
            f"Move to Python {needs} or newer",
            f"{told}. {when}{_newest_for_both(hop) if early else ''}",
            len(hop.pythons),
            (),
        )
    first = [package for package in hop.packages if package.needs and package.possible_before]
    if first:
        yield Step(
            StepKind.PACKAGES,
            hop.start,
            f"Raise {_packages(first)}",
            f"{_needs(first)}. {'It' if len(first) == 1 else 'Each'} has a release that declares both Django "
            f"{hop.start} and {hop.goal}, so this can go first.",
            len(first),
            (),
        )
    person = [place for place in hop.places if place.readiness is Readiness.PERSON]
    if person:
        suggested = sum(place.fix is not None for place in person)
        which = "it" if len(person) == 1 else f"{suggested} of them"
        hint = f" For {which} a change is suggested, to be looked at." if suggested else ""
        yield Step(
            StepKind.PERSON,
            hop.start,
            f"Change {_places(len(person))} by hand that Django {hop.goal} no longer accepts",
            f"{_in_files(person)}: {commands.named(person)}.{hint}",
            len(person),
            (),
        )


def _raise(hop: Hop, commands: Commands, *, is_last: bool) -> Step:
    together = [package for package in hop.packages if package.needs and not package.possible_before]
    newer = [package.name for package in hop.packages if package.says]
    unanswered = [package for package in hop.packages if package.needs is None and not package.says]
    missing = [package.name for package in unanswered if package.blocks]
    unsaid = [package.name for package in unanswered if not package.blocks]
    with_it = [p for p in hop.places if p.readiness is Readiness.LATER and p.fixable_on == hop.goal]
    parts = []
    if together:
        parts.append(f"Together with {_needs(together)}.")
    if missing:
        parts.append(f"No release known allows it: wait for, replace or drop {', '.join(missing)}.")
    if newer:
        parts.append(f"Look for a newer release of what speaks of older Djangos alone: {', '.join(newer)}.")
    if unsaid:
        parts.append(f"Try out what does not declare it, and does not rule it out: {', '.join(unsaid)}.")
    if with_it:
        parts.append(
            f"{_places(len(with_it))} must change in the same step, because what to write is newer than "
            f"{hop.start}: {commands.named(with_it)}."
        )
    if hop.databases:
        parts.append(f"Django {hop.goal} works with {', '.join(hop.databases)}, or newer.")
    rest = "and deploy" if is_last else "and deploy before the next hop"
    parts.append(f"Run the tests with python -Wd, read {hop.notes}, {rest}.")
    install = (f'python -m pip install "Django~={hop.goal}.0"',) if hop.goal.is_released else ()
    return Step(
        StepKind.RAISE,
        hop.start,
        f"Raise Django from {hop.start} to {hop.goal}{' LTS' if hop.is_lts else ''}",
        " ".join(parts),
        len(together) + len(missing) + len(with_it),
        (*install, *commands.fixes(hop.goal, hop.goal, with_it)),
    )


def _needs(packages: Sequence[PackageBlocker]) -> str:
    return ", ".join(f"{package.name} ≥ {package.needs}" for package in packages)


def _packages(packages: Sequence[PackageBlocker]) -> str:
    return packages[0].name if len(packages) == 1 else f"{len(packages)} packages"


def _in_files(places: Sequence[Place]) -> str:
    files = len({place.path for place in places})
    return f"{_places(len(places))} in {files} file{'' if files == 1 else 's'}"


def _places(count: int) -> str:
    return f"{count} place{'' if count == 1 else 's'}"


def _safe_fixes(count: int) -> str:
    return "Make the one safe fix" if count == 1 else f"Make the {count} safe fixes"

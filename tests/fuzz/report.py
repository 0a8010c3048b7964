"""The tables and the list of disagreements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.fuzz.compare import Outcome, Score, score


def table(outcomes: Sequence[Outcome], dimension: str, limit: int = 0) -> Iterator[str]:
    """One dimension's groups, those with the most disagreements first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        value = outcome.program.categories[dimension]
        for part in value.split(" < ") if dimension == "chain" else [value]:
            if part and outcome.kind != "left out":
                groups[" ".join(part.split())].append(outcome)
    scores = {name: score(group) for name, group in groups.items()}
    ordered = sorted(scores, key=lambda name: (-(scores[name].missed + scores[name].false), name))
    yield f"{dimension:70} {'raise':>6} {'missed':>6} {'false':>6} {'quiet':>6} {'recall':>7} {'prec.':>7}"
    for name in ordered[: limit or None]:
        yield _row(name, scores[name])


def _row(name: str, counts: Score) -> str:
    raising = counts.caught + counts.missed
    return (
        f"{name[:70]:70} {raising:6} {counts.missed:6} {counts.false:6} {counts.silent:6} "
        f"{counts.recall:7.3f} {counts.precision:7.3f}"
    )


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The totals."""
    counts = score(outcomes)
    left = Counter(o.program.undecidable or "fails" for o in outcomes if o.kind == "left out")
    fixes = Counter(_fix_kind(o.fix) for o in outcomes if o.fix)
    yield f"{len(outcomes)} programs, {sum(left.values())} left out ({dict(left)})"
    yield _row("all", counts)
    yield f"fixes: {dict(fixes)}"


def _fix_kind(fix: str) -> str:
    return (
        fix.partition(" at line")[0].partition(":")[0].partition(" ")[0]
        if fix not in ("good", "none")
        else fix
    )


def disagreements(outcomes: Sequence[Outcome], limit: int = 20) -> Iterator[str]:
    """Grouped by what they have in common, the largest groups first, an example of each."""
    wrong = [o for o in outcomes if o.kind in ("missed", "false") or o.wrong]
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for name, outcome in _grouped(wrong, outcomes):
        groups[name].append(outcome)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    yield f"{len(wrong)} disagreements in {len(groups)} groups"
    for name, group in ordered:
        yield f"{len(group):5} x {name}"
    for name, group in ordered[:limit]:
        example = min(group, key=lambda o: sum(len(text) for text in o.program.files.values()))
        yield ""
        yield f"=== {len(group)} x {name}"
        yield from shown(example)


def _parts(outcome: Outcome) -> set[str]:
    return {
        f"{dimension} {part!r}"
        for dimension, value in outcome.program.categories.items()
        for part in value.split(" < ")
        if part not in ("", "direct", "main", "statements")
    }


def _grouped(wrong: Sequence[Outcome], outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Outcome]]:
    """Each by the part that explains most: the most often wrong of those in many, until all are explained."""
    totals = {
        "missed": Counter(part for o in outcomes if o.kind in ("caught", "missed") for part in _parts(o)),
        "false": Counter(part for o in outcomes if o.kind != "left out" for part in _parts(o)),
    }
    left = [("missed" if o.kind == "missed" else "false", o) for o in wrong]
    while left:
        counts = Counter((kind, part) for kind, o in left for part in _parts(o))
        if not counts:
            yield from ((kind, o) for kind, o in left)
            return
        kind, part = max(counts, key=lambda item: (counts[item] ** 2 / totals[item[0]][item[1]], item))
        name = f"{kind} ({counts[kind, part]} of {totals[kind][part]}): {part}"
        yield from ((name, o) for k, o in left if k == kind and part in _parts(o))
        left = [(k, o) for k, o in left if not (k == kind and part in _parts(o))]


def shown(outcome: Outcome) -> Iterator[str]:
    """One program with both verdicts."""
    yield f"# {outcome.program.id}: " + ", ".join(
        f"{k}={v!r}" for k, v in outcome.program.categories.items() if v
    )
    yield f"# Django: {outcome.verdict.kind} " + " ".join(
        f"{p.path}:{p.line}" for p in outcome.verdict.places[:3]
    )
    for alarm in outcome.alarms:
        mark = " (false)" if alarm in outcome.wrong else ""
        yield f"# product{mark}: {alarm.path}:{alarm.line} {alarm.code} {alarm.message}"
    if not outcome.alarms:
        yield "# product: nothing"
    for path, text in sorted(outcome.program.files.items(), reverse=True):
        yield f"# --- {path}"
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            yield f"{number:3} {line}" if line else ""


def bad_fixes(outcomes: Sequence[Outcome], limit: int = 10) -> Iterator[str]:
    """Fixes that break something, with the fixed text."""
    bad = [o for o in outcomes if o.fix not in ("", "good", "partial", "none")]
    yield f"{len(bad)} bad fixes"
    seen: Counter[str] = Counter()
    for outcome in sorted(bad, key=lambda o: sum(map(len, o.program.files.values()))):
        operation = outcome.program.categories["operation"] or outcome.program.categories["scene"]
        seen[operation] += 1
        if seen[operation] > 1 or len(seen) > limit:
            continue
        yield ""
        yield f"=== fix {outcome.fix}"
        yield from shown(outcome)
        yield "# fixed:"
        yield outcome.fixed

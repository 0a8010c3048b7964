"""``python -m tests.fuzz --count 10000 --seed 1 --django 5.2``: generate, judge, compare, report."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from tests.django import envs
from tests.fuzz.compare import Outcome, Product, check_fixes, compare, score
from tests.fuzz.generate import generate
from tests.fuzz.ratchet import COUNT, SEED, Thresholds
from tests.fuzz.report import bad_fixes, disagreements, summary, table
from tests.fuzz.verdicts import CACHE, Judge

CHUNK = 250
"""Programs that share a project."""


class Run(NamedTuple):
    """What came of it."""

    outcomes: list[Outcome]
    failures: list[str]
    """Rules that raised."""


def run(count: int, seed: int, release: str, *, fixes: bool = True, times: list[str] | None = None) -> Run:
    """All of it. Raises `envs.Unavailable` if the release can't be had."""
    judge = Judge(release)
    started = time.process_time()
    spent: defaultdict[str, float] = defaultdict(float)

    def lap(name: str) -> None:
        nonlocal started
        now = time.process_time()
        spent[name] += now - started
        started = now

    programs = generate(count, seed)
    lap("generated")
    verdicts = judge.judge((program.module, program.files) for program in programs)
    lap("judged")
    outcomes: list[Outcome] = []
    failures: list[str] = []
    # All programs use the same few names: in one project, looking for callers would be quadratic.
    for start in range(0, count, CHUNK):
        chunk = range(start, min(start + CHUNK, count))
        product = Product([programs[number] for number in chunk], release)
        try:
            found = [compare(programs[number], verdicts[number], product) for number in chunk]
            lap("checked")
            outcomes += check_fixes(found, product, judge) if fixes else found
            lap("fixed")
        finally:
            product.close()
        failures += product.failures
    if times is not None:
        times += [f"{name} in {seconds:.1f} s" for name, seconds in spent.items()]
    return Run(outcomes, failures)


def default_report(release: str, count: int, seed: int) -> Path:
    """Where a run's disagreements go."""
    return CACHE / f"report-{release}-{count}-{seed}.txt"


def write_report(done: Run, path: Path, heading: str, limit: int = 20) -> None:
    """Everything that helps to understand the disagreements."""
    outcomes = done.outcomes
    lines = [heading, *summary(outcomes), ""]
    failures = Counter(failure.partition(": ")[2] for failure in done.failures)
    lines += [f"RAISED {number} x {failure}" for failure, number in failures.most_common(10)]
    lines += [f"  first in {failure}" for failure in done.failures[:3]]
    lines += disagreements(outcomes, limit)
    lines += ["", *bad_fixes(outcomes), ""]
    for dimension in ("scope", "context", "chain", "receiver", "scene", "operation"):
        lines += [*table(outcomes, dimension), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--django", default="5.2", choices=envs.DEFAULT)
    parser.add_argument("--report", type=Path, help="where the disagreements go (default: .cache/fuzz)")
    parser.add_argument("--limit", type=int, default=20, help="how many groups of disagreements are shown")
    parser.add_argument("--ratchet", action="store_true", help="raise the thresholds of the test run")
    parser.add_argument("--no-fixes", action="store_true", help="don't try the fixes")
    options = parser.parse_args(arguments)
    times: list[str] = []
    # The engine's log says what the report says once.
    logging.getLogger("django_uplift").setLevel(logging.CRITICAL)
    try:
        done = run(options.count, options.seed, options.django, fixes=not options.no_fixes, times=times)
    except envs.Unavailable as error:
        print(f"NOT TRIED: {error}", file=sys.stderr)
        return 2
    path = options.report or default_report(options.django, options.count, options.seed)
    spent = ", ".join(times)
    heading = f"Django {options.django}, {options.count} programs of seed {options.seed}: {spent} (CPU, without Django)"
    write_report(done, path, heading, options.limit)
    print(heading)
    outcomes = done.outcomes
    print("\n".join(summary(outcomes)))
    print(f"{len(done.failures)} times a rule raised")
    for dimension in ("scope", "context", "chain", "receiver"):
        print("\n".join(["", *table(outcomes, dimension, 12)]))
    print(f"\nDisagreements: {path}")
    if options.ratchet:
        if (options.count, options.seed, options.django, options.no_fixes) != (COUNT, SEED, "5.2", False):
            parser.error(f"the thresholds are those of --count {COUNT} --seed {SEED} --django 5.2")
        Thresholds.load().better(Thresholds.of(outcomes)).save()
    counts = score(outcomes)
    return 1 if counts.missed or counts.false or done.failures else 0


if __name__ == "__main__":
    sys.exit(main())

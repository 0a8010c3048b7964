"""``python -m tests.fuzz --count 10000 --seed 1 --django 5.2``: generate, judge, compare, report."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.django import envs
from tests.fuzz.compare import Outcome, Product, check_fixes, compare, score
from tests.fuzz.generate import generate
from tests.fuzz.ratchet import COUNT, SEED, Thresholds
from tests.fuzz.report import bad_fixes, disagreements, summary, table
from tests.fuzz.verdicts import CACHE, Judge


class Run(NamedTuple):
    """What came of it."""

    outcomes: list[Outcome]
    failures: list[str]
    """Rules that raised."""


def run(count: int, seed: int, release: str, *, fixes: bool = True, times: list[str] | None = None) -> Run:
    """All of it. Raises `envs.Unavailable` if the release can't be had."""
    judge = Judge(release)
    started = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal started
        now = time.perf_counter()
        if times is not None:
            times.append(f"{name} {now - started:.1f} s")
        started = now

    programs = generate(count, seed)
    lap("generated in")
    verdicts = judge.judge((program.module, program.files) for program in programs)
    lap("judged in")
    product = Product(programs, release)
    try:
        outcomes = [compare(*pair, product) for pair in zip(programs, verdicts, strict=True)]
        lap("checked in")
        if fixes:
            outcomes = check_fixes(outcomes, product, judge)
            lap("fixed in")
    finally:
        product.close()
    return Run(outcomes, product.failures)


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
    heading = f"Django {options.django}, {options.count} programs of seed {options.seed}: {', '.join(times)}"
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

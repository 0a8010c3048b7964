"""The product against real Django, on generated programs."""

from __future__ import annotations

import pytest

from tests.django import envs
from tests.fuzz.__main__ import default_report, run, write_report
from tests.fuzz.ratchet import COUNT, SEED, Thresholds

pytestmark = pytest.mark.django


def test_the_product_agrees_with_django() -> None:
    """No worse than it has been: thresholds.json, which only rises."""
    try:
        done = run(COUNT, SEED, "5.2")
    except envs.Unavailable as error:
        if envs.required():
            raise
        pytest.skip(f"NOT TRIED: {error}")
    path = default_report("5.2", COUNT, SEED)
    write_report(done, path, f"{COUNT} programs of seed {SEED}, Django 5.2")
    assert not done.failures, "\n".join(done.failures[:5])
    judged = [outcome for outcome in done.outcomes if outcome.kind != "left out"]
    # Both kinds in numbers, else the shares below say nothing.
    assert len(judged) > 0.97 * COUNT
    assert sum(outcome.verdict.kind == "raises" for outcome in judged) > COUNT // 4
    assert sum(outcome.verdict.kind == "completes" for outcome in judged) > COUNT // 4
    short = list(Thresholds.load().missed_by(Thresholds.of(done.outcomes)))
    assert not short, "; ".join([*short, f"see {path}"])

"""How good the product is known to be: a test run may not fall below it.

``python -m tests.fuzz --ratchet`` raises the thresholds to what holds now; nothing lowers them but a person.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.compare import Outcome, score

FILE = Path(__file__).with_name("thresholds.json")
COUNT = 2000
SEED = 1
"""The programs of the test run."""
GOAL_RECALL, GOAL_PRECISION = 0.97, 0.99


class Thresholds(NamedTuple):
    """At least these parts are right, and at most so many fixes are wrong."""

    recall: float
    precision: float
    bad_fixes: int

    @classmethod
    def load(cls) -> Thresholds:
        """Those that hold."""
        return cls(**json.loads(FILE.read_text()))

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Thresholds:
        """Those that a run reaches, rounded down."""
        counts = score(outcomes)
        return cls(
            math.floor(counts.recall * 1000) / 1000,
            math.floor(counts.precision * 1000) / 1000,
            sum(outcome.fix not in ("", "good", "partial", "none") for outcome in outcomes),
        )

    def better(self, other: Thresholds) -> Thresholds:
        """The stricter of each."""
        return Thresholds(
            max(self.recall, other.recall),
            max(self.precision, other.precision),
            min(self.bad_fixes, other.bad_fixes),
        )

    def missed_by(self, reached: Thresholds) -> Iterator[str]:
        """What falls short."""
        if reached.recall < self.recall:
            yield f"recall {reached.recall} is below {self.recall}"
        if reached.precision < self.precision:
            yield f"precision {reached.precision} is below {self.precision}"
        if reached.bad_fixes > self.bad_fixes:
            yield f"{reached.bad_fixes} fixes are wrong, and {self.bad_fixes} were known"

    def save(self) -> None:
        """Write them down."""
        FILE.write_text(json.dumps(self._asdict(), indent=2) + "\n")

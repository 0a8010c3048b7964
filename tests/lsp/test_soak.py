"""A short random day of an editor; ``make soak`` has a long one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.lsp import soak


@pytest.mark.parametrize("pull", [False, True], ids=["pushed", "pulled"])
def test_a_random_day_leaves_no_trace(tmp_path: Path, pull: bool) -> None:
    folder = tmp_path / "wörk space"
    folder.mkdir()
    result = soak.run(800, 20 + pull, folder, pull=pull)
    assert soak.wrong(result) == [], result
    assert result.compared > 3
    assert result.requests > 100


@pytest.mark.parametrize(("bytes_each", "is_level"), [(0, True), (2200, False)])
def test_memory_that_grows_with_every_operation_is_no_level_one(bytes_each: int, is_level: bool) -> None:
    """A quarter of warming up counts for nothing; a sample now and then that is out of the way neither."""
    every = soak.MEASURABLE // (4 * soak.SAMPLES)
    resident = [
        50_000 + min(number, 10) * 2_000 + number * every * bytes_each // 1024 + 9_000 * (number % 7 == 3)
        for number in range(4 * soak.SAMPLES)
    ]
    memory, growth = soak.slope(resident, every)
    result = soak.Result(Counter(edit=soak.MEASURABLE), 0, [], [], 0, [], [], [], memory, growth, 0)
    assert growth == pytest.approx(bytes_each, abs=10)
    assert soak.wrong(result) == ([] if is_level else ["growth"])

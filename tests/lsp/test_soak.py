"""A short random day of an editor; ``make soak`` has a long one."""

from __future__ import annotations

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

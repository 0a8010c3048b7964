"""The benchmark measures what it says; how fast we are is for people to judge."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from django_uplift.dev import bench


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("from django.utils.encoding import force_text\n")
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "b.py").write_text("")
    return tmp_path


def test_both_tools_get_the_same_files(tree: Path) -> None:
    assert bench.ours(tree)[-1] == str(tree)
    assert [argument for argument in bench.theirs(tree) if argument.endswith(".py")] == [str(tree / "a.py")]


def test_a_table_of_ratios(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--runs", "1", str(tree)]) == 0
    header, row, *_ = capsys.readouterr().out.splitlines()
    assert "django-upgrade" in header
    assert row.startswith(tree.name)
    assert bench.main(["--runs", "2", "--json", str(tree)]) == 0
    (pairs,) = json.loads(capsys.readouterr().out).values()
    assert all(pair["ours"] > 0 and pair["theirs"] > 0 for pair in pairs)
    assert len(pairs) == 2


def test_the_ratio_is_the_median_of_pairs() -> None:
    pairs = [bench.Pair(1, 10), bench.Pair(2, 10), bench.Pair(30, 10)]
    assert bench.table({"x": pairs}).splitlines()[1].split() == ["x", "2.00", "s", "10.00", "s", "0.20"]


def test_a_tool_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="ended with 3: no"):
        bench.cpu_seconds([sys.executable, "-c", "import sys; sys.stderr.write('no'); sys.exit(3)"])

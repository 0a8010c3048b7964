"""The command as a process of its own: signals, pipes, streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "django_uplift"]


@pytest.fixture
def environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(root / name) for name in ("server", "rules"))}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A tree with more findings than a pipe holds."""
    for number in range(400):
        (tmp_path / f"m{number}.py").write_text("from django.utils.encoding import force_text\n" * 5)
    return tmp_path


def test_a_check_from_start_to_end(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "a.py").write_text("from django.utils.encoding import force_text\nforce_text('é')\n", "utf-8")
    done = subprocess.run(
        [*COMMAND, "--check", "--target-version", "5.2", "--select", "force-text"],
        cwd=tmp_path, env={**environment, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("a.py:1:35: error ")
    assert done.stderr == ""
    assert done.returncode == 1


def test_a_reader_that_leaves_early(many: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--check", "--select", "force-text"],
        cwd=many, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 141


def test_an_interrupt(many: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--check", "--select", "force-text"],
        cwd=many, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    # The pipe is full by now or soon: the process waits for us, in the middle of its run.
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors == b"error: interrupted\n"


# What fixes, types, editors and requirements need: without those, a run can do without.
HEAVY = (
    "libcst",
    "jedi",
    "parso",
    "pygls",
    "lsprotocol",
    "asyncio",
    "packaging",
    "multiprocessing",
    "subprocess",
)


def test_a_small_check_starts_quickly(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "a.py").write_text("from django.utils.encoding import force_text\n")
    program = (
        "import sys; from django_uplift.cli.main import main;"
        "code = main(['--check', '--target-version', '5.2']);"
        f"print(code, sorted(set({HEAVY!r}).intersection(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import site; site.main(); " + program],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == "1 []\n"

"""What ``--check`` costs: CPU seconds next to ``django-upgrade --check`` on the same files.

``python -m django_uplift.dev.bench [PATH ...]``; without paths, Django's own source, downloaded into
``.cache/bench`` once. Runs alternate, so that a busy machine disturbs both alike; ratios are medians of
pairs. django-upgrade takes file names and no folders, and gets them as ``xargs`` would give them.

And how big the VS Code extension is, where it was built.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
TREE = ROOT / ".cache/bench/django"
DJANGO = "Django==5.2"
TARGET = "5.2"
EXTENSION = ROOT / "vscode-client/django-uplift.vsix"
MOST_MEGABYTES = 5


class Pair(NamedTuple):
    """CPU seconds (user and system, children included) of one run each."""

    ours: float
    theirs: float


def environment() -> dict[str, str]:
    """Ours, but compiled code is kept, as it is where people work: one would compile itself anew, and the other not."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(command: Sequence[str]) -> float:
    """What one command costs. Raises `RuntimeError` if it fails; findings are no failure."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, env=environment()
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{command[:4]} ended with {done.returncode}: {done.stderr.decode(errors='replace')}"
        )
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(path: Path) -> list[str]:
    """Our command for a tree."""
    return [
        sys.executable,
        "-m",
        "django_uplift",
        "--check",
        "--no-cache",
        "--isolated",
        "--target-version",
        TARGET,
        "-q",
        str(path),
    ]


def theirs(path: Path) -> list[str]:
    """django-upgrade's command for the same files."""
    listed = subprocess.run(
        [sys.executable, "-m", "django_uplift", "--show-files", "--isolated", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    files = [os.path.abspath(name) for name in listed.stdout.splitlines()]  # noqa: PTH100
    return [sys.executable, "-m", "django_upgrade", "--check", "--target-version", TARGET, *files]


def measure(path: Path, runs: int) -> list[Pair]:
    """Paired runs on one tree, after one of each to warm the disk's cache."""
    commands = ours(path), theirs(path)
    for command in commands:
        cpu_seconds(command)
    return [Pair(cpu_seconds(commands[0]), cpu_seconds(commands[1])) for _ in range(runs)]


def table(measured: dict[str, list[Pair]]) -> str:
    """The figures for people."""
    rows = ["tree                          ours    django-upgrade   ratio (median of pairs)"]
    for name, pairs in measured.items():
        ratio = median(pair.ours / pair.theirs for pair in pairs)
        mine, other = median(pair.ours for pair in pairs), median(pair.theirs for pair in pairs)
        rows.append(f"{name:<28}{mine:>6.2f} s{other:>12.2f} s{ratio:>11.2f}")
    return "\n".join(rows)


def default_tree() -> Path:
    """Django's own source, downloaded once."""
    if not (TREE / "django").is_dir():
        print(f"Downloading {DJANGO} into {TREE.relative_to(ROOT)} ...", file=sys.stderr)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(TREE), DJANGO],
            check=True,
        )
    (TREE / "setup.cfg").touch()  # A project of its own: this repository is no part of what is measured.
    return TREE / "django"


def extension() -> str:
    """The size of the VS Code extension, if it was built."""
    if not EXTENSION.is_file():
        return "VS Code extension: not built (make vscode)"
    return f"VS Code extension: {EXTENSION.stat().st_size / 1e6:.2f} MB, of at most {MOST_MEGABYTES} MB"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m django_uplift.dev.bench", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5, help="pairs for each tree; default: 5")
    parser.add_argument("--json", action="store_true", help="print the raw figures instead of the table")
    options = parser.parse_args(argv)
    measured = {path.name: measure(path, options.runs) for path in options.paths or [default_tree()]}
    if options.json:
        print(
            json.dumps(
                {name: [pair._asdict() for pair in pairs] for name, pairs in measured.items()}, indent=2
            )
        )
    else:
        print(table(measured))
        print(extension())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

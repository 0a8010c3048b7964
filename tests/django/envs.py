"""Virtual environments with real Djangos, made once and kept under ``.cache/django/<release>``.

Only these can say what a release really does. They need no place in the project's own environment: any
Python on the machine that the release supports will do.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "django"

DEFAULT = ("4.2", "5.0", "5.2", "6.1")
"""The releases that every page is tried on."""
OPTIONAL = ("2.2", "3.2")
"""Older ones, made when nothing in `DEFAULT` can show what a page says."""

# Documented support, cut off below 3.9, which runner.py needs.
_PYTHONS = {
    "2.2": ((3, 9), (3, 9)),
    "3.2": ((3, 9), (3, 10)),
    "4.2": ((3, 9), (3, 12)),
    "5.0": ((3, 10), (3, 12)),
    "5.2": ((3, 10), (3, 14)),
    "6.1": ((3, 12), (3, 14)),
}
_PROBE = "import sys, venv, sqlite3; print('%d %d' % sys.version_info[:2])"


class Unavailable(Exception):
    """The release can't be had on this machine. The message says why."""


class Python(NamedTuple):
    """An interpreter that runs, has sqlite and can make environments."""

    version: tuple[int, int]
    path: Path


def key(release: str) -> tuple[int, int]:
    """A release as numbers, to be compared."""
    major, _, minor = release.partition(".")
    return int(major), int(minor or 0)


def required() -> bool:
    """Whether a release that can't be had fails the tests, as it should in CI."""
    return os.environ.get("DJANGO_UPLIFT_REQUIRE_DJANGO", "") not in ("", "0")


def requirements(release: str) -> list[str]:
    """What is installed: Django, and what its contrib modules import."""
    found = [f"django~={release}.0", "psycopg2-binary"]
    return found if key(release) >= (5, 0) else [*found, "pytz"]


def environment(release: str) -> Path:
    """The interpreter of the release's environment, which is made if need be. Raises `Unavailable`."""
    folder = CACHE / release
    marker = folder / "ready.json"
    if python := _ready(marker, release):
        return python
    CACHE.mkdir(parents=True, exist_ok=True)
    with _lock(CACHE / f"{release}.lock"):
        if python := _ready(marker, release):
            return python
        shutil.rmtree(folder, ignore_errors=True)
        low, high = _PYTHONS[release]
        suitable = [python for python in _pythons() if low <= python.version <= high]
        if not suitable:
            wanted = f"{low[0]}.{low[1]} to {high[0]}.{high[1]}"
            raise Unavailable(f"Django {release} needs a Python from {wanted}, and this machine has none")
        mine = sys.version_info[:2]
        # The same Python as the tests' where it will do: one thing less that differs.
        best = max(suitable, key=lambda python: (python.version == mine, python.version))
        path = _make(folder, best.path, requirements(release), release)
        # Written last: an environment without it is a half-made one.
        marker.write_text(json.dumps({"requirements": requirements(release), "python": str(path)}))
        return path


def _ready(marker: Path, release: str) -> Path | None:
    try:
        made = json.loads(marker.read_text())
    except (OSError, ValueError):
        return None
    python = Path(made["python"])
    return python if made["requirements"] == requirements(release) and python.exists() else None


def _make(folder: Path, base: Path, needed: list[str], release: str) -> Path:
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    try:
        _run(base, "-m", "venv", "--without-pip", str(folder))
        if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
            _run(Path(sys.executable), "-m", "pip", "--python", str(python), "install", "-q", *needed)
        else:
            _run(python, "-m", "ensurepip")
            _run(python, "-m", "pip", "install", "-q", *needed)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-3:]
        raise Unavailable(f"Django {release} could not be installed: {' / '.join(last)}") from error
    return python


def _run(*command: object) -> None:
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environ.pop("PYTHONPATH", None)
    arguments = [str(part) for part in command]
    subprocess.run(arguments, check=True, capture_output=True, text=True, env=environ)


@cache
def _pythons() -> tuple[Python, ...]:
    """Every usable interpreter that can be found, one for each version, the first found winning."""
    found: dict[tuple[int, int], Python] = {}
    for path in _candidates():
        with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
            done = subprocess.run(
                [path, "-I", "-c", _PROBE], capture_output=True, text=True, timeout=20, check=True
            )
            major, minor = done.stdout.split()
            found.setdefault((int(major), int(minor)), Python((int(major), int(minor)), path))
    return tuple(found.values())


def _candidates() -> Iterator[Path]:
    seen: set[Path] = set()
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv"))
    data = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share"))
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    paths = [Path(sys.executable)]
    for folder in folders:
        paths += sorted(folder.glob("python3.[0-9]*"))
    paths += sorted(pyenv.glob("versions/3.*/bin/python3"), reverse=True)
    paths += sorted(data.glob("uv/python/cpython-3.*/bin/python3"), reverse=True)
    paths += sorted(Path("/opt").glob("*/bin/python3.[0-9]*"))
    for path in paths:
        if path.name.endswith("-config") or path in seen or not os.access(path, os.X_OK):
            continue
        seen.add(path)
        yield path


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held by one process at a time: xdist's workers all want the environments at once."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    for name in sys.argv[1:] or DEFAULT:
        try:
            print(name, environment(name))
        except Unavailable as problem:
            print(name, "unavailable:", problem)

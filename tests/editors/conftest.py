"""The file that every editor opens, and where editors are found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache/editors"
TARGET = '[tool.django-uplift]\ntarget-version = "4.2"\n'
# A form feed, which many editors and servers take for a line end, and an emoji in front of the second finding.
BEFORE = (
    "# -*- coding: utf-8 -*-\n\f\nfrom django.utils.encoding import force_text\nfrom django.utils import encoding\n\n"
    "é = force_text('é')\n'é\U0001d4b3'; name = encoding.smart_text(é)\t# stays\n"
)
AFTER = BEFORE.replace("force_text", "force_str").replace("smart_text", "smart_str")
SERVER = [sys.executable, "-m", "django_uplift", "--stdio"]


class Workspace(NamedTuple):
    """A project to open, in a home of its own."""

    folder: Path
    file: Path
    env: dict[str, str]

    def logs(self) -> str:
        """What editors wrote into their logs."""
        logs = [*self.folder.parent.rglob("lsp.log"), *self.folder.parent.rglob("helix.log")]
        return "".join(log.read_text(errors="replace") for log in logs)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made(tmp_path, "wörk", "app é.py")


def made(tmp_path: Path, name: str, file_name: str) -> Workspace:
    """A workspace in a folder, with one file."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "pyproject.toml").write_text(TARGET)
    file = folder / file_name
    file.write_text(BEFORE, encoding="utf-8", newline="")
    home = tmp_path / "home"
    home.mkdir()
    env = {
        **os.environ,
        **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")},
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join(str(path) for path in (ROOT / "server", ROOT / "rules")),
        "LC_ALL": "C.UTF-8",
        "SERVER": " ".join(SERVER),
        "FOLDER": str(folder),
        "FILE": file.name,
    }
    return Workspace(folder, file, env)


def skip(what: str, why: str) -> NoReturn:
    pytest.skip(f"{what}: {why}: THE EDITOR TEST DID NOT RUN")


def installed(variable: str, program: str, package: str) -> list[str]:
    """The system's editor."""
    found = os.environ.get(variable) or shutil.which(program)
    if found is None:
        skip(program, f"not installed (apt-get install {package})")
    return [found]


@cache
def _unpacked() -> str:
    """Why there are no newer editors; empty where there are."""
    done = subprocess.run(
        [ROOT / "tests/editors/install.sh", KEPT], capture_output=True, text=True, check=False, timeout=900
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"install.sh ended with {done.returncode}"


def unpacked(program: str) -> tuple[Path, list[str]]:
    """A newer editor than the system's: the tree that it lies in, and what starts it by that tree's own loader."""
    if sys.platform != "linux" or shutil.which("bash") is None:
        skip(program, "only for Linux")
    if why := _unpacked():
        skip(program, why)
    tree = KEPT / "trixie"
    library = tree / "usr/lib/x86_64-linux-gnu"
    loader = tree / "usr/lib64/ld-linux-x86-64.so.2"
    return tree, [str(loader), "--library-path", f"{library}:{library}/lua/5.1", str(tree / program)]

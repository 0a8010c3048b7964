"""A real editor: Neovim opens a file, shows the findings, applies the fixes and writes; the bytes are compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.editor

ROOT = Path(__file__).resolve().parents[2]
TARGET = '[tool.django-uplift]\ntarget-version = "4.2"\n'
# A form feed, which many editors and servers take for a line end, and an emoji in front of the second finding.
BEFORE = (
    "# -*- coding: utf-8 -*-\n\f\nfrom django.utils.encoding import force_text\nfrom django.utils import encoding\n\n"
    "é = force_text('é')\n'é𝒳'; name = encoding.smart_text(é)\t# stays\n"
)
AFTER = BEFORE.replace("force_text", "force_str").replace("smart_text", "smart_str")


def neovim() -> str:
    found = os.environ.get("NVIM") or shutil.which("nvim")
    if found is None:
        pytest.skip("Neovim is not installed (apt-get install neovim): THE EDITOR TEST DID NOT RUN")
    return found


def test_findings_are_seen_fixed_and_written(tmp_path: Path) -> None:
    folder = tmp_path / "wörk"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(TARGET)
    file = folder / "app é.py"
    file.write_text(BEFORE, encoding="utf-8", newline="")
    path = os.pathsep.join(str(p) for p in (ROOT / "server", ROOT / "rules"))
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    environment = {
        **os.environ,
        **homes,
        "PYTHONPATH": path,
        "LC_ALL": "C.UTF-8",
        "SERVER": f"{sys.executable} -m django_uplift --stdio",
        "FOLDER": str(folder),
        "FILE": file.name,
    }
    script = Path(__file__).with_name("nvim_e2e.lua")
    command = [neovim(), "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90)
    logs = "".join(log.read_text(errors="replace") for log in tmp_path.rglob("lsp.log"))
    output = done.stdout + done.stderr
    assert done.returncode == 0, output + logs
    assert "SEEN DUR4001 django-uplift force_text" in output
    assert "SEEN DUR4001 django-uplift smart_text" in output
    assert file.read_bytes().decode() == AFTER

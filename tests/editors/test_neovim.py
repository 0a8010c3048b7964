"""Neovim opens a file, shows the findings, applies the fixes and writes; the bytes are compared.

Up to 0.10 it gets them pushed. 0.10 can pull, but not be told to pull again, as what other files bring about needs.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.editors.conftest import AFTER, Workspace, installed, unpacked

pytestmark = pytest.mark.editor


def drive(command: list[str], workspace: Workspace, env: dict[str, str]) -> str:
    """Run the script in an editor; what it said."""
    script = Path(__file__).with_name("nvim_e2e.lua")
    command = [*command, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"]
    done = subprocess.run(
        command, env={**workspace.env, **env}, capture_output=True, text=True, timeout=120, check=False
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output + workspace.logs()
    assert "SEEN DUR4001 django-uplift force_text" in output
    assert "SEEN DUR4001 django-uplift smart_text" in output
    assert workspace.file.read_bytes().decode() == AFTER
    return output


def test_the_systems(workspace: Workspace) -> None:
    drive(installed("NVIM", "nvim", "neovim"), workspace, {})


def test_one_that_can_pull(workspace: Workspace) -> None:
    tree, command = unpacked("usr/bin/nvim")
    output = drive(command, workspace, {"VIMRUNTIME": str(tree / "usr/share/nvim/runtime")})
    assert "VERSION 0.10" in output
    assert "PULLS false" in output  # it can, but not be told to pull again: it is pushed to

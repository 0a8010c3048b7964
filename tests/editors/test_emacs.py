"""Emacs with eglot opens a file, shows the findings, applies the fixes and saves; the bytes are compared."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.editors.conftest import AFTER, made, unpacked

pytestmark = pytest.mark.editor


def test_eglot(tmp_path: Path) -> None:
    # Only the text is not ASCII: eglot 1.17, of Emacs 30.1, does not find the buffer of a file whose name is not.
    workspace = made(tmp_path, "work", "app.py")
    tree, command = unpacked("usr/bin/emacs-nox")
    (share,) = (tree / "usr/share/emacs").glob("[0-9]*")
    (programs,) = (tree / "usr/libexec/emacs").glob("[0-9]*/*")
    (dump,) = programs.glob("*.pdmp")
    folders = [share / "lisp", *(path for path in (share / "lisp").rglob("*") if path.is_dir())]
    env = {
        "EMACSLOADPATH": ":".join(map(str, folders)),
        "EMACSDATA": str(share / "etc"),
        "EMACSDOC": str(share / "etc"),
        "EMACSPATH": str(programs),
        "EMACSNATIVELOADPATH": str(workspace.folder.parent / "home"),
    }
    script = Path(__file__).with_name("eglot_e2e.el")
    command = [*command, f"--dump-file={dump}", "--quick", "--batch", "--load", str(script)]
    done = subprocess.run(
        command, env={**workspace.env, **env}, capture_output=True, text=True, timeout=120, check=False
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "SEEN force_text" in output and "SEEN smart_text" in output
    assert "VERSION 30" in output
    assert workspace.file.read_bytes().decode() == AFTER

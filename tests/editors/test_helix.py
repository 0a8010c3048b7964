"""Helix, which counts columns in bytes, opens a file, shows the findings, applies the fixes and writes.

It has no batch mode, so that it runs in a terminal of ours. What it draws there is not looked at, but for the text that
comes by: a fix is chosen where the cursor is, and the file tells what came of it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.conftest import AFTER, BEFORE, SERVER, Workspace, unpacked

pytestmark = [pytest.mark.editor, pytest.mark.skipif(sys.platform == "win32", reason="terminals")]
PATIENCE = 30.0


class Terminal:
    """A program in a terminal of its own, and the bytes that it wrote."""

    def __init__(self, command: list[str], cwd: Path, env: dict[str, str]) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.output = b""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(command[0], command, env)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
        os.set_blocking(self.descriptor, False)

    def type(self, *pieces: str) -> None:
        """Type, with pauses between the pieces: an escape and what follows at once are one key."""
        for keys in pieces:
            os.write(self.descriptor, keys.encode())
            time.sleep(0.1)
            self.read()

    def read(self) -> None:
        try:
            while data := os.read(self.descriptor, 1 << 16):
                self.output += data
        except OSError:
            pass  # nothing more for now, or the program has gone

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < end, f"no {what}:\n{self.output[-4000:].decode(errors='replace')}"
            time.sleep(0.05)
            self.read()

    def saw(self, text: str) -> Callable[[], bool]:
        """Whether `text` is drawn from now on."""
        start = len(self.output)
        return lambda: text.encode() in self.output[start:]

    def close(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


def test_findings_are_seen_fixed_and_written(workspace: Workspace) -> None:
    tree, command = unpacked("usr/lib/hx/hx")
    settings = Path(workspace.env["XDG_CONFIG_HOME"]) / "helix"
    settings.mkdir(parents=True)
    program, *arguments = SERVER
    (settings / "languages.toml").write_text(
        f'[language-server.django-uplift]\ncommand = "{program}"\nargs = {arguments}\n'
        '[[language]]\nname = "python"\nlanguage-servers = ["django-uplift"]\n'
    )
    env = {
        **workspace.env,
        "HELIX_RUNTIME": str(tree / "usr/lib/hx/runtime"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    terminal = Terminal([*command, "-vv", str(workspace.file)], workspace.folder, env)
    try:
        # The attribute behind the emoji first, which is the last finding, then the import.
        for line, new in ((7, "smart_str"), (3, "force_str")):
            terminal.wait("menu", _opens_menu(terminal, line, f"Replace with {new}"))
            terminal.type("\r", "\x1b", ":w\r")
            wanted = BEFORE.replace("smart_text", "smart_str")
            wanted = wanted if line == 7 else AFTER
            terminal.wait(
                f"{new} in the file", lambda wanted=wanted: workspace.file.read_bytes().decode() == wanted
            )
        assert '"positionEncoding":"utf-8"' in workspace.logs().replace(" ", "")
    finally:
        terminal.close()


def _opens_menu(terminal: Terminal, line: int, action: str) -> Callable[[], bool]:
    """Ask for what can be done about the finding on a line until that is shown: it may be unknown yet."""
    seen = terminal.saw(action)
    tries = iter(range(1000))

    def look() -> bool:
        if next(tries) % 20 == 0:
            terminal.type("\x1b", f":{line}\r", "gh", "]d", " a")
        return seen()

    return look

"""Files that are no good: each gets a clear message, and costs the others nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django_uplift.project import files

CASES: dict[str, tuple[bytes, str]] = {
    "syntax": (
        b"old\ndef f(:\n",
        "bad.py:2:7: information TSX001 syntax-error: this can't be parsed, the rest of the file was checked:",
    ),
    "python 2": (
        b"print old\n",
        "bad.py:1:1: information TSX001 syntax-error: this can't be parsed, the rest of the file was checked: Missing",
    ),
    "nul": (
        b"old\nx = '\0'\n",
        "bad.py:2:6: information TSX001 syntax-error: not checked: the file contains a NUL byte",
    ),
    "nul without a word of ours": (b"x = '\0'\n", "information TSX001 syntax-error: not checked:"),
    "cookie": (
        b"# coding: nonsense\nold\n",
        "not checked: its coding comment names an unknown encoding, 'nonsense'",
    ),
    "codec": (
        b"# coding: rot13\nold\n",
        "not checked: its coding comment names 'rot13', which is not a text encoding",
    ),
    "bytes": (b"# caf\xe9\nold\n", "not checked: line 1 has bytes that are not utf-8"),
    "bytes without a word of ours": (b"\n# caf\xe9\n", "not checked: line 2 has bytes that are not utf-8"),
    "utf-16": ("old\n".encode("utf-16"), "not checked: it is UTF-16, which Python can't read as source"),
    "bom and cookie": (
        b"\xef\xbb\xbf# coding: latin-1\nold\n",
        "it starts with a UTF-8 byte order mark, but",
    ),
    "deep": (
        b"old" + b"(" * 5000 + b")" * 5000 + b"\n",
        "information TSX001 syntax-error: this can't be parsed,",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_checked(run: Any, folder: Path, case: str) -> None:
    data, message = CASES[case]
    (folder / "bad.py").write_bytes(data)
    (folder / "good.py").write_text("old\n")
    result = run("--check")
    assert message in result.out
    assert "good.py:1:1: error TSW001" in result.out
    assert "1 file could not be checked in full." in result.out
    assert result.err == ""
    assert result.code == 1
    assert run("--fix").code == 1
    assert (folder / "bad.py").read_bytes() == data
    assert (folder / "good.py").read_text() == "new\n"


def test_deselected_it_is_still_said(run: Any, folder: Path) -> None:
    (folder / "bad.py").write_bytes(b"old(\n")
    result = run("--check", "--select", "TSW001")
    assert "warning: bad.py:1: not checked:" in result.err
    assert result.code == 0


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\x0c", b"# only a comment"])
def test_empty_files_are_fine(run: Any, folder: Path, data: bytes) -> None:
    (folder / "empty.py").write_bytes(data)
    assert run("--check").code == 0


def test_a_generated_file_of_five_megabytes(run: Any, folder: Path) -> None:
    line = b"TABLE = {'key': [1, 2, 3, 'a value', None, (4.5, b'x')], 'other': {'nested': True}}\n"
    count = 5_000_000 // len(line)
    data = line * count + b"old\n"
    (folder / "generated.py").write_bytes(data)
    (folder / "good.py").write_text("old\n")
    result = run("--check")
    assert f"generated.py:{count + 1}:1: error TSW001" in result.out
    assert "good.py:1:1: error TSW001" in result.out
    assert result.err == ""


def test_one_very_long_line(run: Any, folder: Path) -> None:
    (folder / "generated.py").write_bytes(b"x = [" + b"1, " * 500_000 + b"old]\n")
    result = run("--check")
    assert "generated.py:1:1500006: error TSW001" in result.out
    assert max(map(len, result.out.splitlines())) < 200


def test_links_that_lead_in_circles(run: Any, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to("..")
    (folder / "sub" / "a.py").write_text("old\n")
    (folder / "self.py").symlink_to("self.py")
    (folder / "dangling.py").symlink_to("nowhere.py")
    result = run("--check")
    assert result.out.count("error TSW001") == 1
    assert "Too many levels of symbolic links" in result.out
    assert result.code == 1
    named = run("--check", "dangling.py")
    assert named.code == 2
    assert named.err == "error: dangling.py: it is a link to nothing\n"


def _scan_fails(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if os.fspath(path).rstrip("/").endswith(name):
            raise PermissionError(13, os.strerror(13), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_a_folder_that_cannot_be_read(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "closed").mkdir()
    (folder / "a.py").write_text("old\n")
    _scan_fails(
        monkeypatch, "closed"
    )  # Permissions would not stop root, who runs the tests in many containers.
    result = run("--check")
    assert (
        "closed:1:1: error TSX002 unreadable-file: not checked: the folder can't be read: Permission denied"
        in (result.out)
    )
    assert "a.py:1:1: error TSW001" in result.out
    assert result.code == 1
    found = json.loads(run("--check", "--output-format", "json").out)
    assert ("closed", "unreadable-file") in [(f["path"], f["slug"]) for f in found]


def _read_fails(monkeypatch: pytest.MonkeyPatch, name: str, before: Callable[[], object]) -> None:
    read = files.FileStore.read

    def reading(store: files.FileStore, path: Path) -> bytes:
        if path.name == name:
            before()
        return read(store, path)

    monkeypatch.setattr(files.FileStore, "read", reading)


def test_a_file_that_vanishes(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (folder / name).write_text("old\n")
    _read_fails(monkeypatch, "b.py", lambda: (folder / "b.py").unlink(missing_ok=True))
    result = run("--check")
    assert "b.py:1:1: error TSX002 unreadable-file: not checked: No such file or directory" in result.out
    assert result.out.count("error TSW001") == 2
    assert result.code == 1


def test_a_file_that_cannot_be_read(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionError(13, os.strerror(13))

    (folder / "a.py").write_text("old\n")
    (folder / "b.py").write_text("old\n")
    _read_fails(monkeypatch, "a.py", refuse)
    result = run("--check")
    assert "a.py:1:1: error TSX002 unreadable-file: not checked: Permission denied" in result.out
    assert "b.py:1:1: error TSW001" in result.out


def test_what_is_no_file_is_not_waited_for(run: Any, folder: Path) -> None:
    os.mkfifo(folder / "pipe.py")
    (folder / "a.py").write_text("old\n")
    start = time.monotonic()
    assert "a.py:1:1" in run("--check").out
    named = run("--check", "pipe.py")
    assert time.monotonic() - start < 60, "it would have waited for ever"
    assert named.code == 1
    assert "not checked: Not a regular file" in named.out


def test_names_and_lines_that_would_steer_the_terminal(run: Any, folder: Path) -> None:
    (folder / "evil\x1b[31m\n.py").write_text("old, '\x1b]0;title\x07 \u202e'\n")
    result = run("--check", "--color", "always")
    assert "\x1b[31m\n" not in result.out
    assert "\x1b]" not in result.out
    assert "\u202e" not in result.out
    assert "evil\ufffd[31m\ufffd.py:1:1" in result.out
    assert json.loads(run("--check", "--output-format", "json").out)[0]["path"] == "evil\x1b[31m\n.py"


def test_a_name_that_is_no_text(run: Any, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_text("old\n")
    assert "caf\ufffd.py:1:1: error" in run("--check").out
    assert json.loads(run("--check", "--output-format", "json").out)[0]["path"] == "caf\udce9.py"

"""``--fix`` and ``--diff``: what is written, and what is left alone."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from django_uplift.cli import fix


def test_safe_fixes_are_made_and_the_rest_reported(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old = risky(old)\n")
    result = run("--fix")
    assert (folder / "a.py").read_text() == "new = risky(new)\n"
    assert "error TSW001" not in result.out
    assert "a.py:1:7: warning TSW002" in result.out
    assert "Fixed 2 findings in 1 file.\n1 finding in 1 of 2 files: 1 warning." in result.out
    assert result.code == 1


def test_all_fixed_is_clean(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    result = run("--fix")
    assert result.code == 0
    assert result.out.startswith("Fixed 1 finding in 1 file.\nNo findings left in 2 files.\n")
    assert run("--fix").out.startswith("No findings in 2 files.\n")


def test_unsafe_and_displayed_fixes(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("risky\ndeep\n")
    run("--fix")
    assert (folder / "a.py").read_text() == "risky\ndeep\n"
    run("--fix", "--unsafe-fixes")
    assert (folder / "a.py").read_text() == "sure\ndeep\n", "a suggestion is never made by itself"
    (folder / "a.py").write_text("risky\n")
    (folder / "django-uplift.toml").write_text("unsafe-fixes = true\n")
    run("--fix", "--no-unsafe-fixes")
    assert (folder / "a.py").read_text() == "risky\n"
    run("--fix")
    assert (folder / "a.py").read_text() == "sure\n"


def test_only_selected_rules_are_fixed(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\nrisky\n")
    run("--fix", "--unsafe-fixes", "--select", "TSW002")
    assert (folder / "a.py").read_text() == "old\nsure\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x = 1\r\nold\r\n", b"x = 1\r\nnew\r\n"),
        (b"x = 1\rold\r", b"x = 1\rnew\r"),
        (b"x\r\nold\ny\r", b"x\r\nnew\ny\r"),
        (b"\xef\xbb\xbfold\n", b"\xef\xbb\xbfnew\n"),
        (b"# coding: latin-1\nx = '\xe9'\nold\n", b"# coding: latin-1\nx = '\xe9'\nnew\n"),
        (b"# -*- coding: cp1251 -*-\nold  # \xef\xf0\n", b"# -*- coding: cp1251 -*-\nnew  # \xef\xf0\n"),
        ("x = '𝒳é'; old\n".encode(), "x = '𝒳é'; new\n".encode()),
        (b"old", b"new"),
        (b"x\n\x0c\nold\n", b"x\n\x0c\nnew\n"),
        ("x = '\u2028'\nold\n".encode(), "x = '\u2028'\nnew\n".encode()),
    ],
    ids=["crlf", "cr", "mixed", "bom", "latin-1", "cp1251", "astral", "no newline", "form feed", "U+2028"],
)
def test_all_other_bytes_stay(run: Any, folder: Path, before: bytes, after: bytes) -> None:
    (folder / "a.py").write_bytes(before)
    run("--fix")
    assert (folder / "a.py").read_bytes() == after


def test_mode_and_links_stay(run: Any, folder: Path) -> None:
    script = folder / "script.py"
    script.write_text("old\n")
    script.chmod(0o751)
    (folder / "link.py").symlink_to("script.py")
    run("--fix", "link.py")
    assert script.read_text() == "new\n"
    assert stat.S_IMODE(script.stat().st_mode) == 0o751
    assert (folder / "link.py").is_symlink()
    assert sorted(path.name for path in folder.iterdir()) == [
        "link.py",
        "manage.py",
        "requirements.txt",
        "script.py",
    ]


def test_text_that_the_encoding_lacks_is_not_written(run: Any, folder: Path) -> None:
    source = b"# coding: ascii\nascii\nold\n"
    (folder / "a.py").write_bytes(source)
    (folder / "b.py").write_text("old\n")
    result = run("--fix")
    assert (folder / "a.py").read_bytes() == source
    assert (folder / "b.py").read_text() == "new\n"
    assert "warning: a.py: not fixed: the new text has '\\xfc', which ascii has no bytes for" in result.err
    assert "a.py:2:1: error TSW006" in result.out
    assert result.code == 1


def test_a_file_that_changed_meanwhile_is_left_alone(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.py").write_text("old\n")
    repair = fix.repair

    def slowly(*args: Any) -> Any:
        repaired = repair(*args)
        (folder / "a.py").write_text("old  # edited\n")
        return repaired

    monkeypatch.setattr(fix, "repair", slowly)
    result = run("--fix")
    assert (folder / "a.py").read_text() == "old  # edited\n"
    assert "warning: a.py: not fixed: the file changed while it was checked" in result.err


def test_a_file_that_cannot_be_written(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text("old\n")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, os.strerror(28), str(path))

    monkeypatch.setattr(fix, "write_atomic", full)
    result = run("--fix")
    assert result.code == 2
    assert "error: a.py: the fixes can't be written: No space left on device" in result.err
    assert "a.py:1:1: error TSW001" in result.out


def test_a_rule_that_raises_in_its_fix_costs_no_other_file(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("unfixable\n")
    (folder / "b.py").write_text("old\n")
    result = run("--fix")
    assert result.code == 2
    assert "a.py" in result.err
    assert "a mistake in a fix" in result.err
    assert (folder / "b.py").read_text() == "new\n"


def test_standard_input_is_a_filter(run: Any, folder: Path) -> None:
    result = run("--fix", "-", stdin=b"\xef\xbb\xbfold\r\nrisky\r\n")
    assert result.out == "\ufeffnew\r\nrisky\r\n"
    assert "stdin.py:2:1: warning TSW002" in result.err
    assert result.code == 1
    assert run("--fix", "-", stdin=b"x = (\n").out == "x = (\n", "what can't be fixed comes out as it went in"


def test_a_diff_shows_and_changes_nothing(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("x\nold\n")
    result = run("--diff")
    assert result.out == "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n x\n-old\n+new\n"
    assert result.err == "--fix would fix 1 finding in 1 file (2 checked).\n"
    assert result.code == 1
    assert (folder / "a.py").read_text() == "x\nold\n"
    (folder / "a.py").write_text("risky\n")
    result = run("--diff")
    assert (result.code, result.out) == (0, "")
    assert run("--diff", "--unsafe-fixes", "-q").err == ""


def test_a_diff_applies(run: Any, folder: Path) -> None:
    files = {
        "bom.py": b"\xef\xbb\xbfold\n",
        "crlf.py": b"x\r\nold\r\n",
        "latin.py": b"# coding: latin-1\n# \xe9\nold\n",
        "end.py": b"x\nold",
        "feed.py": "old\x0c\nx = '\u2028'\n".encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    patch = run("--diff").out.encode("utf-8", "surrogateescape")
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=patch, cwd=folder, check=True)
    assert {name: (folder / name).read_bytes() for name in files} == {
        name: data.replace(b"old", b"new") for name, data in files.items()
    }
    assert run("--diff").code == 0


def test_a_diff_in_colour(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    assert "\x1b[31m-old\x1b[0m\n\x1b[32m+new\x1b[0m\n" in run("--diff", "--color", "always").out

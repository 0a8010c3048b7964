"""The command line itself: what it takes, and what it says of mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from django_uplift import __version__


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--chekc"], "there is no option '--chekc'; did you mean '--check'?"),
        (["--out=json", "--check"], "there is no option '--out=json'"),
        ([], "say what to do: --check reports, --fix repairs, --stdio serves an editor"),
        (["--fix", "--diff"], "--fix and --diff don't go together"),
        (["--check", "--explain", "X"], "--explain and --check don't go together"),
        (["--stdio", "--tcp", "1"], "--stdio and --tcp don't go together"),
        (["--check", "-", "a.py"], "'-' stands for standard input"),
        (["--check", "--stdin-filename", "a.py", "a.py"], "--stdin-filename names what '-' reads"),
        (["--check", "--config", "x", "--isolated"], "--config and --isolated don't go together"),
        (["--check", "--select", ","], "argument --select: expected rules, separated by commas"),
        (["--check", "--output-format", "xml"], "argument --output-format: invalid choice: 'xml'"),
        (["--check", "--min-confidence", "sure"], "argument --min-confidence: invalid choice: 'sure'"),
        (["--check", "--target-version"], "argument --target-version: expected one argument"),
        (["--tcp", "localhost"], "--tcp: expected PORT or HOST:PORT, not 'localhost'"),
        (["--tcp", "70000"], "--tcp: expected PORT or HOST:PORT, not '70000'"),
    ],
)
def test_mistakes(run: Any, argv: list[str], message: str) -> None:
    result = run(*argv)
    assert result.code == 2
    assert result.out == ""
    assert f"error: {message}" in result.err


def test_options_and_paths_mix(run: Any, folder: Any) -> None:
    for name in ("a.py", "b.py"):
        (folder / name).write_text("old\n")
    result = run("--check", "a.py", "--select", "TSW001", "b.py", "-q", "--no-cache")
    assert [line.split(":")[0] for line in result.out.splitlines() if "TSW001" in line] == ["a.py", "b.py"]


def test_paths_alone_are_checked(run: Any, folder: Any) -> None:
    (folder / "a.py").write_text("old\n")
    assert run("a.py").code == 1


def test_help_and_version(run: Any) -> None:
    result = run("--help")
    assert result.code == 0
    for text in ("--check", "what to look for:", "examples:", "exit codes:"):
        assert text in result.out
    assert max(map(len, result.out.splitlines())) <= 110
    assert run("--version") == (0, f"django-uplift {__version__}\n", "")

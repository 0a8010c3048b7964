"""Parsing never raises, and says what is wrong."""

import re
import sys

import pytest

from django_uplift.syntax.parse import explain, parse


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a = 1\nb = = 2\n", "invalid syntax", 1),
        ("x = (\n", "never closed", 0),
        ("x = 1\ny = '\0'\n", "NUL byte|null bytes", None),
        ("(" * 5000, "nested|too many|never closed", None),
        ("\tx = 1\n", "indent", 0),
    ],
)
def test_problems(text, message, line):
    parsed = parse(text)
    assert parsed.tree is None
    assert parsed.problem is not None
    assert re.search(message, parsed.problem.message)
    if line is not None:
        assert parsed.problem.line == line


def test_bad_escapes_of_the_analysed_code_do_not_warn(recwarn):
    assert parse(r"x = '\d'").tree is not None
    assert not recwarn.list


def test_newer_syntax_is_called_so():
    text = "def f[T](x: T) -> T:\n    return x\n"
    parsed = parse(text)
    if sys.version_info >= (3, 12):
        assert parsed.problem is None
        return
    assert "newer syntax" in explain(text, parsed.problem)


def test_broken_code_is_not_called_newer():
    problem = parse("x = = 1\n").problem
    assert explain("x = = 1\n", problem) == problem.message

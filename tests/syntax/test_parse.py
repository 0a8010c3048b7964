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


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ((3, 11), "try:\n    pass\nexcept* ValueError:\n    pass\n"),
        ((3, 12), "def f[T](x: T) -> T:\n    return x\n"),
        ((3, 12), "class A:\n    async def f[T](x): ...\n"),
        ((3, 12), "type Pair = tuple[int, int]\n"),
        ((3, 12), 'x = f"{d["a"]}"\n'),
        ((3, 13), "def f[T = int](): pass\n"),
        ((3, 14), "x = t'{y}'\n"),
    ],
)
def test_newer_syntax_is_called_so(version, text):
    problem = parse(text).problem
    if sys.version_info >= version:
        assert problem is None
    else:
        assert "newer syntax" in explain(text, problem)


@pytest.mark.parametrize(
    "text", ["type X = int\n" + "(" * 100_000, "except* " + "-" * 200_000, "f'" + "{" * 100_000]
)
def test_hostile_code_does_not_end_the_process(text):
    assert explain(text, parse(text).problem)


def test_broken_code_is_not_called_newer():
    problem = parse("x = = 1\n").problem
    assert explain("x = = 1\n", problem) == problem.message

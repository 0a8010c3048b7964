"""What the bytes of a file tell: never less than what stands in it."""

import ast

import pytest

from django_uplift.syntax import glimpse
from django_uplift.syntax.glimpse import called, called_on_something, calls, refers, renamed, signatures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"x.save(1)", True),
        (b"x.save", False),
        (b"def save(self): pass", False),
        (b"x.\\\n  save\\\n(1)", True),
        (b"(x.  # why\n  save  # how\n (1))", True),
        (b"x.resave(1)\nx.saves(1)", False),
        (b"save(1)", False),
    ],
)
def test_the_bytes_of_a_method_call(text, expected):
    assert called_on_something(b"save", text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"include(1)", True),
        (b"urls.include  (1)", True),
        (b"from x import include as inc", True),
        (b"from x import include", False),
        (b"inc = include\n", True),
        (b"inc = (urls.include)  # why", True),
        (b"a == include_all(1)", False),
        (b"x; include", False),
    ],
)
def test_the_bytes_of_a_call(text, expected):
    assert called(b"include", text) is expected


def test_long_rows_of_comment_signs_cost_nothing():
    """They took time without end when each sign could begin a comment."""
    text = b"x.\n" + b"#" * 5_000 + b"\nsave\n" + b"x." + b"# #" * 3_000 + b"\nsaved = 1\n"
    assert not called_on_something(b"save", text * 20)


def shown(found):
    return [None if node is None else ast.unparse(node) for node in found]


def test_calls_are_read_one_by_one():
    text = b"""
x.f(1, *a, b="(", c=[')'])  # f(2)
f (
    3,  # :-)
)
f(\"\"\"
(
\"\"\")
def f(self): pass
class f(Base): pass
g(f)
f(4
"""
    assert shown(calls(b"f", text)) == ["f(1, *a, b='(', c=[')'])", "f(2)", "f(3)", "f('\\n(\\n')", None]


def test_what_has_quotes_of_its_kind_inside_is_not_misread():
    """Python 3.12 allows them in f-strings: cut at the wrong bracket, the rest does not parse."""
    assert shown(calls(b"f", b"""f(f"{x[")"]}", 1)""")) in ([None], ["""f(f"{x[')']}", 1)"""])


def test_signatures_are_read_without_the_body():
    text = b"async def f(self, x: int = (1), *, y=None) -> int:\n    def f ( z ): return f(z)\ndef f(:\n"
    assert shown(signatures(b"f", text)) == ["self, x: int=1, *, y=None", "z", None]


def test_other_names():
    assert renamed(b"f", b"from x import f as g")
    assert renamed(b"f", b"g = f\n")
    assert not renamed(b"f", b"from x import f\nf(1)\ng = f(2)\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"from django.utils.encoding import force_text", True),
        (b"from django.utils.encoding import (\n  a,\n  force_text as f)", True),
        (b"from django.utils.encoding import a, \\\n force_text", True),
        (b"from .encoding import force_text", True),
        (b"from django.utils.encoding import *\nforce_text", True),
        (b"from django.utils import encoding\nencoding.force_text", True),
        (b"from django.utils import encoding as e\ne.force_text", True),
        (b"import django.utils.encoding\ne = django.utils\ne.encoding.force_text", True),
        (b"import django.utils.encoding\ndjango.utils.encoding.force_text", True),
        (b"import django.utils.encoding\n(django.utils.encoding\n  .force_text)", True),
        (b"from other import force_text", False),
        (b"def force_text(): pass", False),
        (b"x(encoding=1).force_text", False),
        (b"other.force_text", False),
        (b"other.encoding.force_text", False),
        (b"self.force_text", False),
    ],
)
def test_references_through_what_is_imported(text, expected):
    assert refers(b"force_text", [b"django.utils.encoding"], text) is expected


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a = 'b.c'  # d\ne", 'a = ""  \ne'),
        ('x("""one \'two\' # three\n""", r\'\\\'\', y)', 'x("", r"", y)'),
        ("1 if a else'b' + c", '1 if a else"" + c'),
        ("f'{a.b} # c' + 'd'", "f'{a.b} # c' + \"\""),
        ("rf'{a}' + offset['b']", "rf'{a}' + offset[\"\"]"),
        ("half'b'", 'half""'),
        # Not to be told without parsing: nothing is left out.
        ("f'{a['b']}' + 'c'", "f'{a['b']}' + 'c'"),
    ],
)
def test_code_is_what_is_neither_text_nor_comment(text: str, left: str) -> None:
    assert glimpse.code(text.encode()) == left.encode()

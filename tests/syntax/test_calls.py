"""Arguments are edited with their commas, and comments stay."""

import ast

import pytest

from django_uplift.syntax.calls import Call, outer_span
from django_uplift.syntax.tree import Tree
from django_uplift.text.edits import apply_edits
from django_uplift.text.lines import Lines


def call_in(text):
    tree = Tree(ast.parse(text), Lines(text))
    node = next(n for n in tree.nodes(ast.Call) if isinstance(n.func, ast.Name) and n.func.id == "f")
    return Call(node, tree)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(b=1)", "f()"),
        ("f(b=1,)", "f()"),
        ("f(a, b=1)", "f(a)"),
        ("f(a, b=1,)", "f(a,)"),
        ("f(b=1, c=2)", "f(c=2)"),
        ("f(a, b=(1), c=2)", "f(a, c=2)"),
        ("f(a, b=g(1, [2]), *c)", "f(a, *c)"),
        ("f(\n    a,\n    b=1,\n    c=2,\n)", "f(\n    a,\n    c=2,\n)"),
        ("f(\n    a,\n    b=1,  # why\n    c=2,\n)", "f(\n    a,\n    # why\n    c=2,\n)"),
        ("f(\n    a,\n    b=1\n)", "f(\n    a\n)"),
        ("f(\n    a,\n    b=1,\n)", "f(\n    a,\n)"),
        ("f(\n    b=1,\n)", "f()"),
        ("f(a,\n  b=1,\n  c=2)", "f(a,\n  c=2)"),
        ("f(a, b=(  # in\n  1))", None),
    ],
)
def test_removing_an_argument(before, after):
    call = call_in(before)
    result = apply_edits(before, call.remove(call.keyword("b")))
    ast.parse(result)
    if after is not None:
        assert result == after


def test_removing_several_arguments_at_once():
    text = "f(a, b=1, c=2, d=3)"
    call = call_in(text)
    assert apply_edits(text, call.remove_all([call.keyword("b"), call.keyword("d")])) == "f(a, c=2)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(b=1)"),
        ("f(a)", "f(a, b=1)"),
        ("f(a,)", "f(a, b=1,)"),
        ("f((a))", "f((a), b=1)"),
        ("f(\n    a,\n    c=2,\n)", "f(\n    a,\n    c=2,\n    b=1,\n)"),
        ("f(\n    a,\n    c=2,  # two\n)", "f(\n    a,\n    c=2,\n    b=1,  # two\n)"),
    ],
)
def test_adding_an_argument(before, after):
    assert apply_edits(before, [call_in(before).add_keyword("b", "1")]) == after


def test_renaming_and_naming():
    text = "f(x if y else z, b = 1)"
    call = call_in(text)
    edits = [call.rename_keyword(call.keyword("b"), "bb"), call.name_argument(call.node.args[0], "a")]
    assert apply_edits(text, edits) == "f(a=x if y else z, bb = 1)"


def test_reading_arguments():
    call = call_in("f(1, *rest, 2, c=3, **more)")
    assert call.unpacks_positional and call.unpacks_keywords
    assert ast.unparse(call.argument("a", 0)) == "1"
    assert call.argument("b", 1) is None
    assert call.positional(2) is None, "what stands behind *rest has no known position"
    assert ast.unparse(call.argument("c", 5)) == "3"


@pytest.mark.parametrize(
    ("text", "outer"),
    [
        ("x = (f(1))", "(f(1))"),
        ("x = ((f(1)).y)", "(f(1))"),
        ("g(f(1))", "f(1)"),
        ("x = (\n    # c\n    f(1)\n)", "(\n    # c\n    f(1)\n)"),
        ("return_(f(1))", "f(1)"),
        ("x = [f(1)]", "f(1)"),
        ("if (f(1)): pass", "(f(1))"),
    ],
)
def test_parentheses_around_an_expression(text, outer):
    call = call_in(text)
    start, end = outer_span(call.tree, call.node)
    assert text[start:end] == outer

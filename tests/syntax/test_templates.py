"""What Django reads of a template, where it stands, and what comments suppress."""

# ruff: noqa: E501 -- one case a line

from pathlib import Path

import pytest

from django_uplift.syntax.suppress import comment_to_add, find_suppressions, remove_suppression
from django_uplift.syntax.templates import Template, TemplateTree, language_of
from django_uplift.text.edits import apply_edits
from django_uplift.text.lines import Lines, Span


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("shop/views.py", "python"),
        ("shop/README", "python"),
        ("shop/templates/shop/order.html", "template"),
        ("order.DJHTML", "template"),
        ("shop/templates/mail/order.txt", "template"),
        ("docs/notes.txt", None),
        ("shop/jinja2/shop/order.html", None),
    ],
)
def test_languages(path, language):
    assert language_of(Path(path)) == language


def words(text):
    return [(token.kind, [bit.text for bit in token.bits]) for token in Template(text).tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if a == 'b c' %}", [("tag", ["if", "a", "==", "'b c'"])]),
        ('{{ a|default:"x y" }}', [("variable", ['a|default:"x y"'])]),
        ("{# note #}{{a}}", [("comment", ["note"]), ("variable", ["a"])]),
        ("{% if\na %}{{ b }}", [("variable", ["b"])]),
        ("{% verbatim %}{{ a }}{% endverbatim %}{{ b }}", [("tag", ["verbatim"]), ("tag", ["endverbatim"]), ("variable", ["b"])]),
        (
            "{% verbatim x %}{% endverbatim %}{{ a }}{% endverbatim x %}",
            [("tag", ["verbatim", "x"]), ("tag", ["endverbatim", "x"])],
        ),
        ("{% comment 'why' %}{{ a }}{% if %}{% endcomment %}", [("tag", ["comment", "'why'"]), ("tag", ["endcomment"])]),
        ("{% comment %}{{ a }}", [("tag", ["comment"])]),
        ("{%%}{{}}{##} { % a % }", [("tag", []), ("variable", []), ("comment", [])]),
        ("", []),
    ],
)  # fmt: skip
def test_tokens(text, expected):
    assert words(text) == expected


def test_places_are_those_of_the_text():
    text = "é {% load a\tb %}\r\n{{ ü }}"
    template = Template(text)
    load, variable = template.tokens
    assert text[slice(*load.span)] == "{% load a\tb %}"
    assert [text[slice(*bit.span)] for bit in load.bits] == ["load", "a", "b"]
    assert text[slice(*variable.bits[0].span)] == "ü"
    assert (load.name, variable.name) == ("load", "")


def test_blocks_of_one_name_stand_inside_each_other():
    template = Template("{% q 1 %}{% q 2 %}{% endq %}{% else %}{% endq %}{% q 3 %}")
    first, second, inner, _, outer, third = template.tokens
    assert template.closing(first, "q", "endq") is outer
    assert template.closing(second, "q", "endq") is inner
    assert template.closing(third, "q", "endq") is None


def tree(text):
    return TemplateTree(Lines(text))


@pytest.mark.parametrize(
    ("text", "codes", "lines"),
    [
        ("{{ a }} {# django-uplift: ignore[DUT0003] #}\n{{ b }}\n", ["DUT0003"], range(1)),
        (
            "  {# django-uplift: ignore[ifequal, DUT0001] why #}\n{{ b }}\n",
            ["ifequal", "DUT0001"],
            range(2),
        ),
        ("{# django-uplift: ignore #}{{ a }}\n", [], range(1)),
        ("{# django-uplift: ignore-file[DUT0003] #}\n", ["DUT0003"], None),
    ],
)
def test_suppressions(text, codes, lines):
    (found,) = find_suppressions(tree(text))
    assert [code for code, _ in found.codes] == codes
    assert found.lines == lines
    assert not found.noqa


@pytest.mark.parametrize(
    "text",
    [
        "{# noqa: DUT0003 #}",
        "# django-uplift: ignore[DUT0003]",
        "{% comment %}{# django-uplift: ignore #}{% endcomment %}",
        "<!-- django-uplift: ignore -->",
    ],
)
def test_other_comments_suppress_nothing(text):
    assert find_suppressions(tree(text)) == []


def test_a_suppression_is_added_behind_the_line_or_to_the_one_that_is_there():
    text = "{% ifequal a b %}\nx\n"
    added = apply_edits(text, [comment_to_add(tree(text), Span(3, 10), "DUT0003")])
    assert added == "{% ifequal a b %} {# django-uplift: ignore[DUT0003] #}\nx\n"
    more = apply_edits(added, [comment_to_add(tree(added), Span(3, 10), "DUT0001")])
    assert more == "{% ifequal a b %} {# django-uplift: ignore[DUT0003, DUT0001] #}\nx\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{# django-uplift: ignore[A1] #}\n<p>\n", "<p>\n"),
        ("<p> {# django-uplift: ignore[A1] #}\n", "<p>\n"),
        ("{# django-uplift: ignore[A1] #}<p>\n", "<p>\n"),
    ],
)
def test_an_unused_suppression_goes_with_its_comment(text, left):
    (found,) = find_suppressions(tree(text))
    edit = remove_suppression(text, Lines(text), found, [span for _, span in found.codes])
    assert apply_edits(text, [edit]) == left

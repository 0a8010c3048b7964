"""Which lines a suppression comment covers, and how it comes and goes."""

import ast
import random

import pytest

from django_uplift.syntax import suppress
from django_uplift.syntax.parse import parse
from django_uplift.syntax.suppress import (
    comment_to_add,
    file_comment_to_add,
    find_suppressions,
    remove_suppression,
)
from django_uplift.syntax.tree import Tree
from django_uplift.text.edits import apply_edits
from django_uplift.text.lines import Lines, Span


def tree_of(text):
    return Tree(ast.parse(text), Lines(text))


@pytest.mark.parametrize(
    ("text", "codes", "lines"),
    [
        ("x = 1  # noqa: DUR4001\n", ["DUR4001"], range(1)),
        ("x = 1  # NOQA:DUR4001,E501\n", ["DUR4001", "E501"], range(1)),
        ("x = 1  # noqa\n", [], range(1)),
        ("x = 1  # django-uplift: ignore[force-text, DUA101]\n", ["force-text", "DUA101"], range(1)),
        ("x = 1  # django-uplift: ignore\n", [], range(1)),
        ("x = 1  # type: ignore  # noqa: DUR4001 because\n", ["DUR4001"], range(1)),
        ("# django-uplift: ignore[a]\nx = 1\n", ["a"], range(1, 2)),
        ("x = f(\n    1,  # django-uplift: ignore[a]\n    2,\n)\n", ["a"], range(4)),
        ("# django-uplift: ignore-file[a]\n", ["a"], None),
        ('"""\n# noqa: X1\n"""\n', None, None),
        ("x = '# noqa: X1'\n", None, None),
    ],
)
def test_finding_comments(text, codes, lines):
    found = find_suppressions(tree_of(text))
    if codes is None:
        assert not found
        return
    (suppression,) = found
    assert [code for code, _ in suppression.codes] == codes
    assert suppression.lines == lines
    for code, span in suppression.codes:
        assert text[span.start : span.end] == code


@pytest.mark.parametrize(
    ("text", "gone", "after"),
    [
        ("x = 1  # django-uplift: ignore[a, b]\n", ["a"], "x = 1  # django-uplift: ignore[b]\n"),
        ("x = 1  # django-uplift: ignore[a]\n", ["a"], "x = 1\n"),
        ("x = 1  # noqa: DUA101 -- long story\n", ["DUA101"], "x = 1  # -- long story\n"),
        ("x = 1  # noqa: DUA101  # pragma: no cover\n", ["DUA101"], "x = 1  # pragma: no cover\n"),
        ("x = 1  # noqa: E501, DUA101\n", ["DUA101"], "x = 1  # noqa: E501\n"),
        ("# django-uplift: ignore-file[a]\nx = 1\n", ["a"], "x = 1\n"),
    ],
)
def test_removing_what_is_unused(text, gone, after):
    tree = tree_of(text)
    (suppression,) = find_suppressions(tree)
    spans = [span for code, span in suppression.codes if code in gone]
    assert apply_edits(text, [remove_suppression(text, tree.lines, suppression, spans)]) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x = 1\n", "x = 1  # django-uplift: ignore[a]\n"),
        ("x = 1  # why\n", "x = 1  # why  # django-uplift: ignore[a]\n"),
        ("x = 1  # django-uplift: ignore[b]\n", "x = 1  # django-uplift: ignore[b, a]\n"),
        ("x = 1 + \\\n  2\n", "x = 1 + \\\n  2  # django-uplift: ignore[a]\n"),
        ('x = """\ny\n"""\n', 'x = """\ny\n"""  # django-uplift: ignore[a]\n'),
        ("x = [\n  1,\n]\n", "x = [  # django-uplift: ignore[a]\n  1,\n]\n"),
    ],
)
def test_adding_a_comment(text, after):
    edit = comment_to_add(tree_of(text), Span(0, 1), "a")
    result = apply_edits(text, [edit])
    assert result == after
    ast.parse(result)
    assert any(s.covers(0, 0) for s in find_suppressions(tree_of(result)))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x\n", "# django-uplift: ignore-file[a]\nx\n"),
        ("", "# django-uplift: ignore-file[a]\n"),
        ("#!python\r\nx\r\n", "#!python\r\n# django-uplift: ignore-file[a]\r\nx\r\n"),
        ("#!python\n# -*- coding: latin-1 -*-\nx\n", None),
        ("# django-uplift: ignore-file[b] old\nx\n", "# django-uplift: ignore-file[b, a] old\nx\n"),
    ],
)
def test_adding_a_comment_for_the_file(text, after):
    edit = file_comment_to_add(tree_of(text), "a")
    result = apply_edits(text, [edit])
    assert result == (after or "#!python\n# -*- coding: latin-1 -*-\n# django-uplift: ignore-file[a]\nx\n")
    assert any(
        "a" in [code for code, _ in s.codes] and s.covers(9, 9) for s in find_suppressions(tree_of(result))
    )


@pytest.mark.parametrize("seed", range(4))
def test_looking_at_marked_statements_alone_finds_what_a_whole_pass_finds(seed: int) -> None:
    rng = random.Random(seed)
    pieces = [
        "x = 1  # noqa: DU1\n", "# django-uplift: ignore[a]\n", "\n",
        "def f():\n    # noqa: DU2\n    return 1  # django-uplift: ignore\n",
        "@dec  # noqa\nclass A:\n    b = (1,\n      2)  # NOQA: DU3\n",
        "s = '''\n# noqa: DU4\n'''\n", "a; b  # noqa: DU5\n", "y = 1 \\\n\n",
        "# django-uplift: ignore-file[b]\n", "if x:\n    y\n    # noqa: DU6\nelse:\n    z\n",
        "\\\nq = 2  # noqa: DU7\n", "# c\n", "\f\n", "t = 'noqa'\r\n",
    ]  # fmt: skip
    for _ in range(150):
        text = "".join(rng.choice(pieces) for _ in range(rng.randrange(8)))
        module = parse(text).tree
        if module is None:
            continue
        tree = Tree(module, Lines(text))
        whole = suppress._comments(text, tree.lines)
        partly = list(suppress._comments_at_marks(tree))
        assert partly == [pair for pair in whole if pair in partly]
        missing = [text[span.start : span.end] for span, _ in whole if (span, _) not in partly]
        assert not any("noqa" in comment.lower() or "django-uplift" in comment for comment in missing)

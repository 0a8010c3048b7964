"""Import statements: what goes, what comes, what stays."""

import ast

import pytest

from django_uplift.syntax.imports import Need, edit_imports, imports_of
from django_uplift.syntax.tree import Tree
from django_uplift.text.edits import apply_edits
from django_uplift.text.lines import Lines


def edited(text, drop=(), needs=(), near=None):
    tree = Tree(ast.parse(text), Lines(text))
    aliases = [a for node in imports_of(tree) for a in node.names if (a.asname or a.name) in drop]
    place = imports_of(tree)[near] if near is not None else None
    wanted = [need._replace(near=place) for need in needs]
    result = apply_edits(text, edit_imports(tree, aliases, wanted))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("before", "drop", "after"),
    [
        ("import a\nimport b\n", ["a"], "import b\n"),
        ("import a, b\n", ["a"], "import b\n"),
        ("import a, b\n", ["b"], "import a\n"),
        ("from m import a, b, c\n", ["b"], "from m import a, c\n"),
        ("from m import a, b, c\n", ["b", "c"], "from m import a\n"),
        ("from m import a, b, c\n", ["a", "c"], "from m import b\n"),
        ("from m import (a, b)\n", ["b"], "from m import (a,)\n"),
        ("from m import (\n    a,\n    b,\n)\n", ["b"], "from m import (\n    a,\n)\n"),
        ("from m import (\n    a,\n    b\n)\n", ["a"], "from m import (\n    b\n)\n"),
        (
            "from m import (\n    a,  # first\n    b,\n)\n",
            ["a"],
            "from m import (\n    # first\n    b,\n)\n",
        ),
        ("def f():\n    import a\n", ["a"], "def f():\n    pass\n"),
        ("def f():\n    import a\n    return 1\n", ["a"], "def f():\n    return 1\n"),
        ("import a; import b\n", ["a"], "import b\n"),
        ("import a; import b\n", ["b"], "import a\n"),
        ("import a  # needed\nx = 1\n", ["a"], "# needed\nx = 1\n"),
        ("from m import a, \\\n    b\n", ["b"], "from m import a\n"),
    ],
)
def test_dropping(before, drop, after):
    assert edited(before, drop) == after


@pytest.mark.parametrize(
    ("before", "need", "after"),
    [
        ("from m import a, c\n", Need("m", "b"), "from m import a, b, c\n"),
        ("from m import c, a\n", Need("m", "b"), "from m import c, a, b\n"),
        ("from m import b\n", Need("m", "b"), "from m import b\n"),
        ("from m import b as x\n", Need("m", "b"), "from m import b as x, b\n"),
        (
            "from m import (\n    a,\n    c,\n)\n",
            Need("m", "b"),
            "from m import (\n    a,\n    b,\n    c,\n)\n",
        ),
        (
            "from m import (\n    a,\n    c,  # see\n)\n",
            Need("m", "d"),
            "from m import (\n    a,\n    c,\n    d,  # see\n)\n",
        ),
        ("import os\n\nimport django\n", Need("datetime"), "import datetime\nimport os\n\nimport django\n"),
        (
            "import os\n\nx = 1\n",
            Need("asgiref.sync", "f"),
            "import os\n\nfrom asgiref.sync import f\n\nx = 1\n",
        ),
        ("from django import x\n", Need("datetime"), "import datetime\n\nfrom django import x\n"),
        (
            "from django.a import x\nfrom django.z import y\n",
            Need("django.m", "k"),
            "from django.a import x\nfrom django.m import k\nfrom django.z import y\n",
        ),
        ('"""Doc."""\n\nx = 1\n', Need("os"), '"""Doc."""\n\nimport os\n\nx = 1\n'),
        (
            '"""Doc."""\nfrom __future__ import annotations\n\nx = 1\n',
            Need("os"),
            '"""Doc."""\nfrom __future__ import annotations\n\nimport os\n\nx = 1\n',
        ),
        ("x = 1\n", Need("os"), "import os\n\nx = 1\n"),
        ("#!/bin/python\n# licence\nx = 1\n", Need("os"), "#!/bin/python\n# licence\nimport os\n\nx = 1\n"),
        ("from . import a\n", Need("django.m", "k"), "from django.m import k\n\nfrom . import a\n"),
        ("import a\r\nx = 1\r\n", Need("b"), "import a\r\nimport b\r\nx = 1\r\n"),
        ("import a", Need("b"), "import a\nimport b"),
        ("@d\ndef f(): pass\n", Need("os"), "import os\n\n@d\ndef f(): pass\n"),
    ],
)
def test_adding(before, need, after):
    assert edited(before, needs=[need]) == after


@pytest.mark.parametrize(
    ("before", "drop", "need", "after"),
    [
        ("from m import a\n", ["a"], Need("m", "b"), "from m import b\n"),
        ("from m import a\n", ["a"], Need("n", "b"), "from n import b\n"),
        ("from m import a, z\n", ["a"], Need("n", "b"), "from n import b\nfrom m import z\n"),
        ("from m import a\nfrom n import c\n", ["a"], Need("n", "b"), "from n import b, c\n"),
        ("from m import a as x\n", ["x"], Need("m", "b", "x"), "from m import b as x\n"),
        (
            "from m import (\n    a,  # old\n    z,\n)\n",
            ["a"],
            Need("m", "b"),
            "from m import (\n    b,  # old\n    z,\n)\n",
        ),
        (
            "def f():\n    from m import a\n    return a\n",
            ["a"],
            Need("n", "b"),
            "def f():\n    from n import b\n    return a\n",
        ),
        ("if x: from m import a, z\n", ["a"], Need("n", "b"), "if x: from n import b; from m import z\n"),
    ],
)
def test_replacing_in_place(before, drop, need, after):
    assert edited(before, drop, [need], near=0) == after


def test_requests_are_merged_once():
    need = Need("m", "b")
    text = "import os\n\nx = 1\n"
    merged = edited(text, needs=[need, Need("m", "c"), Need("json"), need])
    assert merged == "import json\nimport os\n\nfrom m import b, c\n\nx = 1\n"

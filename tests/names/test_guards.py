"""Version branches and import fallbacks keep findings away, and nothing else does."""

import ast

import pytest

from django_uplift.names.guards import Guard, guard_of, in_type_checking
from django_uplift.names.module import ModuleNames
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines

V = "import django\n"


def guard(text, version=(4, 2)):
    tree = Tree(ast.parse(text), Lines(text))
    (node,) = [n for n in tree.nodes(ast.Name) if n.id == "HERE"]
    return guard_of(node, ModuleNames(tree), version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (V + "if django.VERSION >= (4, 0): pass\nelse: HERE", Guard.VERSION_BRANCH),
        (V + "if django.VERSION >= (4, 0): HERE", None),
        (V + "if django.VERSION < (4, 0): HERE", Guard.VERSION_BRANCH),
        (V + "if django.VERSION < (5, 0): HERE", None),
        (V + "if django.VERSION[:2] < (4, 2): HERE", Guard.VERSION_BRANCH),
        (V + "if django.VERSION[:2] == (4, 2): pass\nelse: HERE", Guard.VERSION_BRANCH),
        (V + "if django.VERSION[0] < 4: HERE", Guard.VERSION_BRANCH),
        (V + "if django.VERSION[0] >= 4: HERE", None),
        (V + "if (4, 0) > django.VERSION: HERE", Guard.VERSION_BRANCH),
        (V + "if not django.VERSION >= (4, 0): HERE", Guard.VERSION_BRANCH),
        (V + "if x and django.VERSION < (4, 0): HERE", Guard.VERSION_BRANCH),
        (V + "if x or django.VERSION < (4, 0): HERE", None),
        (V + "if django.VERSION < (4, 2, 3): HERE", None),
        (V + "x = HERE if django.VERSION < (4, 0) else 1", Guard.VERSION_BRANCH),
        (V + "OLD = django.VERSION < (4, 0)\nif OLD: HERE", Guard.VERSION_BRANCH),
        ("from django import VERSION as v\nif v < (4, 0):\n    def f(): HERE", Guard.VERSION_BRANCH),
        ("VERSION = (1, 0)\nif VERSION < (4, 0): HERE", None),
        (V + "if django.VERSION < LIMIT: HERE", None),
        ("try:\n    import x\nexcept ImportError:\n    HERE", Guard.IMPORT_FALLBACK),
        ("try:\n    import x\n    HERE\nexcept (ImportError, KeyError):\n    pass", Guard.IMPORT_FALLBACK),
        ("try:\n    HERE\nexcept ValueError:\n    pass", None),
        ("try:\n    import x\nexcept ImportError:\n    pass\nelse:\n    HERE", None),
        ("try:\n    f()\nexcept Exception:\n    HERE", None),
    ],
)
def test_guards(text, expected):
    assert guard(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING: HERE", True),
        ("import typing as t\nif t.TYPE_CHECKING: HERE", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING: pass\nelse: HERE", False),
        ("TYPE_CHECKING = True\nif TYPE_CHECKING: HERE", False),
    ],
)
def test_type_checking(text, expected):
    tree = Tree(ast.parse(text), Lines(text))
    (node,) = [n for n in tree.nodes(ast.Name) if n.id == "HERE"]
    assert in_type_checking(node, ModuleNames(tree)) is expected

"""Qualified names, through every way of importing and every kind of scope."""

import ast

import pytest

from django_uplift.names.module import ModuleNames
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines


def resolve(text, module="pkg.mod", *, is_package=False):
    """What the expression marked by ``HERE(...)`` resolves to."""
    tree = Tree(ast.parse(text), Lines(text))
    names = ModuleNames(tree, module, is_package=is_package)
    (call,) = [c for c in tree.nodes(ast.Call) if isinstance(c.func, ast.Name) and c.func.id == "HERE"]
    return names.resolve(call.args[0])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import a.b\nHERE(a.b.c)", "a.b.c"),
        ("import a.b as x\nHERE(x.c)", "a.b.c"),
        ("from a import b\nHERE(b)", "a.b"),
        ("from a import b as x\nHERE(x.c.d)", "a.b.c.d"),
        ("from . import b\nHERE(b)", "pkg.b"),
        ("from .x import b\nHERE(b)", "pkg.x.b"),
        ("from ..x import b\nHERE(b)", None),
        ("from a import *\nHERE(b)", "a.b"),
        ("from a import *\nHERE(len)", None),
        ("from a import b\nc = b\nHERE(c)", "a.b"),
        ("import a\nc = a.b\nd = c\nHERE(d.e)", "a.b.e"),
        ("from a import b\nb = wrap(b)\nHERE(b)", None),
        ("try:\n    from a import b\nexcept ImportError:\n    b = None\nHERE(b)", "a.b"),
        ("try:\n    from a import b\nexcept ImportError:\n    from c import b\nHERE(b)", None),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b\nHERE(b)", "a.b"),
        ("def f():\n    from a import b\n    HERE(b)", "a.b"),
        ("def f():\n    from a import b\nHERE(b)", None),
        ("from a import b\ndef f(b):\n    HERE(b)", None),
        ("from a import b\ndef f(x=HERE(b)):\n    b = 1", "a.b"),
        ("from a import b\ndef f():\n    HERE(b)\n    b = 1", None),
        ("from a import b\nclass C:\n    b = 1\n    def f(self):\n        HERE(b)", "a.b"),
        ("from a import b\nclass C:\n    b = wrap()\n    HERE(b)", None),
        ("from a import b\nx = [HERE(b) for b in y]", None),
        ("from a import b\nx = [b for b in HERE(b)]", "a.b"),
        ("from a import b\nx = [c for y in z for c in HERE(b)]", "a.b"),
        ("from a import b\nx = lambda b: HERE(b)", None),
        ("from a import b\nx = lambda: HERE(b)", "a.b"),
        ("def f():\n    global b\n    from a import b\nHERE(b)", "a.b"),
        ("from a import b\nif (b := g()): pass\nHERE(b)", None),
        ("from a import b\nfor b in c: pass\nHERE(b)", None),
        ("from a import b\ntry: pass\nexcept E as b: pass\nHERE(b)", None),
        ("from a import b\nmatch x:\n    case {**b}: pass\nHERE(b)", None),
        ("class C:\n    class D: pass\nHERE(C.D)", "pkg.mod.C.D"),
        ("def f():\n    class C: pass\n    HERE(C)", None),
        ("from django.contrib.gis.db import models\nHERE(models.CheckConstraint)", "django.db.models.CheckConstraint"),
        ("from django.db.models.query import QuerySet\nHERE(QuerySet.count)", "django.db.models.QuerySet.count"),
    ],
)  # fmt: skip
def test_resolving(text, name):
    assert resolve(text) == name


def test_a_package_resolves_from_itself():
    assert resolve("from .x import b\nHERE(b)", "pkg", is_package=True) == "pkg.x.b"


def test_competing_imports_give_all_their_names():
    text = "try:\n    from a import b\nexcept ImportError:\n    from c import b\nb"
    tree = Tree(ast.parse(text), Lines(text))
    names = ModuleNames(tree)
    assert names.resolve_all(tree.module.body[-1].value) == ("a.b", "c.b")


def test_uses_are_those_that_read_the_binding():
    text = "from a import b\nb(1)\ndef f(b):\n    b(2)\ndef g():\n    return b\n"
    tree = Tree(ast.parse(text), Lines(text))
    names = ModuleNames(tree)
    (binding,) = [x for x in names.bindings("b") if x.target]
    assert [use.lineno for use in names.uses(binding)] == [2, 6]

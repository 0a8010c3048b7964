"""Moved names and modules: all the ways in which code can name a thing, and who else may rely on an import."""

from __future__ import annotations

import pytest

from django_uplift_rules.kinds import MovedModule, MovedName, RemovedName
from tests.rules_kinds.conftest import Run


def moved(**options: object) -> MovedName:
    """A function that moved to another module under another name."""
    return MovedName(
        "DUR4001",
        {"django.old.place.first": "django.new.place.second"},
        removed_in="4.0",
        **options,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django.old.place import first\nfirst()\n", "from django.new.place import second\nsecond()\n"),
        (
            "from django.old.place import first as f\nf()\n",
            "from django.new.place import second as f\nf()\n",
        ),
        (
            "import django.old.place\ndjango.old.place.first()\n",
            "from django.new.place import second\nsecond()\n",
        ),
        (
            "from django.old import place\nplace.first()\nplace.third()\n",
            "from django.new.place import second\nfrom django.old import place\nsecond()\nplace.third()\n",
        ),
        (
            "from django.old.place import first, third\n@first\nclass A(third): pass\n",
            "from django.new.place import second\nfrom django.old.place import third\n@second\nclass A(third): pass\n",
        ),
        (
            "def f():\n    from django.old.place import first\n    return first\n",
            "def f():\n    from django.new.place import second\n    return second\n",
        ),
        # The new name is taken: another is made up.
        (
            "from django.old.place import first\nsecond = 1\nfirst(second)\n",
            "from django.new.place import second as place_second\nsecond = 1\nplace_second(second)\n",
        ),
        # A string annotation goes on naming the old one.
        (
            'from django.old.place import first\ndef f(x: "first"): return first\n',
            'from django.new.place import second as first\ndef f(x: "first"): return first\n',
        ),
        # So does a name that is bound again somewhere.
        (
            "from django.old.place import first\nif x:\n    first = None\nfirst()\n",
            "from django.new.place import second as first\nif x:\n    first = None\nfirst()\n",
        ),
        (
            'from django.old.place import first\n__all__ = ["first"]\n',
            'from django.new.place import second as first\n__all__ = ["first"]\n',
        ),
    ],
)
def test_every_way_to_name_it(run: Run, before: str, after: str) -> None:
    result = run(moved(), before)
    assert len(result.found) == 1
    assert result.fixed == after


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from django.old.place import first\nexcept ImportError:\n    first = None\n",
        "import django\nif django.VERSION < (4, 0):\n    from django.old.place import first\n",
        "def first(): pass\nfirst()\n",
        "from shop.place import first\nfirst()\n",
        "from django.old.place import third\nthird.first()\n",
        "from django.old import place\nif hasattr(place, 'first'):\n    place.first()\n",
        "from django.old import place\nx = 1\nx.first()\n",
        "from django.old import place\ndef f(place): return place.first\n",
    ],
)
def test_silence(run: Run, text: str) -> None:
    assert run(moved(), text).found == []


def test_who_imports_it_from_here_still_can(run: Run) -> None:
    text = "from django.old.place import first\nfirst()\n"
    other = {"shop/urls.py": "from shop.views import first\n"}
    assert run(moved(), text, files=other).fixed == "from django.new.place import second as first\nfirst()\n"


def test_a_module_of_the_same_last_name_is_another(run: Run) -> None:
    text = "from django.old.place import first\nfirst()\n"
    other = {"shop/urls.py": "from elsewhere.views import first\n"}
    assert run(moved(), text, files=other).fixed == "from django.new.place import second\nsecond()\n"


def test_star_import(run: Run) -> None:
    result = run(moved(), "from django.old.place import *\nfirst()\n")
    assert [text for text, _ in result.found] == ["first"]
    assert "second()" in result.fixed


def test_importable_classes_are_reported_where_they_are_made(run: Run) -> None:
    rule = moved(importable=["django.old.place.first"])
    assert run(rule, "from django.old.place import first\nisinstance(x, first)\n").found == []
    assert run(rule, "from django.old.place import first\nclass A(first): pass\n").found
    assert run(rule, "from django.old import place\ny = place.first()\n").found


def test_migrations_are_left_alone_on_request(run: Run) -> None:
    text = "from django.old.place import first\nfirst()\n"
    assert run(moved(in_migrations=False), text, path="shop/migrations/0001_initial.py").found == []
    assert run(moved(), text, path="shop/migrations/0001_initial.py").found


def test_the_replacement_must_be_there(run: Run) -> None:
    text = "from django.old.place import first\nfirst()\n"
    rule = moved(replacement_since="4.0")
    assert run(rule, text, target="3.2").fixed == text
    assert run(rule, text, target="4.0").fixed != text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django.old import a, b\n", "from django.new import a, b\n"),
        (
            "from django.old import (\n    a,  # one\n    b,\n)\n",
            "from django.new import (\n    a,  # one\n    b,\n)\n",
        ),
        ("import django.old\ndjango.old.a()\n", "import django.new\ndjango.new.a()\n"),
        ("import django.old as o\no.a()\n", "import django.new as o\no.a()\n"),
        ("from django import old\nold.a()\n", "from django import new as old\nold.a()\n"),
        ("from django.new import c\nfrom django.old import a\n", "from django.new import a, c\n"),
    ],
)
def test_moved_module(run: Run, before: str, after: str) -> None:
    result = run(MovedModule("DUR2001", {"django.old": "django.new"}, removed_in="2.0"), before)
    assert result.fixed == after
    assert len(result.found) == 1


def test_names_that_the_new_module_lacks_get_no_fix(run: Run) -> None:
    rule = MovedModule("DUR2001", {"django.old": "django.new"}, without=("gone",), removed_in="2.0")
    text = "from django.old import gone\n"
    result = run(rule, text)
    assert result.found and result.fixed == text


def test_removed_module_is_reported_once(run: Run) -> None:
    rule = RemovedName("DUR5007", {"django.old": "write your own"}, removed_in="5.0")
    result = run(rule, "import django.old\ndjango.old.a(django.old.b)\n")
    assert result.found == [("django.old", "proven")]
    assert result.messages == ["django.old was removed in Django 5.0: write your own"]

"""Arguments, methods, members of subclasses and settings."""

from __future__ import annotations

import pytest

from django_uplift_rules.kinds import (
    ANY,
    AddedParameter,
    DottedPath,
    KeywordOnly,
    KeywordValue,
    RemovedKeyword,
    RemovedMetaOption,
    RemovedParameter,
    RemovedSetting,
    RenamedKeyword,
    RenamedMethod,
    RenamedSetting,
)
from tests.rules_kinds.conftest import Run

IMPORT = "from django.place import make\n"


def test_renamed_keyword(run: Run) -> None:
    rule = RenamedKeyword("DUR6001", {"django.place.make": {"old": "new"}}, removed_in="6.0")
    assert run(rule, IMPORT + "make(1, old=2)\n").fixed == IMPORT + "make(1, new=2)\n"
    both = run(rule, IMPORT + "make(old=1, new=2)\n")
    assert both.found and both.fixed == IMPORT + "make(old=1, new=2)\n"
    assert run(rule, IMPORT + "make(1, **old)\nother(old=1)\n").found == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("make(1, old=2)", "make(1)"),
        ("make(old=2, x=1)", "make(x=1)"),
        ("make(1, 2)", "make(1)"),
        ("make(\n    1,\n    old=2,  # why\n)", "make(\n    1,\n    # why\n)"),
    ],
)
def test_removed_keyword(run: Run, before: str, after: str) -> None:
    rule = RemovedKeyword(
        "DUR6001", {"django.place.make": {"old": 1}}, advice="leave it out", removed_in="6.0"
    )
    result = run(rule, f"{IMPORT}{before}\n")
    assert len(result.found) == 1
    assert result.fixed == f"{IMPORT}{after}\n"


def test_removed_argument_with_others_behind_it(run: Run) -> None:
    rule = RemovedKeyword(
        "DUR6001", {"django.place.make": {"old": 0}}, advice="leave it out", removed_in="6.0"
    )
    result = run(rule, IMPORT + "make(1, 2)\nmake(*a, 2)\n")
    assert [text for text, _ in result.found] == ["1"]
    assert result.fixed == IMPORT + "make(1, 2)\nmake(*a, 2)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("make(1, 2, 3)", "make(1, b=2, c=3)"),
        ("make(1, (2), c=3)", "make(1, b=(2), c=3)"),
        ("make(1, # x\n  2)", "make(1, # x\n  b=2)"),
    ],
)
def test_keyword_only(run: Run, before: str, after: str) -> None:
    rule = KeywordOnly("DUR6001", {"django.place.make": (1, ("a", "b", "c"))}, removed_in="6.0")
    result = run(rule, f"{IMPORT}{before}\n")
    assert len(result.found) == 1
    assert result.fixed == f"{IMPORT}{after}\n"


@pytest.mark.parametrize("call", ["make(1, b=2)", "make(*args)", "make(1, *args)", "make(1, 2, 3, 4)"])
def test_keyword_only_silence_or_no_fix(run: Run, call: str) -> None:
    rule = KeywordOnly("DUR6001", {"django.place.make": (1, ("a", "b", "c"))}, removed_in="6.0")
    assert run(rule, f"{IMPORT}{call}\n").found == []


def test_keyword_value(run: Run) -> None:
    rule = KeywordValue(
        "DUR5012", {"django.place.make": {"on": [False]}}, advice="leave it out", removed_in="5.0"
    )
    result = run(rule, IMPORT + "make(on=False)\nmake(on=0)\nmake(on=True)\n")
    assert result.fixed == IMPORT + "make()\nmake(on=0)\nmake(on=True)\n"


TESTS = "from django.test import TestCase\n"


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        (TESTS + "class A(TestCase):\n    def test(self):\n        self.assertOld()\n", "proven"),
        (
            "from shop.base import Base\nclass A(Base):\n    def test(self):\n        self.assertOld()\n",
            "proven",
        ),
        (
            "from unknown import Base\nclass A(Base):\n    def test(self):\n        self.assertOld()\n",
            "likely",
        ),
        ("class Mixin:\n    def test(self):\n        super().assertOld()\n", "likely"),
        (TESTS + "def f(case: TestCase):\n    case.assertOld()\n", "proven"),
    ],
)
def test_renamed_method(run: Run, text: str, confidence: str) -> None:
    rule = RenamedMethod(
        "DUR5102", {"assertOld": "assertNew"}, on=["django.test.TestCase"], distinctive=True, removed_in="5.1"
    )
    files = {"shop/__init__.py": "", "shop/base.py": TESTS + "class Base(TestCase): pass\n"}
    result = run(rule, text, files=files)
    assert result.found == [("assertOld", confidence)]
    assert result.fixed == text.replace("assertOld", "assertNew")


def test_renamed_method_of_an_own_class(run: Run) -> None:
    rule = RenamedMethod(
        "DUR5102", {"assertOld": "assertNew"}, on=["django.test.TestCase"], distinctive=True, removed_in="5.1"
    )
    own = "class A:\n    def assertOld(self): pass\n    def test(self):\n        self.assertOld()\n"
    assert run(rule, own).found == []
    guarded = "def test(self):\n    if hasattr(self, 'assertOld'):\n        self.assertOld()\n"
    assert run(rule, TESTS + f"class A(TestCase):\n    {guarded}".replace("\n    ", "\n        ")).found == []


ADMIN = "from django.contrib import admin\nclass A(admin.ModelAdmin):\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def get(self, a): pass", "def get(self, a, request): pass"),
        ("def get(self, a=1): pass", "def get(self, a=1, request=None): pass"),
        (
            "def get(self, a): return super().get(a)",
            "def get(self, a, request): return super().get(a, request=request)",
        ),
    ],
)
def test_added_parameter(run: Run, before: str, after: str) -> None:
    rule = AddedParameter(
        "DUR6014", {"get": ("request", 2)}, on=["django.contrib.admin.ModelAdmin"], removed_in="6.0"
    )
    result = run(rule, f"{ADMIN}    {before}\n")
    assert result.found == [("get", "proven")]
    assert result.fixed == f"{ADMIN}    {after}\n"


@pytest.mark.parametrize(
    "method",
    ["def get(self, a, request): pass", "def get(self, *args): pass", "def get(self, a, **kw): pass"],
)
def test_added_parameter_silence(run: Run, method: str) -> None:
    rule = AddedParameter(
        "DUR6014", {"get": ("request", 2)}, on=["django.contrib.admin.ModelAdmin"], removed_in="6.0"
    )
    assert run(rule, f"{ADMIN}    {method}\n").found == []


def test_removed_parameter_that_is_used_stays(run: Run) -> None:
    rule = RemovedParameter("DUR3009", {"load": "context"}, on=["django.db.models.Field"], removed_in="3.0")
    text = "from django.db import models\nclass F(models.Field):\n    def load(self, value, context): return context\n"
    result = run(rule, text)
    assert result.found == [("context", "proven")] and result.fixed == text


SETTINGS = "mysite/settings.py"


def test_removed_setting(run: Run) -> None:
    rule = RemovedSetting("DUR5001", {"OLD": "drop it"}, droppable={"OLD": [True]}, removed_in="5.0")
    assert run(rule, "A = 1\nOLD = True\n", path=SETTINGS).fixed == "A = 1\n"
    assert run(rule, "A = 1\nOLD = False\n", path=SETTINGS).fixed == "A = 1\nOLD = False\n"
    assert run(rule, "if x:\n    OLD = True\n", path=SETTINGS).fixed == "if x:\n    pass\n"
    assert run(rule, "OLD = True\n", path="shop/views.py").found == []
    read = run(rule, "from django.conf import settings\nx = settings.OLD\ny = getattr(settings, 'OLD', 1)\n")
    assert read.found == [("OLD", "likely")]
    override = "from django.test import override_settings\n@override_settings(OLD=True, B=1)\ndef f(): pass\n"
    assert run(rule, override).fixed == override.replace("OLD=True, ", "")


def test_a_droppable_string(run: Run) -> None:
    rule = RemovedSetting("DUR3106", {"OLD": "drop it"}, droppable={"OLD": ["utf-8", 1]}, removed_in="3.1")
    assert run(rule, 'A = 1\nOLD = "utf-8"\n', path=SETTINGS).fixed == "A = 1\n"
    assert run(rule, "A = 1\nOLD = True\n", path=SETTINGS).fixed == "A = 1\nOLD = True\n"


def test_any_value_of_a_removed_setting(run: Run) -> None:
    rule = RemovedSetting("DUR4020", {"OLD": "drop it"}, droppable={"OLD": [ANY]}, removed_in="4.0")
    assert run(rule, "A = 1\nOLD = f(A)\n", path=SETTINGS).fixed == "A = 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("OLD = 3\n", "NEW = 3 * 60\n"),
        ("OLD = 1 + 2\n", "NEW = (1 + 2) * 60\n"),
        ("OLD = 3\nNEW = 4\n", "OLD = 3\nNEW = 4\n"),
    ],
)
def test_renamed_setting(run: Run, before: str, after: str) -> None:
    rule = RenamedSetting("DUR4011", {"OLD": "NEW"}, value="{} * 60", removed_in="4.0")
    assert run(rule, before, path=SETTINGS).fixed == after


def test_dotted_path(run: Run) -> None:
    rule = DottedPath("DUR6003", {"django.old.Class": "django.new.Other"}, removed_in="6.0")
    text = 'A = ["django.old.Class"]\nB = x == "django.old.Class"\nC = "django.old.Class.more"\n'
    assert run(rule, text).fixed == text.replace('["django.old.Class"]', '["django.new.Other"]')
    assert (
        run(rule, "from django.old import Class as C\nC()\n").fixed
        == "from django.new import Other as C\nC()\n"
    )


def test_dotted_path_under_a_key(run: Run) -> None:
    rule = DottedPath("DUR3008", {"django.old.Class": "django.new.Other"}, key="ENGINE", removed_in="3.0")
    text = 'A = {"ENGINE": "django.old.Class"}\nB = ["django.old.Class"]\n'
    assert run(rule, text).fixed == 'A = {"ENGINE": "django.new.Other"}\nB = ["django.old.Class"]\n'


def test_meta_option(run: Run) -> None:
    rule = RemovedMetaOption("DUR5101", "old_option", advice="drop it", removed_in="5.1")
    model = "from django.db import models\nclass A(models.Model):\n    class Meta:\n        old_option = 1\n"
    assert run(rule, model).found == [("old_option", "proven")]
    assert run(rule, "class Meta:\n    old_option = 1\n").found == []


def test_code_that_is_meant_to_fail_is_no_finding(run: Run) -> None:
    rule = RenamedKeyword("DUR6001", {"django.place.make": {"old": "new"}}, removed_in="6.0")
    text = "def test(self):\n    with self.assertRaises(TypeError):\n        make(old=1)\n"
    assert run(rule, IMPORT + text).found == []

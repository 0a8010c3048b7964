# ruff: noqa: E501 -- sources on one line read better here
"""Rules are called with what they declared, and with nothing else."""

import ast

import pytest

from django_uplift.api import Rule
from django_uplift.engine.dispatch import Dispatch, Typing


class Recorder(Rule):
    """Notes every hook call."""

    def __init__(self, code="DUT0001", **versions):
        super().__init__(code, **versions)
        self.seen = []

    def reference(self, reference, ctx):
        self.seen.append(("reference", reference.name, reference.node.lineno))
        return ()

    def call(self, call, ctx):
        self.seen.append(("call", call.name, call.node.lineno))
        return ()

    def method(self, call, ctx):
        self.seen.append(("method", call.node.func.attr, call.node.lineno))
        return ()

    def setting(self, setting, ctx):
        self.seen.append(("setting", setting.name, ctx.text[setting.place.start : setting.place.end]))
        return ()

    def string(self, node, ctx):
        self.seen.append(("string", node.value, node.lineno))
        return ()

    def node(self, node, ctx):
        self.seen.append(("node", type(node).__name__, node.lineno))
        return ()


def seen(project, tmp_path, text, *, path="app/m.py", files=None, target="5.2", versions=None, **triggers):
    rule = Recorder(**(versions or {}))
    for name, value in triggers.items():
        setattr(rule, name, value)
    engine = project([rule], {path: text, **(files or {})}, target)
    engine.check(tmp_path / path)
    return sorted(rule.seen, key=str)


NAME = "django.utils.encoding.force_text"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from django.utils.encoding import force_text\n", 1),
        ("from django.utils.encoding import force_text as ft\nft(1)\n", 1),
        ("from django.utils import encoding\nencoding.force_text(1)\n", 2),
        ("import django.utils.encoding\ndjango.utils.encoding.force_text\n", 2),
        ("import django.utils.encoding as e\n@e.force_text\ndef f(): pass\n", 2),
        ("from django.utils.encoding import *\nforce_text(1)\n", 2),
    ],
)
def test_references_through_every_import_style(project, tmp_path, text, line):
    assert seen(project, tmp_path, text, names=(NAME,)) == [("reference", NAME, line)]


@pytest.mark.parametrize(
    "text",
    [
        "from other import force_text\nforce_text(1)\n",
        "def force_text(x): pass\nforce_text(1)\n",
        "encoding.force_text(1)\n",
        "x = 'force_text'  # force_text\n",
        "from django.utils.encoding import *\ndef force_text(x): pass\nforce_text(1)\n",
    ],
)
def test_other_things_of_the_same_name_are_no_references(project, tmp_path, text):
    assert seen(project, tmp_path, text, names=(NAME,)) == []


def test_a_removed_module_is_named_by_what_is_imported_from_it(project, tmp_path):
    text = "from django.utils.lru_cache import lru_cache\nimport django.utils.lru_cache\n"
    name = "django.utils.lru_cache"
    assert seen(project, tmp_path, text, names=(name,)) == [("reference", name, 1), ("reference", name, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models import CheckConstraint\nCheckConstraint(check=1)\n",
        "from django.db import models\nmodels.CheckConstraint(check=1)\n",
        "from django.db.models import CheckConstraint as CC\nCC(check=1)\n",
        "from django.contrib.gis.db import models as m\nm.CheckConstraint(check=1)\n",
        "from django.db.models import CheckConstraint\nC = CheckConstraint\nC(check=1)\n",
        "from app.compat import CheckConstraint\nCheckConstraint(check=1)\n",
        "from .compat import *\nCheckConstraint(check=1)\n",
        "from . import compat\ncompat.CC(check=1)  # CheckConstraint\n",
    ],
)
def test_calls_resolve_through_aliases_and_the_projects_own_modules(project, tmp_path, text):
    name = "django.db.models.CheckConstraint"
    compat = "from django.db.models import CheckConstraint\nCC = CheckConstraint\n"
    found = seen(
        project, tmp_path, text, files={"app/__init__.py": "", "app/compat.py": compat}, calls=(name,)
    )
    if "compat.CC" in text:
        assert found == [], "a name that this file does not write is not looked for"
    else:
        assert found == [("call", name, text.count("\n"))]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("config/settings.py", "USE_L10N = True\n", 1),
        ("config/settings/base.py", "USE_L10N = True\n", 1),
        ("conf/prod.py", "from .settings import *\nUSE_L10N = True\nDEBUG = False\n", 1),
        ("conf/common.py", "INSTALLED_APPS = []\nROOT_URLCONF = 'u'\nUSE_L10N = True\n", 1),
        ("app/constants.py", "USE_L10N = True\n", 0),
        ("app/settings.py", "def f():\n    USE_L10N = True\n", 0),
        ("app/m.py", "from django.test import override_settings\n@override_settings(USE_L10N=True)\ndef f(): pass\n", 1),
        ("app/m.py", "from django.conf import settings\nsettings.configure(USE_L10N=True)\n", 1),
        ("app/m.py", "from django.conf import settings\nsettings.USE_L10N = True\n", 1),
        ("app/m.py", "class T:\n    def test(self):\n        with self.settings(USE_L10N=True): pass\n", 1),
        ("app/m.py", "def f(**k): pass\nf(USE_L10N=True)\n", 0),
        ("app/c.py", "from configurations import Configuration\nclass A(Configuration): pass\nclass B(A):\n    USE_L10N = True\n", 1),
    ],
)  # fmt: skip
def test_settings_are_found_where_django_reads_them(project, tmp_path, path, text, expected):
    found = seen(project, tmp_path, text, path=path, settings=("USE_L10N",))
    assert [(kind, name) for kind, name, _ in found] == [("setting", "USE_L10N")] * expected


def test_strings_methods_and_nodes(project, tmp_path):
    text = '"""a.b"""\nx = "a.b"\ny.assertFormError(1)\nawait_ = 1\nasync def f():\n    await g()\n'
    found = seen(
        project,
        tmp_path,
        text,
        strings=("a.b",),
        methods=("assertFormError",),
        nodes=(ast.Await,),
        words=("await",),
    )
    assert found == [("method", "assertFormError", 3), ("node", "Await", 6), ("string", "a.b", 2)]


def test_without_its_words_a_file_is_not_parsed(project, tmp_path, monkeypatch):
    monkeypatch.setattr("django_uplift.engine.run._SPARE", 0)
    rule = Recorder()
    rule.names, rule.words = (NAME,), ("special",)
    engine = project([rule], {"a.py": "from django.utils.encoding import force_text\n((("})
    assert engine.check(tmp_path / "a.py").problem is None
    engine = project([rule], {"a.py": "from django.utils.encoding import force_text  # special\n((("})
    assert engine.check(tmp_path / "a.py").problem is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("try:\n    from django.utils.encoding import force_str\nexcept ImportError:\n    from django.utils.encoding import force_text\n", 0),
        ("import django\nif django.VERSION < (3, 0):\n    from django.utils.encoding import force_text\n", 0),
        ("import django\nif django.VERSION >= (3, 0):\n    from django.utils.encoding import force_text\n", 1),
    ],
)  # fmt: skip
def test_guarded_code_is_left_alone(project, tmp_path, text, expected):
    found = seen(
        project, tmp_path, text, names=(NAME,), versions={"deprecated_in": "3.0", "removed_in": "4.0"}
    )
    assert len(found) == expected


class Reachable(Rule):
    """A reference rule, with or without a look at the bytes."""

    names = ("django.conf.urls.url",)

    def __init__(self, code="DUT0001", look=True):
        super().__init__(code)
        self.look = look

    def prefilter(self, data):
        return self.look


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from django.conf.urls import url", True),
        ("import django.conf.urls as u\nu.url", True),
        ("from django.conf import (\n    settings,\n    urls,\n)\nurls.url", True),
        ("from django.conf import \\\n    urls\nurls.url", True),
        ("from django import conf\nconf.urls.url", True),
        ("from django.conf import settings\nurls = [url]\n", False),
        ("from django.urls import path\nurl = 1", False),
        ("from django.conf.urls import include", False),
    ],
)
def test_a_file_that_cannot_reach_a_name_is_not_parsed_for_it(text, expected):
    assert bool(Dispatch([Reachable()]).concerned(text.encode())) is expected
    assert Dispatch([Reachable(look=False)]).concerned(text.encode()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from django.db import models\nmodels.CheckConstraint()", True),
        ("from django.contrib.gis.db import models\nmodels.CheckConstraint()", True),
        ("from django.db.models.constraints import CheckConstraint", True),
        ("from .compat import CheckConstraint", True),
        ("from .compat import *\nCheckConstraint()", True),
        ("class CheckConstraint: pass", False),
    ],
)
def test_a_callable_may_come_through_another_module(text, expected):
    rule = Rule("DUT0001")
    rule.calls = ("django.db.models.CheckConstraint",)
    assert bool(Dispatch([rule]).concerned(f"{text}\nCheckConstraint()".encode())) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from django.db.models import Q\nQ()", True),
        ("from django.db.models import Q\nQ \\\n (1)", True),
        ("from django.db.models import Q as C\nC()", True),
        ("from django.db.models import (\n    Q as C,\n)\nC()", True),
        ("from django.db import models\nC = models.Q\nC()", True),
        ("from django.db import models\nx = y = models.Q  # alias\nx()", True),
        ("from django.db.models import Q\n@Q\ndef f(): pass", False),
        ("from django.db.models import Q\nx: Q\ny = [Q]", False),
    ],
)
def test_a_callable_that_is_not_called_is_not_looked_for(text, expected):
    rule = Rule("DUT0001")
    rule.calls = ("django.db.models.Qq",)
    assert bool(Dispatch([rule]).concerned(text.replace("Q", "Qq").encode())) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.old()", True),
        ("x\\\n  .old (1)", True),
        ("(x.  # why\n old(1))", True),
        ("old()", False),
        ("x.old", False),
        ("x.older()", False),
    ],
)
def test_a_method_is_looked_for_where_it_is_called(text, expected):
    rule = Rule("DUT0001")
    rule.methods = ("old",)
    assert bool(Dispatch([rule]).concerned(text.encode())) is expected


def test_typing_is_followed_where_it_happens(project, tmp_path):
    """A rule that concerned the file before stays, one that the edit concerns comes, the rest is not looked at."""
    first, second = Recorder("DUT0001"), Recorder("DUT0002")
    first.methods, second.methods = ("save",), ("load",)
    dispatch = Dispatch([first, second])
    before = b"x.save(1)\n" + b"y = 1\n" * 200
    known = Typing(before, frozenset(dispatch.concerned(before)))
    assert known.rules == {first}
    after = before + b"z.load(2)\n"
    assert dispatch.still_concerned(after, known).rules == {first, second} == set(dispatch.concerned(after))
    gone = before.removeprefix(b"x.save(1)\n")
    assert not dispatch.still_concerned(gone, known).rules and not dispatch.concerned(gone)

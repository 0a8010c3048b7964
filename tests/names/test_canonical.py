"""Django's re-exports: what is one thing has one name, and what is not one thing has not."""

from __future__ import annotations

import json
import subprocess

import pytest

from django_uplift.names.canonical import _PUBLIC_HOME, _PUBLIC_NAMES, canonical, spellings
from tests.django import envs


@pytest.mark.parametrize(
    ("name", "documented"),
    [
        ("django.db.models.constraints.CheckConstraint", "django.db.models.CheckConstraint"),
        ("django.db.models.fields.related.ForeignKey", "django.db.models.ForeignKey"),
        ("django.contrib.gis.db.models.CharField", "django.db.models.CharField"),
        ("django.db.models.query.QuerySet.count", "django.db.models.QuerySet.count"),
        ("django.test.testcases.TestCase", "django.test.TestCase"),
        ("django.views.generic.base.View", "django.views.View"),
        ("django.views.generic.edit.CreateView", "django.views.generic.CreateView"),
        ("django.core.management.BaseCommand", "django.core.management.base.BaseCommand"),
        ("django.dispatch.dispatcher.Signal", "django.dispatch.Signal"),
        ("django.contrib.gis.admin.ModelAdmin.get_actions", "django.contrib.admin.ModelAdmin.get_actions"),
        ("django.db.models.CharField", "django.db.models.CharField"),
        ("shop.models.Order", "shop.models.Order"),
    ],
)
def test_documented_name(name: str, documented: str) -> None:
    assert canonical(name) == documented
    assert canonical(documented) == documented


@pytest.mark.parametrize(
    "name",
    [
        # Measures a geometry; the function of the other name measures a text.
        "django.contrib.gis.db.models.functions.Length",
        "django.db.models.fields.related_descriptors.ForeignKeyDeferredAttribute",
        "django.conf.urls.url",
    ],
)
def test_submodules_keep_their_names(name: str) -> None:
    assert canonical(name) == name


def test_the_two_lengths_differ() -> None:
    gis, text = "django.contrib.gis.db.models.functions.Length", "django.db.models.functions.text.Length"
    assert canonical(gis) != canonical(text) == "django.db.models.functions.Length"


def test_spellings_lead_back() -> None:
    for home in set(_PUBLIC_HOME.values()):
        assert spellings(home)[0] == home
        assert all(canonical(f"{module}.Name") == canonical(f"{home}.Name") for module in spellings(home))


_PROBE = """
import importlib, json, sys
homes, names = json.load(sys.stdin)
def load(path):
    try:
        return importlib.import_module(path)
    except Exception:
        return None
wrong = []
for module, home in homes.items():
    inner, outer = load(module), load(home)
    if inner is None or outer is None:
        continue
    for name, value in vars(inner).items():
        if getattr(value, "__module__", None) == module and hasattr(outer, name):
            if getattr(outer, name) is not value:
                wrong.append(f"{module}.{name} is not {home}.{name}")
for old, new in names.items():
    (m1, _, n1), (m2, _, n2) = old.rpartition("."), new.rpartition(".")
    inner, outer = load(m1), load(m2)
    if inner is not None and outer is not None and getattr(inner, n1, None) is not getattr(outer, n2, None):
        wrong.append(f"{old} is not {new}")
print(json.dumps(wrong))
"""


@pytest.mark.django
@pytest.mark.parametrize("release", ["4.2", "6.1"])
def test_django_agrees(release: str) -> None:
    """No two things that a release tells apart get one name. (GeoDjango can't be imported without GDAL.)"""
    try:
        python = envs.environment(release)
    except envs.Unavailable as error:
        pytest.skip(f"NOT TRIED: {error}")
    setup = (
        "import django.conf as c, django; c.settings.configure(INSTALLED_APPS=['django.contrib.contenttypes', \
'django.contrib.auth', 'django.contrib.admin']); django.setup()\n"
    )
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", setup + _PROBE],
        input=json.dumps([_PUBLIC_HOME, _PUBLIC_NAMES]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == []

"""What the release that a project comes from changes: defaults that are new to it, and fixes that would break it."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.rules.harness import registry

URL = "from django import forms\n\nlink = forms.URLField()\n"
SETTINGS = 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n'
FORM = "<table>{{ form }}</table>\n"
AGGREGATE = "from django.contrib.postgres.aggregates import ArrayAgg\n\nnumbers = ArrayAgg('pk')\n"
RENAMED = 'from django.db.models import CheckConstraint, Q\n\nc = CheckConstraint(check=Q(a=1), name="c")\n'


def engine(root: Path, target: str, origin: str | None) -> Engine:
    overrides = {"target_version": target, "from_version": origin, "select": ("upgrade", "templates")}
    return Engine(registry(), Workspace(FileStore(), overrides, isolated=True, base=root))


@pytest.mark.parametrize(
    ("code", "file", "text", "before", "changed"),
    [
        ("DUR6016", "shop/forms.py", URL, "5.2", "6.0"),
        ("DUR5020", "shop/settings.py", SETTINGS, "4.2", "5.0"),
        ("DUR5024", "shop/queries.py", AGGREGATE, "4.2", "5.0"),
        ("DUT0008", "shop/templates/form.html", FORM, "4.2", "5.0"),
    ],
)
def test_a_new_default_is_told_to_those_to_whom_it_is_new(
    tmp_path: Path, code: str, file: str, text: str, before: str, changed: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(text)

    def told(target: str, origin: str | None) -> bool:
        found = engine(tmp_path, target, origin).check(path).findings
        return any(finding.rule.code == code for finding in found)

    assert told(before, None)
    assert told(changed, before), "it comes from a release with the old default"
    assert not told(changed, None), "new code may want the new default"
    assert not told(changed, changed)


def test_the_setting_that_chose_the_new_default_is_believed(tmp_path: Path) -> None:
    (tmp_path / "forms.py").write_text(URL)
    (tmp_path / "settings.py").write_text("FORMS_URLFIELD_ASSUME_HTTPS = True\n")
    assert not engine(tmp_path, "5.2", None).check(tmp_path / "forms.py").findings
    assert not engine(tmp_path, "6.0", "5.2").check(tmp_path / "forms.py").findings


@pytest.mark.parametrize(("origin", "fixed"), [("5.0", False), ("5.1", True), (None, True)])
def test_a_keyword_that_the_release_in_use_lacks_is_not_written_without_asking(
    tmp_path: Path, origin: str | None, fixed: bool
) -> None:
    path = tmp_path / "models.py"
    path.write_text(RENAMED)
    made = engine(tmp_path, "6.0", origin).fix_text(path, RENAMED, unsafe=False).text
    assert ("condition=" in made) is fixed
    assert "condition=" in engine(tmp_path, "6.0", origin).fix_text(path, RENAMED, unsafe=True).text


@pytest.mark.parametrize(("requirement", "found"), [("Django>=5.2\n", True), ("", False)])
def test_a_branch_is_dead_only_if_something_says_which_django_it_is_for(
    tmp_path: Path, requirement: str, found: bool
) -> None:
    (tmp_path / "requirements.txt").write_text(requirement)
    path = tmp_path / "compat.py"
    path.write_text(
        "import django\n\nif django.VERSION < (4, 2):\n    NAME = 'old'\nelse:\n    NAME = 'new'\n"
    )
    workspace = Workspace(FileStore(), {"select": ("clean-ups",)}, isolated=True, base=tmp_path)
    assert bool(Engine(registry(), workspace).check(path).findings) is found

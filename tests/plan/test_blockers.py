"""Packages and Python versions that stand in a hop's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.django.releases import Release
from django_uplift.plan.blockers import (
    Declarations,
    installed_blockers,
    package_blockers,
    python_blockers,
    read_declarations,
)
from django_uplift.plan.model import PackageBlocker
from django_uplift.project.files import FileStore

D32, D42, D52, D61 = (Release.parse(text) for text in ("3.2", "4.2", "5.2", "6.1"))


def packages(folder: Path, requirement: str, before: Release, after: Release) -> list[PackageBlocker]:
    (folder / "requirements.txt").write_text(requirement + "\n")
    found = Declarations.of(read_declarations([folder], FileStore(), None)).packages
    return list(package_blockers(found, before, after, lambda path: path.name))


@pytest.mark.parametrize(
    "requirement",
    [
        "django-old==4.0",
        "django-old==4.7",  # Between the first and the last that declare it.
        "django-old==9.1",  # Newer than what is known.
        "django-old",
        "django-old>=1.0",
        "django-old>=1.0,<4.1",
        "django-old~=4.2",
        "other-package==1.0",
        "django-old @ git+https://example.org/django-old",
    ],
)
def test_what_reaches_a_release_that_declares_it_is_quiet(folder: Path, requirement: str) -> None:
    assert packages(folder, requirement, D42, D52) == []


@pytest.mark.parametrize(
    "requirement", ["django-old==3.9", "django-old<4", "Django_Old~=2.0", "django-old>=1,<4.0"]
)
def test_what_does_not_reach_one_needs_it(folder: Path, requirement: str) -> None:
    (blocker,) = packages(folder, requirement, D42, D52)
    assert (blocker.name, blocker.needs, blocker.path, blocker.line) == (
        "django-old",
        "4.0",
        "requirements.txt",
        1,
    )
    assert blocker.blocks and blocker.possible_before, "4.0 to 8.0 declare both"


def test_nothing_is_said_of_what_is_not_known(folder: Path) -> None:
    assert packages(folder, "django-old==1.0", D32, Release.parse("4.1")) == []
    assert not packages(folder, "django-old==1.0", D32, D42)[0].possible_before


def test_a_package_that_no_release_of_declares_it(folder: Path) -> None:
    (unsure,) = packages(folder, "django-lazy==1.5", D42, D52)
    assert unsure.needs is None and unsure.allowed and not unsure.blocks
    (gone,) = packages(folder, "django-gone", D42, D52)
    assert gone.needs is None and not gone.allowed and gone.blocks


def test_a_lock_speaks_before_a_range(folder: Path) -> None:
    (folder / "uv.lock").write_text('version = 1\n\n[[package]]\nname = "django-old"\nversion = "3.0"\n')
    (blocker,) = packages(folder, "django-old>=1.0", D42, D52)
    assert (blocker.path, blocker.declared) == ("uv.lock", "django-old 3.0")


METADATA = "Metadata-Version: 2.1\nName: Some.Thing\nVersion: 1.4\n{}\n\nRequires-Dist: Django<1\n"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "Classifier: Framework :: Django :: 3.2\nClassifier: Framework :: Django :: 4.2",
            "declares Django up to 4.2",
        ),
        ("Requires-Dist: Django<5.0,>=3.2", "requires Django <5.0,>=3.2"),
        ("Requires-Dist: django (>=3.2,<5)", "requires Django <5,>=3.2"),
        ("Classifier: Framework :: Django :: 5.2\nRequires-Dist: Django>=4.2", None),
        ("Classifier: Framework :: Django :: 6.0", None),
        ("Requires-Dist: Django>=3.2", None),
        ("Requires-Dist: Django~=5.2.3", None),
        ('Requires-Dist: Django<5.0; extra == "old"', None),
        ("Requires-Dist: django-other<5.0", None),
        ("Classifier: Framework :: Django", None),
    ],
)
def test_installed_packages_speak_for_themselves(folder: Path, lines: str, says: str | None) -> None:
    info = folder / ".venv/lib/python3.12/site-packages/some_thing-1.4.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA.format(lines))
    found = Declarations.of(read_declarations([folder], FileStore(), None)).installed
    blockers = list(installed_blockers(found, D52, lambda path: path.name))
    assert [blocker.says for blocker in blockers] == ([] if says is None else [says])
    for blocker in blockers:
        assert (blocker.name, blocker.declared) == ("some-thing", "some-thing 1.4")
        assert blocker.blocks == blocker.says.startswith("requires")


def test_what_was_installed_out_of_a_folder_is_the_project_itself(folder: Path) -> None:
    info = folder / ".venv/lib/python3.12/site-packages/shop-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA.format("Requires-Dist: Django<5.0"))
    (info / "direct_url.json").write_text('{"dir_info": {"editable": true}, "url": "file:///shop"}')
    assert Declarations.of(read_declarations([folder], FileStore(), None)).installed == ()


def test_pythons(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = ">=3.10"\n')
    (folder / ".python-version").write_text("3.12.4\n")
    found = Declarations.of(read_declarations([folder], FileStore(), None)).pythons
    assert [*python_blockers(found, D42, D52, str)] == []
    (blocker,) = python_blockers(found, D52, D61, lambda path: path.name)
    assert (blocker.path, blocker.line, blocker.needs, blocker.possible_before) == (
        "pyproject.toml",
        3,
        "3.12",
        True,
    )
    (together,) = python_blockers(found, D32, D61, str)
    assert not together.possible_before, "3.2 never ran on Python 3.12"

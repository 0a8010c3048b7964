"""What the project's files say about a word, by regular expressions."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.project.mentions import Mentions

MODELS = """\
from django.db import models


class Page(models.Model):
    tags = models.ManyToManyField(
        "Tag",
        related_name="pages",
    )
    notes: object = GenericRelation("Note")
    data = models.JSONField()
    site = models.ForeignKey("Site", models.CASCADE, related_name='all_pages')
    other = ParentalKey("Site", related_name="kept_apart")
    first = models.OneToOneField("Site", models.CASCADE, related_name="first_page")
"""
SETTINGS = "ASSUME_HTTPS = True\nLEGACY = False\nASKED == 1\nAGAIN: bool = bool(1)\n"


@pytest.fixture
def mentions(tmp_path: Path) -> Mentions:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    paths = [tmp_path / "models.py", tmp_path / "settings.py", tmp_path / "gone.py"]
    return Mentions(FileStore(), paths, tmp_path, None)


def test_relations_to_many_are_known_by_name(mentions: Mentions) -> None:
    assert mentions.relations == {"tags", "pages", "notes", "all_pages"}


def test_fields_are_known_by_kind(mentions: Mentions) -> None:
    assert mentions.fields("JSONField") == {"data"}
    assert mentions.fields("UUIDField") == frozenset()


def test_relations_to_many_take_one_look_at_each_file(tmp_path: Path) -> None:
    """And whoever watches is told of every file, also of those that hold none."""
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    store, asked = FileStore(), list[str]()
    store.watch = lambda kind, path, answer: asked.append(kind + Path(path).name)
    mentions = Mentions(store, [tmp_path / "models.py", tmp_path / "settings.py"], tmp_path, None)
    assert mentions.relations
    assert mentions.fields("ManyToManyField") == {"tags"}
    assert mentions.fields("GenericRelation") == {"notes"}
    assert asked == ["rmodels.py", "rsettings.py"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("ASSUME_HTTPS", True), ("AGAIN", True), ("LEGACY", False), ("ASKED", False), ("MISSING", False)],
)
def test_a_setting_is_set_to_something(mentions: Mentions, word: str, expected: bool) -> None:
    assert mentions.sets(word) is expected


def test_a_text_is_held(mentions: Mentions) -> None:
    assert mentions.holds("GenericRelation(")
    assert not mentions.holds("cx_Oracle")

"""`make new-rule`: what it writes is a rule that loads, and whose examples fail until they are filled in."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from django_uplift.dev import new_rule
from django_uplift.dev.new_rule import KINDS, Refused, make, next_code
from django_uplift.engine.pages import parse_page
from django_uplift.engine.rule import Rule


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """An empty family of an empty pack."""
    folder = tmp_path / "pack" / "upgrade"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    return folder


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_written_loads(family: Path, kind: str) -> None:
    module, page = make(family, "DUR6199", "some-thing", kind)
    assert (module.name, page.name) == ("some_thing.py", "some_thing.md")
    spec = importlib.util.spec_from_file_location("some_thing", module)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    assert isinstance(loaded.rule, Rule) and loaded.rule.code == "DUR6199"
    example, ok = parse_page(page.read_text()).examples
    assert example.bad and example.fixed and not ok.bad
    assert example.block.marks[0].code == "DUR6199"


@pytest.mark.parametrize(
    ("code", "slug", "message"),
    [
        ("X1", "thing", "no code"),
        ("DUR6101", "Some Thing", "no slug"),
        ("DUR6101", "taken", "exists already"),
        ("DUR4001", "thing", "never used twice"),
    ],
)
def test_refusals_write_nothing(family: Path, code: str, slug: str, message: str) -> None:
    (family / "taken.py").write_text('rule = Rule("DUR4001")')
    before = sorted(family.iterdir())
    with pytest.raises(Refused, match=message):
        make(family, code, slug, "moved-name")
    assert sorted(family.iterdir()) == before


def test_an_unknown_family_is_refused(family: Path) -> None:
    with pytest.raises(Refused, match="no family"):
        make(family.parent / "nothing", "DUR6101", "thing", "moved-name")


def test_the_next_code_is_behind_the_last(family: Path) -> None:
    (family / "one.py").write_text('rule = Rule("DUR6104")')
    assert next_code(family.parent, "DUR61") == "DUR6105"
    assert next_code(family.parent, "DUR50") == "DUR5001"


@pytest.mark.parametrize(
    ("arguments", "code", "versions", "noted"),
    [
        (["--removed-in", "5.1"], "DUR5101", ("4.2", "5.1"), "releases/5.1/#features-removed-in-5-1"),
        (["--removed-in", "7.0"], "DUR7001", ("6.1", "7.0"), "releases/6.1/#features-deprecated-in-6-1"),
        (
            ["--removed-in", "2.0", "--deprecated-in", "1.9"],
            "DUR2001",
            ("1.9", "2.0"),
            "releases/2.0/#features-removed-in-2-0",
        ),
    ],
)
def test_the_removal_decides_the_code_and_is_filled_in(
    family: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: str,
    versions: tuple[str, str],
    noted: str,
) -> None:
    monkeypatch.setattr(new_rule, "RULES", family.parent)
    (family / "other.py").write_text('rule = Rule("DUR6104")')
    monkeypatch.setattr(Path, "relative_to", lambda path, _: path)
    assert new_rule.main([*arguments, "some-thing"]) == 0
    text = (family / "some_thing.py").read_text()
    assert f'"{code}"' in text
    assert f'deprecated_in="{versions[0]}",\n    removed_in="{versions[1]}"' in text
    assert noted in text and noted in (family / "some_thing.md").read_text()

"""Rules are remembered by what they declare, and imported when their words occur."""

import json
import sys

import pytest

from django_uplift.engine import registry
from django_uplift.engine.manifest import Listed, rules_of

RULE = """
from django_uplift.api import Rule

class Found(Rule):
    methods = ("{word}",)
    def method(self, call, ctx):
        yield self.finding(ctx, call.node, "found")

rule = Found("{code}", deprecated_in="4.2", removed_in="5.0")
"""


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A pack with two rules, and an empty cache folder."""
    name = f"pack_{tmp_path.name.replace('-', '_')}"
    family = tmp_path / name / "some_family"
    family.mkdir(parents=True)
    (family.parent / "__init__.py").write_text("")
    (family / "__init__.py").write_text("")
    (family / "first_rule.py").write_text(RULE.format(word="first", code="DUT9001"))
    (family / "second_rule.py").write_text(RULE.format(word="second", code="DUT9002"))
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(tmp_path)
    return name, family


def forget(name):
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]


def kept(tmp_path):
    (place,) = (tmp_path / "cache").glob("rules-*.json")
    return place


def test_the_second_run_imports_what_its_files_ask_for(pack, tmp_path, project):
    name, _ = pack
    first = registry.load_pack(name)
    forget(name)
    rules = registry.load_pack(name)
    assert [type(rule) for rule in rules] == [Listed, Listed]
    assert set(rules) == set(first)
    assert not [module for module in sys.modules if module.startswith(name)]
    engine = project(rules, {"app/m.py": "x.second(1)\n"}, "5.2")
    (finding,) = engine.check(tmp_path / "app/m.py").findings
    assert (finding.rule.slug, finding.rule.family, str(finding.severity)) == (
        "second-rule",
        "some-family",
        "error",
    )
    assert f"{name}.some_family.second_rule" in sys.modules
    assert f"{name}.some_family.first_rule" not in sys.modules


def test_what_is_remembered_says_what_the_rules_say(monkeypatch, tmp_path):
    """Our own pack: no attribute that the engine asks for without loading a rule differs."""
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path))
    real = registry.load_pack("django_uplift_rules")
    listed = registry.load_pack("django_uplift_rules")
    assert len(real) == len(listed) > 100
    for rule, known in zip(real, listed, strict=True):
        assert isinstance(known, Listed)
        assert known.load() is not known
        for name in (
            *("code", "slug", "family", "module", "default", "is_asked", "link"),
            *("deprecated_in", "removed_in", "replacement_since", "until", "changes_meaning"),
        ):
            assert getattr(known, name) == getattr(rule, name), name
        for name in ("names", "calls", "methods", "settings", "strings", "words", "any_words", "languages"):
            assert list(getattr(known, name)) == list(getattr(rule, name)), name


def test_a_rule_that_comes_goes_or_changes_is_seen(pack, tmp_path):
    name, family = pack
    registry.load_pack(name)
    (family / "third_rule.py").write_text(RULE.format(word="third", code="DUT9003"))
    (family / "second_rule.py").unlink()
    (family / "first_rule.py").write_text(RULE.format(word="changed", code="DUT9001"))
    forget(name)
    rules = registry.load_pack(name)
    assert [(rule.code, tuple(rule.methods)) for rule in rules] == [
        ("DUT9001", ("changed",)),
        ("DUT9003", ("third",)),
    ]
    kept(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"x": 1}', b"\xff\x00", b"[" * 100_000])
def test_a_damaged_manifest_is_none(pack, tmp_path, damage, caplog):
    name, _ = pack
    registry.load_pack(name)
    kept(tmp_path).write_bytes(damage)
    forget(name)
    assert [rule.code for rule in registry.load_pack(name)] == ["DUT9001", "DUT9002"]
    assert "read anew" in caplog.text
    assert "DUT9001" in kept(tmp_path).read_text()


def test_a_manifest_names_no_modules_of_its_own(pack, tmp_path):
    name, _ = pack
    registry.load_pack(name)
    entries = json.loads(kept(tmp_path).read_text())
    entries["os"] = next(iter(entries.values()))
    kept(tmp_path).write_text(json.dumps(entries))
    assert len(registry.load_pack(name)) == 2


def test_without_a_folder_for_it_nothing_is_kept(pack, monkeypatch, tmp_path):
    name, family = pack
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", "relative")
    monkeypatch.chdir(tmp_path)
    assert not any(isinstance(rule, Listed) for rule in rules_of(name, [str(family.parent)]))
    assert not (tmp_path / "relative").exists()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "file"))
    assert len(registry.load_pack(name)) == 2


@pytest.mark.parametrize(
    "damage",
    ["raise SystemExit(3)", "import no_such_module", "def (", "rule = 5", "1 / 0"],
)
def test_a_rule_that_cannot_be_imported_costs_itself_alone(pack, damage):
    name, family = pack
    (family / "broken_rule.py").write_text(damage)
    for _ in range(2):  # with nothing remembered, and with what the first time left behind
        missing = []
        assert [rule.code for rule in registry.load_pack(name, missing.append)] == ["DUT9001", "DUT9002"]
        (sentence,) = missing
        assert "broken_rule" in sentence
        forget(name)


def test_a_pack_that_is_no_package_costs_itself_alone(pack, tmp_path, monkeypatch):
    name, family = pack
    monkeypatch.setattr(registry, "_packages", lambda: ["no_such_pack", name, f"{name}.gone.pack", "os.path"])
    found = registry.load()
    assert [rule.code for rule in found.rules] == ["DUT9001", "DUT9002"]
    assert len(found.missing) == 3
    (family.parent / "__init__.py").write_text("raise RuntimeError('no')")
    forget(name)
    assert registry.load().rules == ()


def test_of_two_rules_with_one_code_the_first_stays(pack, monkeypatch):
    name, family = pack
    (family / "third_rule.py").write_text(RULE.format(word="third", code="DUT9001"))
    monkeypatch.setattr(registry, "_packages", lambda: [name])
    found = registry.load()
    assert [rule.slug for rule in found.rules] == ["first-rule", "second-rule"]
    assert "third_rule" in found.missing[0] and "first_rule" in found.missing[0]


def test_a_rule_that_breaks_after_it_was_listed_is_reported_once(pack, tmp_path, project, caplog):
    """Its declarations are remembered, and its module is imported when its words occur: that may fail."""
    name, family = pack
    registry.load_pack(name)
    forget(name)
    rules = registry.load_pack(name)
    broken = family / "second_rule.py"
    broken.write_text("raise ImportError('gone')")
    engine = project(rules, {"app/m.py": "x.second(1)\nx.first(1)\n", "app/n.py": "x.second(1)\n"}, "5.2")
    (finding,) = engine.check(tmp_path / "app/m.py").findings
    assert finding.rule.slug == "first-rule"
    assert engine.check(tmp_path / "app/n.py").findings == ()
    assert [record.message for record in caplog.records if "DUT9002" in record.message] == [
        f"rule DUT9002 (second-rule) failed on {tmp_path / 'app/m.py'}"
    ]


def test_a_rule_that_raises_when_it_is_asked_costs_itself_alone(pack, tmp_path, project, caplog):
    name, family = pack
    text = RULE.format(word="second", code="DUT9002")
    asked = "    def concerns(self, data, words, target):\n        raise KeyError('a mistake')\n"
    (family / "second_rule.py").write_text(text.replace("    def method", asked + "    def method"))
    engine = project(registry.load_pack(name), {"app/m.py": "x.second(1)\nx.first(1)\n"}, "5.2")
    (finding,) = engine.check(tmp_path / "app/m.py").findings
    assert finding.rule.slug == "first-rule"
    assert "rule DUT9002 (second-rule) failed" in caplog.text


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "denied")])
def test_a_cache_that_cannot_be_written_is_done_without(pack, tmp_path, monkeypatch, error):
    name, _ = pack

    def refuse(*_):
        raise error

    monkeypatch.setattr("django_uplift.engine.manifest.write_atomic", refuse)
    assert len(registry.load_pack(name)) == 2
    assert not list((tmp_path / "cache").glob("*"))

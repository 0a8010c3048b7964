"""The engine's own promises: severity from versions, suppressions, isolation of rules, fixes to convergence."""

import ast

import pytest

from django_uplift.api import Confidence, Finding, Rule, Severity
from django_uplift.engine.fixes import MAX_ROUNDS, render
from django_uplift.engine.registry import Registry, RegistryError, load
from django_uplift.text.edits import apply_edits


class OldName(Rule):
    """Reports a name, and replaces it by another."""

    names = ("django.old.thing",)

    def __init__(self, code="DUT0001", new="new", **versions):
        super().__init__(code, **versions)
        self.new = new

    def reference(self, reference, ctx):
        if isinstance(reference.node, ast.Attribute):
            yield self.finding(
                ctx, reference.node, "old", ctx.fix("Replace", ctx.replace(reference.node, self.new))
            )


TEXT = "from django import old\nx = old.thing\n"


@pytest.mark.parametrize(
    ("target", "severity", "deprecated"),
    [
        ("3.2", Severity.HINT, True),
        ("4.2", Severity.WARNING, True),
        ("5.0", Severity.WARNING, True),
        ("5.1", Severity.ERROR, False),
        ("6.1", Severity.ERROR, False),
    ],
)
def test_severity_follows_from_the_versions(project, tmp_path, target, severity, deprecated):
    engine = project([OldName(deprecated_in="4.2", removed_in="5.1")], {"a.py": TEXT}, target)
    (finding,) = engine.check(tmp_path / "a.py").findings
    assert (finding.severity, finding.deprecated) == (severity, deprecated)


@pytest.mark.parametrize(("origin", "expected"), [("5.0", 1), ("5.1", 0), ("5.2", 0)])
def test_what_was_removed_before_the_project_came_from_there_is_not_looked_for(
    project, tmp_path, origin, expected
):
    rule = OldName(deprecated_in="4.2", removed_in="5.1")
    engine = project([rule], {"a.py": TEXT}, "6.1", from_version=origin)
    assert len(engine.check(tmp_path / "a.py").findings) == expected


@pytest.mark.parametrize(
    ("target", "origin", "expected"),
    [
        ("4.2", None, 1),
        ("5.1", None, 0),
        ("5.1", "5.0", 1),
        ("5.1", "5.1", 0),
        ("6.1", "4.2", 1),
        ("6.1", None, 0),
    ],
)
def test_what_means_something_else_is_reported_to_those_who_come_from_before(
    project, tmp_path, target, origin, expected
):
    rule = OldName(deprecated_in="4.2", removed_in="5.1", changes_meaning=True)
    engine = project([rule], {"a.py": TEXT}, target, from_version=origin)
    assert len(engine.check(tmp_path / "a.py").findings) == expected


@pytest.mark.parametrize(("target", "expected"), [("4.2", 1), ("5.1", 1), ("5.2", 0), ("6.1", 0)])
def test_nothing_is_said_from_the_release_on_that_ends_it(project, tmp_path, target, expected):
    rule = OldName(deprecated_in="4.2", removed_in="5.1", until="5.2")
    assert len(project([rule], {"a.py": TEXT}, target).check(tmp_path / "a.py").findings) == expected


@pytest.mark.parametrize(
    ("origin", "safety"), [(None, "safe"), ("4.2", "unsafe"), ("5.0", "safe"), ("5.1", "safe")]
)
def test_a_fix_that_breaks_the_version_in_use_is_not_safe(project, tmp_path, origin, safety):
    rule = OldName(deprecated_in="4.2", removed_in="5.2", replacement_since="5.0")
    engine = project([rule], {"a.py": TEXT}, "5.2", from_version=origin)
    (fix,) = engine.check(tmp_path / "a.py").findings[0].fixes
    assert fix.safety.value == safety
    assert ("needs Django 5.0, and the project comes from 4.2" in fix.label) == (safety == "unsafe")
    fixed = engine.fix_text(tmp_path / "a.py", TEXT, unsafe=False)
    assert (fixed.text == TEXT) == (safety == "unsafe")


def test_a_fix_newer_than_the_target_is_not_offered(project, tmp_path):
    rule = OldName(deprecated_in="4.2", removed_in="5.1", replacement_since="5.0")
    assert not project([rule], {"a.py": TEXT}, "4.2").check(tmp_path / "a.py").findings[0].fixes
    assert project([rule], {"a.py": TEXT}, "5.0").check(tmp_path / "a.py").findings[0].fixes


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["warning"]),
        ({"ignore": ("rule-0",)}, []),
        ({"ignore": ("DUT",)}, []),
        ({"ignore": ("DUT",), "extend_select": ("DUT0001",)}, ["warning"]),
        ({"select": ("test",)}, ["warning"]),
        ({"select": ("DUT0002",)}, []),
        ({"per_file_ignores": {"a.py": ("test",)}}, []),
        ({"per_file_ignores": {"b*": ("test",)}}, ["warning"]),
        ({"severity": {"DUT": "error"}}, ["error"]),
        ({"severity": {"rule-0": "off"}}, []),
    ],
)
def test_settings_choose(project, tmp_path, options, expected):
    engine = project([OldName(), OldName("DUT0002")], {"a.py": TEXT}, **options)
    found = [f for f in engine.check(tmp_path / "a.py").findings if f.rule.code == "DUT0001"]
    assert [str(f.severity) for f in found] == expected


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("x = old.thing  # noqa: DUT0001", 0),
        ("x = old.thing  # noqa", 0),
        ("x = old.thing  # noqa: E501", 1),
        ("x = old.thing  # django-uplift: ignore[rule-0]", 0),
        ("x = old.thing  # django-uplift: ignore[other]", 1),
        ("x = (\n    old.thing\n)  # django-uplift: ignore[rule-0]", 0),
        ("# django-uplift: ignore[rule-0]\nx = old.thing", 0),
        ("# django-uplift: ignore-file[rule-0]\n\nx = 1\nx = old.thing", 0),
        ("x = 1  # noqa: DUT0001\ny = old.thing", 1),
    ],
)
def test_suppressions(project, tmp_path, line, left):
    engine = project([OldName()], {"a.py": f"from django import old\n{line}\n"})
    found = engine.check(tmp_path / "a.py").findings
    assert len([f for f in found if f.rule.code == "DUT0001"]) == left


class Broken(Rule):
    """Raises."""

    names = ("django.old.thing",)

    def reference(self, reference, ctx):
        raise RuntimeError("oops")
        yield


def test_a_rule_that_raises_costs_nothing_but_itself(project, tmp_path):
    errors = []
    engine = project([Broken("DUT0009"), OldName()], {"a.py": TEXT})
    engine._on_error = lambda rule, path, error: errors.append((rule.code, path, str(error)))
    assert [f.rule.code for f in engine.check(tmp_path / "a.py").findings] == ["DUT0001"]
    assert errors[0] == ("DUT0009", tmp_path / "a.py", "oops")


class Unsure(Rule):
    """Reports with a given confidence."""

    names = ("django.old.thing",)

    def __init__(self, confidence):
        super().__init__("DUT0001")
        self.confidence = confidence

    def reference(self, reference, ctx):
        if isinstance(reference.node, ast.Attribute):
            yield self.finding(ctx, reference.node, "?", confidence=self.confidence)


@pytest.mark.parametrize("wanted", list(Confidence))
@pytest.mark.parametrize("have", list(Confidence))
def test_min_confidence(project, tmp_path, wanted, have):
    engine = project([Unsure(have)], {"a.py": TEXT}, min_confidence=str(wanted))
    assert bool(engine.check(tmp_path / "a.py").findings) == (have >= wanted)


# Fixes


def test_an_import_that_a_fix_leaves_unused_goes(project, tmp_path):
    engine = project([OldName()])
    assert engine.fix_text(tmp_path / "a.py", TEXT, unsafe=False).text == "x = new\n"


@pytest.mark.parametrize(
    "text",
    [
        "from django import old\n__all__ = ['old']\nx = old.thing\n",
        "from django import old\nx = old.thing\ny = old.other\n",
        "from django import old as old\nx = old.thing\n",
        "from django import old\nx: 'old.Type' = old.thing\n",
    ],
)
def test_an_import_that_is_still_wanted_stays(project, tmp_path, text):
    engine = project([OldName()])
    assert engine.fix_text(tmp_path / "a.py", text, unsafe=False).text == text.replace("old.thing", "new")


def test_an_import_that_another_module_takes_from_here_stays(project, tmp_path):
    engine = project([OldName()], {"a.py": TEXT, "b.py": "from a import old\n"})
    fixed = engine.fix_text(tmp_path / "a.py", TEXT, unsafe=False)
    assert fixed.text == "from django import old\nx = new\n"


def test_a_fix_whose_result_does_not_parse_is_not_made(project, tmp_path):
    engine = project([OldName(new="(")])
    assert engine.fix_text(tmp_path / "a.py", TEXT, unsafe=False).text == TEXT


def test_a_bad_fix_does_not_stop_the_good_ones(project, tmp_path):
    class Good(OldName):
        names = ("django.old.other",)

    engine = project([OldName(new="("), Good("DUT0002", new="good")])
    text = "from django import old\nx = old.thing\ny = old.other\n"
    assert engine.fix_text(tmp_path / "a.py", text, unsafe=False).text == text.replace("old.other", "good")


def test_fixes_that_never_settle_end(project, tmp_path):
    engine = project([OldName(new="old.thing + old.thing")])
    fixed = engine.fix_text(tmp_path / "a.py", TEXT, unsafe=False)
    assert fixed.rounds == MAX_ROUNDS
    ast.parse(fixed.text)


def test_overlapping_fixes_are_made_one_after_the_other(project, tmp_path):
    class Outer(Rule):
        calls = ("django.old.call",)

        def call(self, call, ctx):
            new = f"outer({ctx.source(call.node.args[0])})"
            yield self.finding(ctx, call.node, "outer", ctx.fix("Outer", ctx.replace(call.node, new)))

    engine = project([OldName(), Outer("DUT0002")])
    text = "from django import old\nx = old.call(old.thing)\n"
    fixed = engine.fix_text(tmp_path / "a.py", text, unsafe=False)
    assert fixed.text == "x = outer(new)\n"
    assert fixed.rounds == 2


def test_unsafe_fixes_are_made_only_when_asked_for(project, tmp_path):
    class Risky(OldName):
        def reference(self, reference, ctx):
            for finding in super().reference(reference, ctx):
                edit = ctx.replace(reference.node, "risky")
                yield Finding(
                    self,
                    finding.span,
                    "risky",
                    Severity.WARNING,
                    fixes=(ctx.fix("Risk it", edit, unsafe="x changes"),),
                )

    engine = project([Risky()])
    path = tmp_path / "a.py"
    assert engine.fix_text(path, TEXT, unsafe=False).text == TEXT
    assert engine.fix_text(path, TEXT, unsafe=True).text == "x = risky\n"


def test_edits_of_one_fix_are_those_of_the_original_text(project, tmp_path):
    engine = project([OldName()], {"a.py": TEXT})
    checked = engine.check(tmp_path / "a.py")
    edits = render(checked.context, checked.findings[0].fixes[0])
    assert apply_edits(TEXT, edits) == "x = new\n"
    assert all(edit.end <= len(TEXT) for edit in edits)


def test_a_fix_that_declines_leaves_the_text(project, tmp_path):
    class Declines(OldName):
        def reference(self, reference, ctx):
            yield self.finding(ctx, reference.node, "no", ctx.fix("Can't", lambda: None))

    engine = project([Declines()])
    assert engine.fix_text(tmp_path / "a.py", TEXT, unsafe=True).text == TEXT


# The registry


def test_codes_and_slugs_are_unique():
    first, second = OldName("DUT0001"), OldName("DUT0002")
    first.slug = second.slug = "same"
    with pytest.raises(RegistryError, match="same"):
        Registry([first, second])


def test_the_nearest_selector_is_named():
    registry = load()
    rule = registry.rules[-1]
    assert registry.unknown(rule.slug) is None
    assert rule.slug in (registry.unknown(rule.slug[:-1] + "zz") or "")


def test_every_installed_rule_knows_its_family_and_slug():
    for rule in load().rules:
        assert rule.family and rule.slug == rule.module.rpartition(".")[2].replace("_", "-")


def test_unreadable_files_are_reported(project, tmp_path):
    engine = project([OldName()], {})
    engine.registry = load()
    checked = engine.check(tmp_path / "gone.py")
    assert [f.rule.slug for f in checked.findings] == ["unreadable-file"]


# Broken code


def test_a_broken_statement_hides_nothing_else(project, tmp_path):
    text = "from django import old\ndef f(:\n    pass\nx = old.thing\n"
    engine = project([OldName()], {"a.py": text})
    checked = engine.check(tmp_path / "a.py")
    assert [f.rule.code for f in checked.findings] == ["DUT0001"]
    assert checked.problem is not None
    assert engine.fix_text(tmp_path / "a.py", text, unsafe=True).text == text


def test_what_broken_code_may_bind_is_not_reported(project, tmp_path):
    engine = project([OldName()], {"a.py": "from django import old\nold = (1,, 2)\nx = old.thing\n"})
    assert not engine.check(tmp_path / "a.py").findings


def test_a_suppression_behind_broken_code_counts(project, tmp_path):
    text = "from django import old\ndef f(:\n    '''\nx = old.thing  # noqa: DUT0001\n"
    engine = project([OldName()], {"a.py": text})
    assert not engine.check(tmp_path / "a.py").findings


def test_a_fix_of_sound_code_can_be_rendered_beside_broken_code(project, tmp_path):
    text = "from django import old\nx = old.thing\ny = (\n"
    engine = project([OldName()], {"a.py": text})
    checked = engine.check(tmp_path / "a.py")
    edits = render(checked.context, checked.findings[0].fixes[0])
    assert apply_edits(text, edits) == "x = new\ny = (\n"


def test_a_fix_that_raises_costs_nothing_but_itself(project, tmp_path):
    class Raises(OldName):
        names = ("django.old.other",)

        def reference(self, reference, ctx):
            def build():
                raise RuntimeError("oops")

            yield self.finding(ctx, reference.node, "raises", ctx.fix("Raise", build))

    errors = []
    engine = project([Raises("DUT0009"), OldName()])
    engine._on_error = lambda rule, path, error: errors.append((rule.code, str(error)))
    text = "from django import old\nx = old.thing\ny = old.other\n"
    fixed = engine.fix_text(tmp_path / "a.py", text, unsafe=False)
    assert fixed.text == text.replace("old.thing", "new")
    assert ("DUT0009", "oops") in errors


def test_a_small_project_hears_of_every_syntax_error(project, tmp_path, monkeypatch):
    monkeypatch.setattr("django_uplift.engine.run._SPARE", 30)
    engine = project([OldName()], {"a.py": "def f(:\n", "b.py": f"def g(:  # {'x' * 30}\n", "c.py": "((\n"})
    engine.registry = load()
    engine.project_of(tmp_path).rules |= {engine.registry.get("syntax-error")}
    found = {
        name: [f.rule.slug for f in engine.check(tmp_path / name).findings]
        for name in ("a.py", "b.py", "c.py")
    }
    assert found == {"a.py": ["syntax-error"], "b.py": [], "c.py": ["syntax-error"]}

"""``--check``: what is found, what is said, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from django_uplift.engine import registry


def test_a_finding_in_full(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("x = 1\ny = old(x)\n")
    result = run("--check")
    assert result.out == (
        "a.py:2:5: error TSW001 old-word: old was removed in Django 4.0: use something else\n"
        "  2 | y = old(x)\n"
        "    |     ^^^\n"
        "    = fix: Replace with new (safe)\n"
        "\n"
        "1 finding in 1 of 2 files: 1 error.\n"
        "1 fixable with --fix.\n"
        "target Django 5.2 (requirements.txt, 'Django==5.2')\n"
    )
    assert result.err == ""
    assert result.code == 1


def test_nothing_found(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("x = 1\n")
    result = run("--check")
    assert result.code == 0
    assert result.out.startswith("No findings in 2 files.\n")


@pytest.mark.parametrize(
    ("source", "code"),
    [("x = 1\n", 0), ("later\n", 0), ("risky\n", 1), ("old\n", 1), ("likely\n", 1), ("maybe\n", 0)],
)
def test_exit_codes(run: Any, folder: Path, source: str, code: int) -> None:
    (folder / "a.py").write_text(source)
    assert run("--check", "a.py").code == code
    assert run("--check", "--exit-zero", "a.py").code == 0


def test_a_hint_is_shown_although_it_fails_nothing(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("later\n")
    result = run("--check", "-q")
    assert result.out.startswith("a.py:1:1: hint TSW003 later-word: later is deprecated since Django 6.1")
    assert run("--check", "--target-version", "6.1", "a.py").code == 1


def test_the_way_to_the_cause(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("deep\n")
    assert run("--check", "-q", "a.py").out.splitlines()[3:] == [
        "    = fix: Replace with x (to look at)",
        "    = path:",
        "      a.py:1:1 it starts here",
        "        far.py:5:3 and ends here",
        "",
    ]


def test_unsafe_fixes_are_counted_apart(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\nrisky\nrisky\n")
    result = run("--check")
    assert "fix: Replace with sure (unsafe: may be slower)" in result.out
    assert "1 fixable with --fix, 2 more with --unsafe-fixes." in result.out
    assert "3 fixable with --fix." in run("--check", "--unsafe-fixes").out
    assert "2 fixable with --fix --unsafe-fixes." in run("--check", "--select", "TSW002").out


def test_confidence(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\nlikely\nmaybe\n")

    def found(*options: str) -> list[str]:
        output = run("--check", "--output-format", "json", *options).out
        return [finding["confidence"] for finding in json.loads(output)]

    assert found() == ["proven", "likely"]
    assert found("--min-confidence", "proven") == ["proven"]
    assert found("--min-confidence", "possible") == ["proven", "likely", "possible"]
    assert "error (likely) TSW007" in run("--check").out


def test_rules_are_chosen_by_code_slug_family_and_prefix(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\nrisky\ndeep\n")

    def found(*options: str) -> list[str]:
        output = run("--check", "--output-format", "json", *options).out
        return [finding["rule"] for finding in json.loads(output)]

    assert found("--select", "TSW001") == ["TSW001"]
    assert found("--select", "tsw001,deep-word") == ["TSW001", "TSW005"]
    assert found("--select", "TSW001", "--select", "risky-word") == ["TSW001", "TSW002"]
    assert found("--select", "words", "--ignore", "old-word") == ["TSW002", "TSW005"]
    assert found("--ignore", "TSW") == []
    assert found("--select", "checks", "--extend-select", "TSW005") == ["TSW005"]


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
def test_an_unknown_rule_is_named_with_the_nearest(run: Any, option: str) -> None:
    result = run("--check", option, "old-wrd")
    assert result == (2, "", f"error: {option}: no rule is called 'old-wrd'; did you mean 'old-word'?\n")


def test_an_unknown_target_version(run: Any) -> None:
    result = run("--check", "--target-version", "5.9")
    assert result.code == 2
    assert "--target-version: '5.9' is no Django release; the nearest are" in result.err


def test_a_wrong_configuration_has_its_line(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    (folder / "pyproject.toml").write_text('[tool.django-uplift]\n\nselekt = ["ALL"]\n')
    result = run("--check")
    assert result.code == 2
    assert result.err == "error: pyproject.toml:3: unknown option 'selekt'; did you mean 'select'?\n"
    (folder / "pyproject.toml").write_text('[tool.django-uplift]\nignore = [\n  "old",\n  "TSW00",\n]\n')
    assert "error: pyproject.toml:3: ignore: no rule is called 'old'" in run("--check").err


def test_one_projects_wrong_configuration_costs_the_others_nothing(run: Any, folder: Path) -> None:
    for name in ("good", "bad"):
        (folder / name).mkdir()
        (folder / name / "a.py").write_text("old\n")
    (folder / "bad" / "django-uplift.toml").write_text('target-version = "5.9"\n')
    result = run("--check")
    assert result.code == 2
    assert "bad/django-uplift.toml:1: target-version: '5.9' is no Django release" in result.err
    assert "good/a.py:1:1: error TSW001" in result.out
    assert "bad/a.py" not in result.out


def test_each_project_has_its_target(run: Any, folder: Path) -> None:
    for name, version in (("one", "3.2"), ("two", "5.2")):
        (folder / name).mkdir()
        (folder / name / "a.py").write_text("old\n")
        (folder / name / "django-uplift.toml").write_text(f'target-version = "{version}"\n')
    result = run("--check", "one", "two")
    assert "one/a.py:1:1: warning TSW001" in result.out
    assert "two/a.py:1:1: error TSW001" in result.out
    assert result.out.endswith(
        "one: target Django 3.2 (django-uplift.toml)\ntwo: target Django 5.2 (django-uplift.toml)\n"
    )


def test_configuration_by_file_or_none(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    (folder / "django-uplift.toml").write_text('ignore = ["TSW001"]\n')
    (folder / "other.toml").write_text('target-version = "3.2"\n')
    assert run("--check").code == 0
    assert "error TSW001" in run("--check", "--isolated").out
    assert "warning TSW001" in run("--check", "--config", "other.toml").out
    missing = run("--check", "--config", "missing.toml")
    assert missing.code == 2
    assert "missing.toml: it can't be read: No such file or directory" in missing.err


def test_standard_input(run: Any, folder: Path) -> None:
    result = run("--check", "-", stdin=b"old\n")
    assert result.code == 1
    assert result.out.startswith("stdin.py:1:1: error")
    (folder / "sub").mkdir()
    (folder / "sub" / "django-uplift.toml").write_text('target-version = "3.2"\n')
    result = run("--check", "-", "--stdin-filename", "sub/a.py", stdin=b"old\n")
    assert result.out.startswith("sub/a.py:1:1: warning"), "the settings are those of the named file"
    assert not (folder / "sub" / "a.py").exists()


def test_a_file_that_is_named_twice_is_checked_once(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    assert run("--check", "a.py", "./a.py", ".").out.count("TSW001") == 1


def test_a_missing_path_is_an_error_and_the_others_are_checked(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    result = run("--check", "missing", "a.py")
    assert result.code == 2
    assert result.err == "error: missing: there is no such file or folder\n"
    assert "a.py:1:1" in result.out


def test_a_rule_that_raises(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("explode\nold\n")
    result = run("--check")
    assert result.code == 2
    assert "error: rule TSW900 (raises) failed on a.py: LookupError: a mistake." in result.err
    assert "a.py:2:1: error TSW001" in result.out


def test_a_fix_that_raises_while_it_is_rendered(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("unfixable\nold\n")
    result = run("--check", "--output-format", "json")
    assert result.code == 2
    assert "error: rule TSW901 (unfixable-word) failed on a.py: LookupError" in result.err
    assert [finding["fix"] is None for finding in json.loads(result.out)] == [True, False]


def test_statistics(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\nrisky\nold\n")
    result = run("--check", "--statistics")
    assert result.code == 1
    assert result.out.startswith(
        "2  TSW001  old-word    2 fixable\n1  TSW002  risky-word\n3 findings in 1 of 2 files: 2 errors, 1 warning.\n"
    )
    counted = json.loads(run("--check", "--statistics", "--output-format", "json").out)
    assert counted[0] == {"rule": "TSW001", "slug": "old-word", "count": 2, "fixable": 2}


def test_a_report_in_a_file(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    result = run("--check", "--output-file", "report.txt", "--color", "always")
    assert result == (1, "", "")
    assert (folder / "report.txt").read_text().startswith("a.py:1:1: error TSW001")
    result = run("--check", "--output-file", "no/such/folder.txt")
    assert result.code == 2
    assert "no/such/folder.txt: the report can't be written: No such file or directory" in result.err


def test_colours(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text("old\n")
    assert "\x1b" not in run("--check").out, "what isn't a terminal gets none"
    assert "\x1b[1;31merror\x1b[0m" in run("--check", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in run("--check").out
    assert "\x1b" not in run("--check", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("--check").out
    assert "\x1b" in run("--check", "--color", "always").out


def test_what_is_done_is_said_on_demand(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old\n")
    result = run("--check", "--verbose")
    assert "target Django 5.2 (requirements.txt, 'Django==5.2')" in result.err


def test_suppressions_and_unused_ones(run: Any, folder: Path) -> None:
    (folder / "a.py").write_text("old  # noqa: TSW001\nx = 1  # django-uplift: ignore[old-word]\n")
    found = json.loads(run("--check", "--output-format", "json").out)
    assert [(f["slug"], f["start"]["line"]) for f in found] == [("unused-suppression", 2)]


def test_a_mistake_of_ours_is_not_taken_for_findings(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LookupError("a mistake in a pack")

    monkeypatch.setattr(registry, "load", broken)
    result = run("--check")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: a mistake in django-uplift ended the run; please report it")
    assert "LookupError: a mistake in a pack" in result.err


def test_an_interrupt_has_its_own_code(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(registry, "load", interrupted)
    assert run("--check") == (130, "", "error: interrupted\n")


@pytest.mark.usefixtures("real_rules")
def test_findings_are_remembered_between_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from django_uplift.cli.main import main
    from django_uplift.engine.run import Checked, Engine, Project

    checked: list[Path] = []
    real = Engine._check

    def spy(self: Engine, project: Project, path: Path, data: bytes, interrupt: object = None) -> Checked:
        checked.append(path)
        return real(self, project, path, data, None)

    monkeypatch.setattr(Engine, "_check", spy)
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "cache"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "urls.py").write_text("from django.conf.urls import url\n\nurlpatterns = [url('x', None)]\n")
    monkeypatch.chdir(project)

    def run(*options: str) -> tuple[int, str, int]:
        checked.clear()
        code = main([*options, "--isolated", "--target-version", "5.2"])
        return code, capsys.readouterr().out, len(checked)

    code, first, looked = run("--check", "--no-cache", ".")
    assert (code, looked) == (1, 1)
    assert not list(tmp_path.glob("cache/findings/*"))
    assert run("--check", ".") == (1, first, 1)
    assert run("--check", ".") == (1, first, 0)
    assert run("--check", "--no-cache", ".") == (1, first, 1)
    assert run("--statistics", ".")[2] == 0
    assert '"edits"' in run("--check", "--output-format", "json", ".")[1]
    assert run("--diff", ".")[2] > 0
    assert sorted(path.name for path in project.iterdir()) == ["urls.py"]

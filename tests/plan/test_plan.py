"""The plan of a small project, from the command line to JSON and text."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from django_uplift import report
from django_uplift.cli.main import main
from django_uplift.django.releases import Release
from django_uplift.plan.model import Counts, Hop, Place, Readiness, RuleCount, Stage, StepKind
from django_uplift.plan.order import Commands, order
from tests.plan.conftest import RULES, Run, fill

D42, D52 = Release(4, 2), Release(5, 2)
GOLDEN = Path(__file__).with_name("golden.json")
SCHEMA = json.loads((Path(report.__file__).parent / "plan.schema.json").read_text("utf-8"))


@pytest.fixture
def plan(shop: Path, run: Run) -> dict[str, Any]:
    result = run("--to", "6.1", "--select", RULES, "--output-format", "json")
    assert (result.code, result.err) == (1, "")
    made: dict[str, Any] = json.loads(result.out)
    return made


def test_it_is_the_golden_one(plan: dict[str, Any]) -> None:
    """To make it anew: UPDATE_GOLDEN=1 pytest tests/plan, and read the difference."""
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(plan, indent=2) + "\n", "utf-8")
    assert plan == json.loads(GOLDEN.read_text("utf-8"))


def test_it_is_as_the_schema_says(plan: dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(plan, SCHEMA)
    for spoil in ({"extra": 1}, {"start": 4}, {"counts": {"now": 1}}, {"steps": [{}]}, {"goal": None}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**plan, **spoil}, SCHEMA)


def test_each_finding_is_in_the_hop_that_breaks_it(plan: dict[str, Any]) -> None:
    found = {
        place["rule"]: (hop["goal"], place["readiness"], place["fixable_on"], place["app"])
        for hop in plan["hops"]
        for place in hop["places"]
    }
    slugs = {rule["code"]: rule["slug"] for rule in plan["rules"]}
    assert {slugs[code]: told for code, told in found.items()} == {
        "force-text": ("4.2", "now", None, "stock"),
        "use-l10n": ("5.2", "later", "4.2", "site"),
        "index-together": ("5.2", "person", None, "shop"),
        "assert-queryset-equal": ("5.2", "later", "4.2", "shop"),
    }
    assert [aside["family"] for aside in plan["aside"]] == ["async-orm"]
    assert plan["beyond"]["counts"]["person"] == 1, "select_related() without fields only warns"


def test_what_is_fixable_now_is_what_the_step_says(
    shop: Path, run: Run, plan: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """The command of the first step repairs what was counted, and nothing that waits."""
    step = next(step for step in plan["steps"] if step["kind"] == "fix")
    assert step["count"] == plan["counts"]["now"] == 1
    (command,) = step["commands"]
    main([*command.split()[1:], "--quiet"])
    capsys.readouterr()
    assert "force_str" in (shop / "stock/text.py").read_text()
    assert "assertQuerysetEqual" in (shop / "shop/tests/test_order.py").read_text()
    again = json.loads(run("--to", "6.1", "--select", RULES, "--output-format", "json").out)
    assert (again["counts"]["now"], again["counts"]["later"]) == (0, plan["counts"]["later"])


def test_steps_are_in_an_order_that_can_be_walked(plan: dict[str, Any]) -> None:
    kinds = [(step["kind"], step["on"]) for step in plan["steps"]]
    assert kinds[0] == ("fix", "3.2")
    raises = [on for kind, on in kinds if kind == "raise"]
    assert raises == ["3.2", "4.2", "5.2"]
    assert kinds.index(("fix", "4.2")) > kinds.index(("raise", "3.2")), "what Django 4.2 makes possible"
    assert kinds.index(("packages", "4.2")) < kinds.index(("raise", "4.2"))
    assert [on for _, on in kinds] == sorted(on for _, on in kinds)


def test_what_must_change_together_with_the_version_is_said_so() -> None:
    place = Place(
        *("a.py", 1, 1, 1, 2, "shop", "DUR1", "it moved", Readiness.LATER, D52, D52, "Move it"),
        in_settings=False,
    )
    counts = Counts(later=1)
    rules = (RuleCount("DUR1", D52, counts),)
    hop = Hop(D42, D52, True, counts, rules, (place,), (), (), "", (), "https://docs.djangoproject.com/")
    (step,) = order(D42, [hop], Stage(Counts(), (), ()), Commands(paths=["."], slugs={"DUR1": "moved"}))
    assert (step.kind, step.count) == (StepKind.RAISE, 1)
    assert (
        "1 place must change in the same step, because what to write is newer than 4.2: moved 1."
        in step.detail
    )
    assert step.commands[1:] == ("django-uplift --fix --target-version 5.2 .",)
    assert "before the next hop" not in step.detail


def test_text(shop: Path, run: Run) -> None:
    result = run("--to", "6.1", "--select", RULES)
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines[0] == "Django 3.2 → 6.1"
    assert "requirements.txt, 'Django==3.2.25'" in lines[2]
    text = result.out
    assert "4 places that break on the way, 3 blockers outside of the code." in text
    assert "blocks django-old: django-old==1.0 (requirements.txt:2): needs django-old ≥ 4.0" in text
    assert "unsure django-lazy" in text and "blocks django-gone" in text
    assert "blocks Python: pyproject.toml: requires-python says >=3.9, Django 6.1 needs 3.12" in text
    assert "$ django-uplift --fix --target-version 3.2 --select" in text
    assert "Beside the way, see --check: 1 of async-orm in 1 file." in text


def test_a_project_that_is_there_already(folder: Path, run: Run) -> None:
    fill(folder, {"manage.py": "", "requirements.txt": "Django==6.1\n", "app.py": "x = 1\n"})
    result = run("--to", "6.1")
    assert result.code == 0
    assert "Nothing was found that stands in the way." in result.out
    assert run("--from", "5.2", "--to", "6.1").code == 0


def test_what_is_broken_already_comes_first(folder: Path, run: Run) -> None:
    fill(folder, {"a.py": "from django.utils.encoding import force_text\n"})
    result = run("--from", "4.2", "--to", "5.2", "--output-format", "json", "--exit-zero")
    assert result.code == 0
    plan = json.loads(result.out)
    assert plan["counts"] == {"now": 0, "later": 0, "person": 0}
    assert plan["broken"]["counts"]["now"] == 1
    assert plan["steps"][0]["kind"] == "repair"


def test_names_dropped_without_warning_break_where_they_went(folder: Path, run: Run) -> None:
    fill(folder, {"a.py": "from django.contrib.auth.views import SuccessURLAllowedHostsMixin\n"})
    plan = json.loads(run("--from", "3.2", "--to", "6.1", "--output-format", "json").out)
    (place,) = plan["hops"][0]["places"]
    assert (plan["hops"][0]["goal"], place["breaks_in"], place["readiness"]) == ("4.2", "4.1", "person")


def test_a_file_takes_it_and_the_commands_repeat_the_selection(shop: Path, run: Run) -> None:
    result = run("--to", "6.1", "--ignore", "use-l10n", "--output-file", "plan.txt", "shop", "stock")
    assert (result.code, result.out) == (1, "")
    text = (shop / "plan.txt").read_text("utf-8")
    assert "use-l10n" not in text.replace("--ignore use-l10n", "")
    assert "--fix --target-version 3.2 --ignore use-l10n shop stock" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--to", "4.2", "--from", "5.2"], "there is no way back"),
        (["--from", "five"], "--from: 'five' is no Django release"),
        (["--to", "5.2"], "nothing declares the Django that the project runs on"),
        (["--output-file", "no/such/folder/x", "--from", "4.2"], "the plan can't be written"),
    ],
)
def test_what_can_not_be_planned(folder: Path, run: Run, argv: list[str], message: str) -> None:
    result = run(*argv)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--plan", "--check"], "--plan and --check don't go together"),
        (["--check", "--to", "5.2"], "--to belongs to --plan"),
        (["--check", "--from", "4.2"], "--from belongs to --plan"),
        (["--check", "--output-format", "html"], "html belongs to --plan"),
        (["--plan", "-"], "standard input is one file"),
        (["--plan", "--to", "5.2", "--target-version", "5.2"], "give one"),
    ],
)
def test_options_that_do_not_go_together(
    folder: Path, capsys: pytest.CaptureFixture[str], argv: list[str], message: str
) -> None:
    assert main(argv) == 2
    assert message in capsys.readouterr().err


def test_other_projects_inside_are_told_of(shop: Path, run: Run) -> None:
    fill(shop, {"other/django-uplift.toml": 'target-version = "4.2"\n', "other/a.py": "x = 1\n"})
    assert "other is a project of its own" in run("--to", "6.1").out

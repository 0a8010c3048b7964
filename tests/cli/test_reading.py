"""What the command tells about rules, files and settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django_uplift.cli.explain import rendered
from django_uplift.report.style import PLAIN, Style


def test_a_rules_page(run: Any, real_rules: None) -> None:
    by_slug = run("--explain", "syntax-error")
    assert by_slug.code == 0
    assert by_slug.out.startswith("DUX001 syntax-error: ")
    assert "\nWhat\n" in by_slug.out
    assert run("--explain", "dux001").out == by_slug.out
    page = json.loads(run("--explain", "DUX001", "--output-format", "json").out)
    assert page["slug"] == "syntax-error"
    assert page["page"].startswith("# ")


def test_an_unknown_rules_page(run: Any, real_rules: None) -> None:
    result = run("--explain", "syntax-eror")
    assert result.code == 2
    assert "there is no rule or family 'syntax-eror'; did you mean 'syntax-error'?" in result.err
    assert "means several rules" in run("--explain", "DUX").err


def test_a_rule_without_a_page(run: Any) -> None:
    assert "This rule has no page." in run("--explain", "TSW001", "--isolated").out


def test_markdown_in_a_terminal() -> None:
    text = (
        "## What\n\nSome `code` and\n**more** [here](https://x.org/a).\n\n- one\n  two\n- three\n\n"
        "```python\nx = '`y`'\n\n# z\n```\n\n| a | b |\n| --- | --- |\n"
    )
    assert list(rendered(text, PLAIN)) == [
        "What", "", "Some `code` and **more** [here](https://x.org/a).", "", "• one two", "• three", "",
        "    x = '`y`'", "", "    # z", "", "| a | b |", "| --- | --- |",
    ]  # fmt: skip
    colored = "\n".join(rendered(text, Style(enabled=True)))
    assert "Some \x1b[36mcode\x1b[0m and \x1b[1mmore\x1b[0m here (https://x.org/a)." in colored


def test_the_list_of_rules(run: Any, real_rules: None) -> None:
    rules = json.loads(run("--list-rules", "--output-format", "json").out)
    assert {"rule", "slug", "family", "title", "deprecated_in", "removed_in"} <= rules[0].keys()
    text = run("--list-rules").out
    assert all(rule["rule"] in text and rule["slug"] in text for rule in rules)
    assert all(rule["title"] for rule in rules)
    chosen = json.loads(run("--list-rules", "--select", "checks", "--output-format", "json").out)
    assert {rule["family"] for rule in chosen} == {"checks"}


def test_the_list_of_files(run: Any, folder: Path) -> None:
    for name in ("sub", ".venv"):
        (folder / name).mkdir()
        (folder / name / "a.py").write_text("")
    assert run("--show-files") == (0, "manage.py\nsub/a.py\n", "")
    assert json.loads(run("--show-files", "--output-format", "json", "sub").out) == ["sub/a.py"]


def test_the_settings_and_where_they_come_from(run: Any, folder: Path) -> None:
    (folder / "django-uplift.toml").write_text('ignore = ["TSW001"]\n\nmin-confidence = "proven"\n')
    result = run("--show-settings", "--ignore", "TSW002")
    assert 'ignore = ["TSW001", "TSW002"]  # --ignore\n' in result.out
    assert 'min-confidence = "proven"  # django-uplift.toml:3\n' in result.out
    assert 'target = "5.2"\n' in result.out
    (settings,) = json.loads(run("--show-settings", "--output-format", "json").out)
    assert settings["configuration"] == "django-uplift.toml"
    assert "TSW001" not in settings["rules"]

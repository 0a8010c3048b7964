"""What is stated in two places is the same in both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from django_uplift import __version__
from django_uplift.dev import docs
from django_uplift.engine.pages import parse_page
from django_uplift.engine.registry import load, page_path
from django_uplift.engine.rule import Rule

ROOT = Path(__file__).parents[2]
RULES = load().rules
# Families about packages that the demo does not use.
PACKAGES = {"channels", "django-filter", "pkg-resources", "psycopg", "pytz", "rest-framework"}
OFF = {rule.family for rule in RULES if not rule.default}


@pytest.mark.parametrize("path", [docs.SCHEMA, docs.PLAN_SCHEMA, docs.README], ids=lambda path: path.name)
def test_generated_files_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == docs.committed()[path], "run `make schemas`"


def test_the_demo_shows_every_family_and_the_readme_what_it_shows() -> None:
    shown = docs.demo()
    codes = set(re.findall(r"^tests/demo/(\S+) \w+ (?:\(\w+\) )?(DU\w+)", shown, re.MULTILINE))
    found = {code for _, code in codes}
    assert {rule.family for rule in RULES if rule.code in found} == (
        {rule.family for rule in RULES} - PACKAGES - OFF
    )
    readme = docs.README.read_text("utf-8")
    transcript = set(re.findall(r"^tests/demo/(\S+) \w+ (?:\(\w+\) )?(DU\w+)", readme, re.MULTILINE))
    assert transcript == codes, "run `make schemas`"


def test_the_version_is_one() -> None:
    (stated,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert stated == __version__


def test_layers() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["server", "rules"])}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_codes_and_slugs_are_unique() -> None:
    # The registry refuses doubles; what it compares is tested here on the rules that there are.
    assert len({rule.code for rule in RULES}) == len({rule.slug for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_every_rule_is_in_order(rule: Rule) -> None:
    assert re.fullmatch(r"DU[A-Z]\d{3,4}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)
    path = page_path(rule)
    assert path is not None, "a rule has a page"
    page = parse_page(path.read_text("utf-8"))
    assert page.title
    assert page.sections


def test_the_pages_are_made(tmp_path: Path) -> None:
    assert docs.main([str(tmp_path)]) == 0
    index = (tmp_path / "index.md").read_text("utf-8")
    for rule in RULES:
        assert f"[{rule.slug}]({rule.slug}.md)" in index
        assert (tmp_path / f"{rule.slug}.md").is_file()

"""The ledger of Django's deprecations against the rules that there are. No network: `make ledger` has that part."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from django_uplift.dev import ledger
from django_uplift.dev.ledger import Known, Row, Site
from django_uplift.django.releases import LATEST
from django_uplift.engine.registry import page_path
from django_uplift.engine.rule import Rule
from tests.rules.harness import page_of, rules

ROWS = ledger.read_rows(ledger.ROWS.read_text("utf-8"))
TABLE = ledger.read_table(ledger.TABLE.read_text("utf-8"))
HEADINGS = ledger.headings(ledger.AT_RUN_TIME.read_text("utf-8"))
RULES = {rule.code: rule for rule in rules()}


def test_the_ledger_is_whole() -> None:
    """As many rows as Django has deprecations; they may grow, not shrink."""
    assert len(ROWS) >= 293
    assert len({(row.thing, row.deprecated) for row in ROWS}) == len(ROWS)
    assert {entry.last for entry in TABLE} >= {"1.11", "2.2", "3.2", "4.2", "5.2", str(LATEST)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.thing)
def test_every_row_is_claimed(row: Row) -> None:
    """By a rule of the same versions that knows the thing by name, or by a part of the page on run time."""
    for claim in row.claims:
        if claim.startswith("@"):
            assert claim[1:] in HEADINGS
            continue
        rule = RULES.get(claim)
        assert rule is not None, f"there is no rule {claim}"
        assert str(rule.removed_in) == row.removed
        _assert_deprecated_alike(rule, row)
    if not any(claim.startswith("@") for claim in row.claims):
        text = "".join(_said(RULES[claim]) for claim in row.claims)
        for word in _words(row.thing):
            assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), f"no rule of {row.claims} says {word}"


def _assert_deprecated_alike(rule: Rule, row: Row) -> None:
    """A rule for several rows has the first of their releases."""
    claimed = [r.deprecated for r in ROWS if rule.code in r.claims]
    first = min(claimed, key=lambda version: tuple(map(int, filter(None, version.split(".")))))
    assert str(rule.deprecated_in or "") == first, (
        f"{rule.code} is deprecated in {rule.deprecated_in}, not {first}"
    )


def _said(rule: Rule) -> str:
    """What a rule is made of, and the examples that it reports."""
    path = page_path(rule)
    assert path is not None
    bad = "\n".join(example.block.source for example in page_of(rule).examples if example.bad)
    return f"{Path(path).with_suffix('.py').read_text('utf-8')}\n{vars(rule)}\n{bad}\n"


def _words(thing: str) -> list[str]:
    """What tells a thing from its neighbours: the argument, or else the last component of each name."""
    words: list[str] = []
    for name in re.findall(r"`([^`]+)`", thing):
        argument = re.search(r"\((\w+)\)$", name)
        word = argument[1] if argument else re.sub(r"\(.*\)$", "", name).rpartition(".")[2]
        if re.fullmatch(r"[A-Za-z]\w+", word):
            words.append(word)
    return words


@pytest.mark.parametrize(
    "entry", TABLE, ids=lambda entry: f"{entry.site.module}-{entry.site.scope}-{entry.site.removed}"
)
def test_every_warning_is_claimed(entry: Known) -> None:
    """By rules that speak of the release which the warning names, or with a reason why there is none."""
    for claim in entry.claims:
        if claim.startswith("@"):
            assert claim[1:] in HEADINGS
        elif claim.startswith("-"):
            assert len(claim) > len("-reason"), "say why"
        else:
            rule = RULES.get(claim)
            assert rule is not None, f"there is no rule {claim}; run `make ledger`"
            if entry.site.removed not in ("check", "2028"):
                major, minor = entry.site.removed[0], entry.site.removed[1:]
                assert str(rule.removed_in) == f"{major}.{minor}"


# The chore

SOURCE = """
class Shop:
    def old(self):
        warnings.warn("old() is deprecated", RemovedInDjango70Warning)
        try:
            pass
        except RemovedInDjango70Warning:
            pass

    @deprecate_posargs(RemovedInDjango80Warning, ["name"])
    async def later(self):
        async with warnings.catch() as x:
            pass

class OldField:
    system_check_deprecated_details = {"msg": "..."}

depr = django.utils.deprecation.RemovedInDjango70Warning
"""


def test_places_are_found() -> None:
    found = ledger.sites(
        [("django/shop.py", SOURCE), ("django/conf/template.py", "RemovedIn {{ not python }}")]
    )
    assert found == Counter(
        {
            Site("django/shop.py", "Shop.old", "70"): 2,
            Site("django/shop.py", "Shop.later", "80"): 1,
            Site("django/shop.py", "OldField", "check"): 1,
            Site("django/shop.py", "", "70"): 1,
        }
    )


def test_definitions_of_warnings_are_no_places() -> None:
    text = "RemovedInNextVersionWarning = RemovedInDjango70Warning\n"
    assert not ledger.sites([("django/utils/deprecation.py", text)])


def test_new_places_and_more_warnings_are_unclaimed() -> None:
    here, there = Site("django/a.py", "f", "70"), Site("django/b.py", "g", "70")
    table = [Known(here, 1, "6.0", "6.1", ("DUR7001",))]
    assert ledger.unclaimed({here: 1}, table) == []
    assert ledger.unclaimed({here: 2}, table) == [here]
    assert ledger.unclaimed({there: 1}, table) == [there]
    made = ledger.updated({"6.0": {here: 1}, "6.1": {here: 1, there: 1}}, table)
    assert made == [Known(here, 1, "6.0", "6.1", ("DUR7001",)), Known(there, 1, "6.1", "6.1", ("?",))]
    assert ledger.unclaimed({there: 1}, made) == [there]
    grown = ledger.updated({"6.1": {here: 2}}, table)
    assert grown == [Known(here, 2, "6.1", "6.1", ("?",))]
    assert ledger.read_table(ledger.write_table(made)) == sorted(made)


def test_a_source_is_a_folder_or_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "django").mkdir()
    (tmp_path / "django" / "new.py").write_text("def f():\n    warn(RemovedInDjango70Warning)\n")
    assert ledger.main(["--source", str(tmp_path)]) == 1
    assert "django/new.py: f warns of 70, and no rule claims it" in capsys.readouterr().out
    (tmp_path / "django" / "new.py").write_text("def f():\n    pass\n")
    assert ledger.main(["--source", str(tmp_path)]) == 0

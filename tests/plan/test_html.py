"""The page: well-formed, complete in itself, and safe whatever the project is called."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from django_uplift.plan.model import Aside, Counts, Plan
from django_uplift.report.plans.charts import bar, ring
from django_uplift.report.plans.html import Webview, page, stylesheet
from tests.plan.conftest import RULES, Run, fill

HOSTILE = "<script>alert(1)</script>\"'&\u202e\x00"
VOID = {"meta", "wbr"}
# In SVG these may close themselves.
SHAPES = {"rect", "circle", "path"}


class Checker(HTMLParser):
    """Fails where tags don't nest, and collects what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHAPES, f"<{tag}/> is no empty element of HTML"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def check(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    checker.close()
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))
    targets = [attrs["href"][1:] for tag, attrs in checker.tags if attrs.get("href", "").startswith("#")]
    assert set(targets) <= set(checker.ids), "links within the page lead somewhere"
    labels = [attrs["aria-labelledby"] for _, attrs in checker.tags if "aria-labelledby" in attrs]
    assert set(labels) <= set(checker.ids)
    return checker


@pytest.fixture
def html(shop: Path, run: Run) -> str:
    result = run("--to", "6.1", "--select", RULES, "--output-format", "html")
    assert result.code == 1
    return result.out


def test_it_is_well_formed_and_reads_in_order(html: str) -> None:
    checker = check(html)
    tags = [tag for tag, _ in checker.tags]
    headings = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert tags.count("table") == tags.count("caption")
    assert all(attrs.get("scope") for tag, attrs in checker.tags if tag == "th")
    assert all(
        attrs.get("aria-hidden") or attrs.get("aria-label") for tag, attrs in checker.tags if tag == "svg"
    )
    text = " ".join(" ".join(checker.text).split())
    assert "Django 3.2 → 6.1" in text
    assert "needs django-old ≥ 4.0" in text


def test_nothing_comes_from_elsewhere_and_nothing_runs(html: str) -> None:
    checker = check(html)
    for tag, attrs in checker.tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "form")
        assert not {"style", "src", "srcset", "background"} & attrs.keys()
        assert not any(name.startswith("on") for name in attrs)
    css = stylesheet()
    assert "url(" not in css and "@import" not in css and "</" not in css
    policy = next(attrs["content"] for tag, attrs in checker.tags if tag == "meta" and "http-equiv" in attrs)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert f"<style>{css}</style>" in html


def test_places_say_where_they_are(html: str) -> None:
    places = [attrs for tag, attrs in check(html).tags if attrs.get("class") == "place"]
    told = {(p["data-path"], p["data-line"], p["data-column"], p.get("data-rule")) for p in places}
    assert ("stock/text.py", "1", "35", "DUR4001") in told
    assert ("requirements.txt", "2", "1", None) in told


def test_in_a_webview_places_are_links_and_the_nonce_lets_styles_in(plan: Plan) -> None:
    text = page(plan, Webview("n0nce", lambda path: f"file:///x/{path}"))
    checker = check(text)
    places = [(tag, attrs) for tag, attrs in checker.tags if attrs.get("class") == "place"]
    assert {tag for tag, _ in places} == {"a"}
    assert "file:///x/stock/text.py#L1,35" in {attrs["href"] for _, attrs in places}
    assert '<style nonce="n0nce">' in text
    assert "script-src 'nonce-n0nce'" in text


@pytest.fixture
def plan(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The model behind the page."""
    from django_uplift.cli import plan as mode
    from django_uplift.cli.main import main
    from django_uplift.report import plans

    made: list[Plan] = []
    monkeypatch.setattr(plans, "load", lambda name: lambda plan, style: made.append(plan) or "")
    assert mode.plans is plans
    main(["--plan", "--to", "6.1", "--select", RULES])
    return made[0]


def test_whatever_the_project_says_is_text(plan: Plan) -> None:
    places = [
        replace(p, path=HOSTILE, message=HOSTILE, app=HOSTILE, fix=HOSTILE) for p in plan.hops[0].places
    ]
    hop = replace(
        plan.hops[0],
        places=tuple(places),
        packages=tuple(replace(p, declared=HOSTILE, path=HOSTILE) for p in plan.hops[1].packages),
        pythons=tuple(
            replace(p, declared=HOSTILE, source=HOSTILE, path=HOSTILE) for p in plan.hops[1].pythons
        ),
    )
    hostile = replace(
        plan,
        root=HOSTILE,
        start_origin=HOSTILE,
        goal_origin=HOSTILE,
        hops=(hop, *plan.hops[1:]),
        apps=tuple(replace(app, app=HOSTILE) for app in plan.apps),
        rules=tuple(replace(rule, title=HOSTILE, link="javascript:alert(1)") for rule in plan.rules),
        steps=tuple(replace(s, title=HOSTILE, detail=HOSTILE, commands=(HOSTILE,)) for s in plan.steps),
        aside=(Aside(HOSTILE, 1, 1),),
        notes=(HOSTILE,),
    )
    for text in (page(hostile), page(hostile, Webview(HOSTILE, lambda path: "file:///" + path))):
        checker = check(text)
        assert "script" not in {tag for tag, _ in checker.tags}
        assert not any(attrs.get("href", "").startswith("javascript") for _, attrs in checker.tags)
        assert "\u202e" not in text and "\x00" not in text
        assert any("<script>alert(1)</script>" in data for data in checker.text), "it is shown as it is"


def test_a_project_without_troubles_has_a_page(folder: Path, run: Run) -> None:
    fill(folder, {"manage.py": "", "app.py": "x = 1\n"})
    for argv in (("--from", "6.1", "--to", "6.1"), ("--from", "3.2", "--to", "6.1")):
        result = run(*argv, "--output-format", "html")
        assert result.code == 0
        assert "Nothing was found that stands in the way" in " ".join(check(result.out).text)


@pytest.mark.parametrize(
    "counts", [Counts(1), Counts(0, 0, 7), Counts(1, 2, 3), Counts(1, 10_000, 1), Counts(5, 0, 5)]
)
def test_charts_add_up(counts: Counts) -> None:
    drawn = re.findall(r'stroke-dasharray="([\d.]+) ([\d.]+)"', ring(counts))
    assert len(drawn) == sum(map(bool, counts))
    assert all(float(line) > 0 and abs(float(line) + float(gap) - 100) < 0.02 for line, gap in drawn)
    widths = [
        float(width) for width in re.findall(r'width="([\d.]+)%" height="15"/>', bar(counts, counts.total))
    ]
    assert abs(sum(widths) - 100) < 0.01
    halves = [
        float(width)
        for width in re.findall(r'width="([\d.]+)%" height="15"/>', bar(counts, 2 * counts.total))
    ]
    assert abs(sum(halves) - 50) < 0.01


def test_the_ring_without_findings() -> None:
    assert "stroke-dasharray" not in ring(Counts())

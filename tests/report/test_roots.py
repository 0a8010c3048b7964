"""Findings with one cause are told as one: a `root` in JSON, a line of the summary in text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from django_uplift import report
from django_uplift.cli.main import main

SCHEMA = json.loads((Path(report.__file__).parent / "check.schema.json").read_text("utf-8"))
FILES = {
    "shop/models.py": """\
from django.db import models

class Customer(models.Model):
    name = models.TextField()

class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
""",
    "shop/stock.py": """\
from .models import Order

class Stock:
    @staticmethod
    def latest():
        return Order.objects.latest("pk")

def newest():
    return Stock.latest()

async def fetch(pk):
    return await Order.objects.aget(pk=pk)
""",
    "shop/views.py": """\
from .models import Order
from .stock import Stock, fetch, newest

async def one(request):
    return Stock.latest()

async def two(request):
    return newest()

async def three(request):
    first = newest()
    order = await fetch(1)
    return order.customer.name, Order.objects.count()
""",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "shop" / "__init__.py").write_text("")
    monkeypatch.chdir(tmp_path)


CHECK = ["--check", "--select", "async-orm", "--target-version", "5.2", "--isolated"]


@pytest.mark.usefixtures("project")
def test_json_names_the_function_that_holds_the_cause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--output-format", "json"]) == 1
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    latest = {"name": "shop.stock.Stock.latest", "path": "shop/stock.py", "line": 6, "column": 16}
    fetch = {"name": "shop.stock.fetch", "path": "shop/stock.py", "line": 12, "column": 18}
    assert [(f["start"]["line"], f.get("root")) for f in found] == [
        (5, latest),
        (8, latest),
        (11, latest),
        (13, fetch),
        (13, None),
    ]


@pytest.mark.usefixtures("project")
def test_the_summary_says_what_findings_have_in_common(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CHECK) == 1
    out = capsys.readouterr().out
    assert "3 of them come from shop.stock.Stock.latest (shop/stock.py): mend it there" in out
    assert "shop.stock.fetch (" not in out

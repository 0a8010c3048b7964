"""``--explain-silence``: what is known of a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SOURCE = """from django.db import models


class Order(models.Model):
    pass


async def known(request):
    return Order.objects.filter(pk=1)


async def unknown(request, thing):
    return thing.load()
"""


def test_what_is_known_and_what_is_not(run: Any, folder: Path) -> None:
    (folder / "views.py").write_text(SOURCE)
    known = run("--explain-silence", "views.py:9")
    assert known.code == 0
    assert "Order" in known.out
    unknown = run("--explain-silence", "views.py:13")
    assert unknown.code == 0
    assert unknown.out and unknown.out != known.out


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("views.py", "is not FILE:LINE"),
        ("views.py:0", "is not FILE:LINE"),
        ("views.py:x", "is not FILE:LINE"),
        ("gone.py:3", "there is no file"),
    ],
)
def test_places_that_there_are_not(run: Any, folder: Path, place: str, message: str) -> None:
    (folder / "views.py").write_text(SOURCE)
    result = run("--explain-silence", place)
    assert result.code == 2
    assert message in result.err


WAYS = """from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)


async def label(order: Order, prefix):
    return prefix, order.customer.name


async def show(pk):
    rows = Order.objects.select_related("customer")
    return await label(
        await rows.aget(pk=pk), ""
    ), [row async for row in Order.objects.all()]


async def guess(order: Order):
    return order.customer.name


GUESSES = {"customer": guess}
"""


def test_what_a_check_finds_and_what_callers_give(run: Any, folder: Path) -> None:
    """Why a line is silent may lie with its callers; why it is not shown, with what it is sure of."""
    (folder / "views.py").write_text(WAYS)
    silent = run("--explain-silence", "views.py:13").out
    assert "callers is known: order is an instance of the model Order, fetched at views.py:" in silent
    assert "prefix: a parameter without an annotation; knowledge ends here." in silent
    assert "A check finds" not in silent
    assert "order.customer" in silent
    hidden = run("--explain-silence", "views.py:24").out
    assert "A check finds Order.customer here: possible, which --min-confidence possible shows." in hidden
    broken = run("--explain-silence", "views.py:18").out
    assert 'await label( await rows.aget(pk=pk), "" ): ' in broken

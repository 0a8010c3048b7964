"""Hover in async code: loop or thread, and the way to the database."""

from __future__ import annotations

import pytest

from tests.lsp.conftest import Start

pytestmark = pytest.mark.asyncio

MODELS = "from django.db import models\n\n\nclass Order(models.Model):\n    paid = models.BooleanField()\n"
HELPERS = """\
from shop.models import Order


def newest():
    return Order.objects.latest("pk")


def shown():
    return newest()


def harmless():
    return 1
"""
VIEWS = """\
import asyncio
from asgiref.sync import sync_to_async
from shop.helpers import harmless, newest, shown


async def view(request):
    a = shown()
    b = await sync_to_async(shown)()
    c = harmless()
    d = await other(request)
    e = await asyncio.to_thread(newest)
    f = len(request)


async def other(request):
    return 1


def sync(request):
    return shown()
"""
FILES = {"shop/models.py": MODELS, "shop/helpers.py": HELPERS, "shop/views.py": VIEWS}


async def test_where_calls_run(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)

    async def at(line: str, word: str) -> str | None:
        row = next(i for i, text in enumerate(VIEWS.splitlines()) if text.startswith(f"    {line}"))
        return await ed.hover(uri, row, VIEWS.splitlines()[row].rindex(word) + 1)

    flagged = await at("a =", "shown") or ""
    assert "DUA106" in flagged
    assert "Path: `shown()` → `newest()` → `Order.objects.latest()` (helpers.py:5)." in flagged
    assert await at("b =", "shown") == (
        "`sync_to_async(shown)()` runs in a worker thread, where it queries the database:"
        " `newest()` → `Order.objects.latest()` (helpers.py:5)."
    )
    assert await at("c =", "harmless") == (
        "`harmless()` runs on the event loop: no query is known on its way."
    )
    assert await at("d =", "other") == "`other()` runs on the event loop."
    assert await at("e =", "to_thread") == (
        "`asyncio.to_thread()` runs in a worker thread, where it queries the database:"
        " `Order.objects.latest()` (helpers.py:5)."
    )
    assert await at("f =", "len") is None
    assert await at("return shown", "shown") is None


async def test_a_path_is_told_where_its_rule_is_off(editor: Start) -> None:
    ed = await editor(FILES, settings={"ignore": ["async-orm"]})
    uri = ed.open("shop/views.py", VIEWS)
    assert await ed.hover(uri, 6, 9) == (
        "`shown()` runs on the event loop and queries the database:"
        " `shown()` → `newest()` → `Order.objects.latest()` (helpers.py:5)."
    )

"""What an opened document shows first: what it proves alone, and never what its callers refute."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from django_uplift.lsp.analysis import Analyst, Folder
from django_uplift.lsp.documents import Snapshot
from django_uplift.lsp.schedule import Priority, Token, Worker
from tests.lsp.test_typing import shown

MODELS = """from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=9)


class Book(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
"""
VIEWS = """from django.utils.encoding import force_text
from shop.models import Book


async def direct(request):
    return force_text(Book.objects.get(pk=1))


async def given(book: Book):
    return book.author.name
"""
CALLERS = """from shop.models import Book
from shop.views import given


async def call(request):
    return await given(await Book.objects.select_related("author").aget(pk=1))
"""
REFUTED = "return book.author.name"


def analyst_of(folder: Path) -> tuple[Analyst, Snapshot]:
    for name, text in {"__init__": "", "models": MODELS, "views": VIEWS, "callers": CALLERS}.items():
        (folder / "shop").mkdir(exist_ok=True)
        (folder / "shop" / f"{name}.py").write_text(text)
    (folder / "pyproject.toml").write_text('[tool.django-uplift]\ntarget-version = "4.2"\n')
    analyst = Analyst(lambda message: pytest.fail(message), lambda path, error: None)
    analyst.configure([Folder(folder, {"jedi": False}), Folder(None, {})])
    path = folder / "shop/views.py"
    return analyst, Snapshot(path.as_uri(), path, True, True, 1, 1, VIEWS)


def test_a_document_proves_alone_what_callers_can_not_refute(tmp_path: Path) -> None:
    analyst, snapshot = analyst_of(tmp_path)
    quick = analyst.analyse(snapshot, quick=True)
    alone = analyst.analyse(snapshot, quick=True, alone=True)
    full, _ = analyst.complete(snapshot)
    codes = [{finding.rule.code for finding in analysis.findings} for analysis in (quick, alone, full)]
    assert codes[0] < codes[1] <= codes[2]
    assert not alone.is_full and full.is_full
    assert all(snapshot.text.find(REFUTED) > finding.span.end for finding in alone.findings)


def test_a_full_check_that_goes_on_from_there_finds_what_one_from_scratch_does(tmp_path: Path) -> None:
    analyst, snapshot = analyst_of(tmp_path)
    expected = shown(analyst.analyse(snapshot).findings)
    analyst, snapshot = analyst_of(tmp_path)
    analyst.analyse(snapshot, quick=True, alone=True)
    assert shown(analyst.analyse(snapshot).findings) == expected


@pytest.mark.asyncio
async def test_a_job_that_returns_makes_way_and_is_called_again() -> None:
    worker = Worker(asyncio.get_running_loop())
    begun, order = threading.Event(), list[str]()

    def long(token: Token) -> str:
        order.append("long")
        begun.set()
        while len(order) == 1:
            token.check()
        return "done"

    slow = worker.submit(long, Priority.BACKGROUND, makes_way=True, returns=True)
    await asyncio.to_thread(begun.wait)
    await worker.submit(lambda _: order.append("urgent"), Priority.TYPED)
    assert await asyncio.wait_for(slow, 10) == "done"
    assert order == ["long", "urgent", "long"]
    worker.stop()


@pytest.mark.asyncio
async def test_a_job_that_returns_can_be_cancelled() -> None:
    worker = Worker(asyncio.get_running_loop())
    begun, calls = threading.Event(), list[str]()

    def endless(token: Token) -> None:
        calls.append("called")
        begun.set()
        while True:
            token.check()

    job = worker.submit(endless, Priority.BACKGROUND, makes_way=True, returns=True)
    await asyncio.to_thread(begun.wait)
    job.cancel()
    await asyncio.wait_for(worker.submit(lambda _: None, Priority.BACKGROUND), 10)
    assert calls == ["called"]
    worker.stop()

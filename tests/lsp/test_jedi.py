"""What jedi tells comes to the editor later, and is what the command says."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest
from lsprotocol import types

from tests.flow.support import SHOP
from tests.lsp.conftest import Start, brief, capable, environment

pytestmark = pytest.mark.asyncio

CONFIG = '[tool.django-uplift]\ntarget-version = "5.2"\nselect = ["DUA"]\njedi = true\n'
LIB = """\
from typing import Generic, TypeVar

T = TypeVar("T")


class Repository(Generic[T]):
    def one(self) -> T: ...
"""
VIEWS = """\
from lib import Repository
from shop.models import Order


async def view(orders: Repository[Order]):
    order = orders.one()
    return order.customer.name


async def count():
    return Order.objects.count()
"""
FILES = {
    "pyproject.toml": CONFIG,
    "shop/__init__.py": "",
    "shop/models.py": (SHOP / "models.py").read_text(encoding="utf-8"),
    "lib.py": LIB,
    "views.py": VIEWS,
}
OWN, LATE = ("DUA101", "10:11-10:32"), ("DUA103", "6:17-6:25")


async def test_answers_come_as_a_later_publication_and_are_those_of_the_command(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("views.py", VIEWS)
    last = await ed.client.publication(uri, lambda p: LATE in brief(p.diagnostics))
    assert brief(last.diagnostics) == [LATE, OWN]
    before = ed.client.published[: ed.client.published.index(last)]
    assert [brief(p.diagnostics) for p in before if p.uri == uri][-1] == [OWN]
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "django_uplift", "--check", "--output-format", "json"],
        cwd=ed.folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = {(f["rule"], f["message"]) for f in json.loads(done.stdout)}
    assert said == {(d.code, d.message) for d in last.diagnostics}
    assert done.stderr == ""


async def test_after_an_edit_elsewhere_the_old_answer_stands_in(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("views.py", VIEWS)
    await ed.client.publication(uri, lambda p: LATE in brief(p.diagnostics))
    ed.client.published.clear()
    ed.change(uri, ("0:0-0:0", "# moved\n"))
    await ed.client.publication(uri, lambda p: len(p.diagnostics) == 2)
    # An edit that takes the model away from the repository takes the finding away too.
    ed.change(uri, ("5:34-5:39", "int"))
    await ed.client.publication(uri, lambda p: [code for code, _ in brief(p.diagnostics)] == ["DUA101"])
    assert not ed.logged(types.MessageType.Error)


async def test_a_client_that_pulls_is_told_to_pull_again(editor: Start) -> None:
    ed = await editor(FILES, capabilities=capable(pull=True))
    uri = ed.open("views.py", VIEWS)

    for _ in range(100):
        if LATE in brief((await ed.pull(uri)).items):
            break
        await asyncio.sleep(0.1)
    assert brief((await ed.pull(uri)).items) == [LATE, OWN]
    assert ed.client.diagnostic_refresh_count > 0

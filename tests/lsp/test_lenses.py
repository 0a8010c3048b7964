"""Code lens and inlay hints: off unless wanted, and fresh after changes elsewhere."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start, capable, shown, soon, span
from tests.lsp.test_async_hover import FILES, HELPERS, MODELS

pytestmark = pytest.mark.asyncio

VIEWS = """\
from shop.helpers import shown
from shop.models import Order


async def view(request):
    'é𝒳'; a = shown()
    return a, Order.objects.get()


@decorated
async def calm(request):
    return await Order.objects.aget()


async def one(request):
    def inner():
        return Order.objects.get()
    return inner()
"""


async def lenses(ed, uri: str) -> list[tuple[str, str]]:
    params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
    found = await soon(ed.client.text_document_code_lens_async(params))
    return [(shown(lens.range), lens.command.title) for lens in found or ()]


async def hints(ed, uri: str, where: str = "0:0-99:0") -> list[tuple[str, str]]:
    params = types.InlayHintParams(types.TextDocumentIdentifier(uri), span(where))
    found = await soon(ed.client.text_document_inlay_hint_async(params))
    return [(f"{hint.position.line}:{hint.position.character}", str(hint.label)) for hint in found or ()]


async def test_they_are_off_by_default(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    assert await lenses(ed, uri) == []
    assert await hints(ed, uri) == []


async def test_functions_are_counted_and_places_marked(editor: Start) -> None:
    ed = await editor(FILES, options={"codeLens": True, "inlayHints": True})
    uri = ed.open("shop/views.py", VIEWS)
    assert await lenses(ed, uri) == [
        ("4:10-4:14", "2 queries on the event loop"),
        ("14:10-14:13", "1 query on the event loop"),
    ]
    first = ("5:22", "query on the loop: Order.objects.latest()")
    assert await hints(ed, uri) == [
        first,
        ("6:33", "query on the loop"),
        ("17:18", f"{first[1][:17]}: Order.objects.get()"),
    ]
    assert await hints(ed, uri, "5:0-5:30") == [first]


def refreshes(ed, method: str) -> asyncio.Queue[None]:
    """What grows by one each time that the server asks for it."""
    asked: asyncio.Queue[None] = asyncio.Queue()

    @ed.client.feature(method)
    def refresh(_: Any) -> None:
        asked.put_nowait(None)

    return asked


async def test_they_come_and_go_with_the_setting(editor: Start) -> None:
    able = capable()
    assert able.workspace is not None
    able.workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    able.workspace.configuration = False
    ed = await editor(FILES, capabilities=able)
    uri = ed.open("shop/views.py", VIEWS)
    assert await lenses(ed, uri) == []
    asked = refreshes(ed, types.WORKSPACE_CODE_LENS_REFRESH)
    for wanted, number in ((True, 2), (False, 0)):
        settings = {"djangoUplift": {"codeLens": wanted}}
        ed.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        await soon(asked.get())
        assert len(await lenses(ed, uri)) == number


async def test_a_change_elsewhere_makes_them_fresh(editor: Start) -> None:
    able = capable()
    assert able.workspace is not None
    able.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    ed = await editor(FILES, capabilities=able, settings={"inlayHints": True})
    uri = ed.open("shop/views.py", VIEWS)
    helpers = ed.open("shop/helpers.py", HELPERS)
    assert len(await hints(ed, uri)) == 3
    asked = refreshes(ed, types.WORKSPACE_INLAY_HINT_REFRESH)
    ed.change(helpers, HELPERS.replace("return newest()", "return 1").replace("def newest", "def oldest"))
    await soon(asked.get())
    assert len(await hints(ed, uri)) == 2


async def test_a_file_that_no_rule_looks_at_is_known_too(editor: Start) -> None:
    ed = await editor(FILES, settings={"codeLens": True, "select": ["force-text"]})
    uri = ed.open("shop/views.py", VIEWS)
    assert len(await lenses(ed, uri)) == 2
    plain = ed.open("shop/models.py", MODELS)
    assert await lenses(ed, plain) == []

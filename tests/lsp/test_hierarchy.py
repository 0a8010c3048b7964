"""Call hierarchy: the calls that lead to the database, and no others."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start, shown, soon
from tests.lsp.test_async_hover import FILES, HELPERS

pytestmark = pytest.mark.asyncio

VIEWS = """\
from asgiref.sync import sync_to_async
from shop.helpers import harmless, newest, shown


async def view(request):
    'é'; a = shown()
    b = await sync_to_async(newest)()
    harmless()
    return await other(request), shown()


async def other(request):
    return await third(request)


async def third(request):
    return newest()


class Page:
    def get(self):
        return shown()

    def calm(self):
        return harmless()
"""


async def prepare(ed, uri: str, line: int, column: int) -> list[types.CallHierarchyItem]:
    params = types.CallHierarchyPrepareParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
    return list(await soon(ed.client.text_document_prepare_call_hierarchy_async(params)) or ())


async def outgoing(ed, item: types.CallHierarchyItem) -> dict[str, tuple[types.CallHierarchyItem, list[str]]]:
    params = types.CallHierarchyOutgoingCallsParams(item)
    found = await soon(ed.client.call_hierarchy_outgoing_calls_async(params))
    return {call.to.name: (call.to, [shown(r) for r in call.from_ranges]) for call in found or ()}


async def incoming(ed, item: types.CallHierarchyItem) -> dict[str, tuple[types.CallHierarchyItem, list[str]]]:
    params = types.CallHierarchyIncomingCallsParams(item)
    found = await soon(ed.client.call_hierarchy_incoming_calls_async(params))
    return {call.from_.name: (call.from_, [shown(r) for r in call.from_ranges]) for call in found or ()}


async def test_down_to_the_query(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    (view,) = await prepare(ed, uri, 4, 11)
    assert (view.name, view.detail, shown(view.selection_range)) == (
        "view",
        "shop.views (async)",
        "4:10-4:14",
    )
    calls = await outgoing(ed, view)
    assert {name: ranges for name, (_, ranges) in calls.items()} == {
        "shown": ["5:13-5:20", "8:33-8:40"],
        "newest": ["6:14-6:37"],
        "other": ["8:17-8:31"],
    }
    helper = calls["shown"][0]
    assert helper.uri == ed.uri("shop/helpers.py") and shown(helper.selection_range) == "7:4-7:9"
    deeper = await outgoing(ed, helper)
    assert list(deeper) == ["newest"]
    last = await outgoing(ed, deeper["newest"][0])
    assert [(name, item.detail, ranges) for name, (item, ranges) in last.items()] == [
        ("Order.objects.latest()", "query", ["4:11-4:37"])
    ]
    assert await outgoing(ed, last["Order.objects.latest()"][0]) == {}


async def test_up_to_the_views(editor: Start) -> None:
    ed = await editor({**FILES, "shop/views.py": VIEWS})
    uri = ed.open("shop/helpers.py", HELPERS)
    (newest,) = await prepare(ed, uri, 3, 5)
    callers = await incoming(ed, newest)
    assert {name: ranges for name, (_, ranges) in callers.items()} == {
        "shown": ["8:11-8:19"],
        "view": ["6:14-6:37"],
        "third": ["16:11-16:19"],
    }
    above = await incoming(ed, callers["shown"][0])
    assert set(above) == {"view", "Page.get"}
    assert set(await incoming(ed, callers["third"][0])) == {"other"}


async def test_what_does_not_reach_the_database_has_none(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    assert await prepare(ed, uri, 23, 9) == []
    assert await prepare(ed, uri, 0, 0) == []


async def test_it_starts_at_a_call_too(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    (item,) = await prepare(ed, uri, 5, 15)
    assert (item.name, item.uri) == ("shown", ed.uri("shop/helpers.py"))
    assert await prepare(ed, uri, 7, 6) == []


async def test_lines_may_come_meanwhile(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    (view,) = await prepare(ed, uri, 4, 11)
    ed.change(uri, ("0:0-0:0", "\n\n"))
    assert "7:13-7:20" in (await outgoing(ed, view))["shown"][1]

"""'Convert to async' and 'Make async' over the wire: what is offered, and the edits of all files."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start, applied, capable

pytestmark = pytest.mark.asyncio

FILES = {
    "pyproject.toml": '[tool.django-uplift]\ntarget-version = "5.2"\n',
    "shop/__init__.py": "",
    "shop/models.py": "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n",
    "shop/services.py": (
        "from shop.models import Order\n\n\n# é𝒳\n"
        "def total(status):\n    return Order.objects.filter(status=status).count()\n"
    ),
    "shop/tasks.py": "# nothing async\nfrom shop.services import total\n",
}
VIEWS = """\
from django.shortcuts import render
from shop import services
from shop.models import Order


def page(request):
    orders = list(Order.objects.all())
    return render(request, "page.html", {"orders": orders, "total": services.total("open")})


async def api(request):
    return services.total("open")
"""


def files_of(action: types.CodeAction) -> dict[str, types.TextDocumentEdit]:
    """The edits by file name."""
    assert action.edit is not None and action.edit.document_changes is not None
    found = {}
    for change in action.edit.document_changes:
        assert isinstance(change, types.TextDocumentEdit)
        found[change.text_document.uri.rpartition("/")[2]] = change
    return found


async def test_a_view_is_converted_from_its_def_line(editor: Start) -> None:
    """Whether or not something is found there; nowhere else in it, and not where there is none."""
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    (action,) = await ed.actions(uri, "5:6-5:6", "refactor")
    assert (action.title, action.kind) == ("Convert this view to async", "refactor.rewrite.async")
    assert action.edit is None
    for place in ("6:4-6:4", "10:8-10:8", "0:0-0:0"):
        assert await ed.actions(uri, place, "refactor.rewrite.async") == []
    action = await ed.resolved(action)
    (change,) = files_of(action).values()
    assert change.text_document.version == 1
    text = applied(VIEWS, change.edits)
    assert "async def page(request):\n    orders = [x async for x in Order.objects.all()]\n" in text
    assert '"total": await sync_to_async(services.total)("open")' in text
    assert "from asgiref.sync import sync_to_async\n" in text


async def test_a_file_that_no_rule_concerns_is_converted_too(editor: Start) -> None:
    """A helper, without any async code around it."""
    ed = await editor(FILES)
    text = "def label(order):\n    return str(order)\n"
    uri = ed.open("shop/labels.py", text)
    (action,) = await ed.actions(uri, "0:5-0:5", "refactor")
    assert action.title == "Convert label() to async"
    (change,) = files_of(await ed.resolved(action)).values()
    assert applied(text, change.edits) == "async " + text


async def test_a_helper_is_made_async_in_its_own_file(editor: Start) -> None:
    """The other file is changed when the user has seen it; both say what is done in them."""
    ed = await editor(FILES)
    text = VIEWS.replace(', "total": services.total("open")', "")
    uri = ed.open("shop/views.py", text)
    found = {a.title: a for a in await ed.actions(uri, "11:20-11:20")}
    action = found["Make total() async, and await it"]
    assert [str(d.code) for d in action.diagnostics or ()] == ["DUA106"]
    action = await ed.resolved(action)
    changes = files_of(action)
    assert {name: change.text_document.version for name, change in changes.items()} == {
        "views.py": 1,
        "services.py": None,
    }
    assert 'return await services.total("open")' in applied(text, changes["views.py"].edits)
    assert applied(FILES["shop/services.py"], changes["services.py"].edits).endswith(
        "async def total(status):\n    return await Order.objects.filter(status=status).acount()\n"
    )
    assert action.edit is not None and action.edit.change_annotations is not None
    told = action.edit.change_annotations
    shown = {
        name: next(
            (told[e.annotation_id].label, told[e.annotation_id].needs_confirmation) for e in change.edits
        )
        for name, change in changes.items()
        if all(isinstance(e, types.AnnotatedTextEdit) for e in change.edits)
    }
    assert shown == {"views.py": ("Await total()", False), "services.py": ("Make total() async", True)}


async def test_a_variant_where_sync_code_calls_it(editor: Start) -> None:
    """`page` is sync and keeps its function; open texts count, not those on the disk."""
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    services = "# a line more\n" + FILES["shop/services.py"]
    other = ed.open("shop/services.py", FILES["shop/services.py"])
    ed.change(other, ("0:0-0:0", "# a line more\n"))
    await ed.diagnostics(other)
    found = {a.title: a for a in await ed.actions(uri, "11:20-11:20", "refactor")}
    action = await ed.resolved(found["Make total() async, and await it"])
    changes = files_of(action)
    assert changes["services.py"].text_document.version == 2
    assert applied(services, changes["services.py"].edits) == services + (
        "\n\nasync def atotal(status):\n    return await Order.objects.filter(status=status).acount()\n"
    )
    assert applied(VIEWS, changes["views.py"].edits) == VIEWS.replace(
        'return services.total("open")', 'return await services.atotal("open")'
    )


async def test_what_is_left_stands_in_the_annotation(editor: Start) -> None:
    """A sync caller gets a coroutine, so the user is asked."""
    ed = await editor({**FILES, "shop/views.py": VIEWS})
    uri = ed.open("shop/services.py", FILES["shop/services.py"])
    (action,) = await ed.actions(uri, "4:6-4:6", "refactor")
    action = await ed.resolved(action)
    assert action.edit is not None and action.edit.change_annotations is not None
    for annotation in action.edit.change_annotations.values():
        assert annotation.description == "views.py:8 uses it in sync code"
        assert annotation.needs_confirmation


async def test_clients_without_annotations_get_plain_edits(editor: Start) -> None:
    """And those that do not resolve get them at once."""
    capabilities = capable(resolve=False)
    assert capabilities.workspace is not None and capabilities.workspace.workspace_edit is not None
    capabilities.workspace.workspace_edit.change_annotation_support = None
    ed = await editor(FILES, capabilities=capabilities)
    uri = ed.open("shop/views.py", VIEWS)
    (action,) = await ed.actions(uri, "5:6-5:6", "refactor")
    (change,) = files_of(action).values()
    assert action.edit is not None and action.edit.change_annotations is None
    assert "async def page" in applied(VIEWS, change.edits)


async def test_a_stale_refactoring_is_refused(editor: Start) -> None:
    """Neither this text nor another open one may have changed since."""
    ed = await editor(FILES)
    uri = ed.open("shop/views.py", VIEWS)
    (action,) = await ed.actions(uri, "5:6-5:6", "refactor")
    ed.change(uri, ("0:0-0:0", "# more\n"))
    with pytest.raises(JsonRpcException, match="has changed"):
        await ed.resolved(action)


async def test_the_server_says_so(editor: Start) -> None:
    """Clients show the refactorings in their menus."""
    ed = await editor(FILES)
    provider = ed.result.capabilities.code_action_provider
    assert isinstance(provider, types.CodeActionOptions)
    assert types.CodeActionKind.RefactorRewrite in (provider.code_action_kinds or ())


async def test_a_relation_is_brought_along_at_a_query_in_another_file(editor: Start) -> None:
    """The quick fix edits the file with the query, after a look; --fix, which mends file by file, has another one."""
    models = (
        "from django.db import models\n\n\nclass Customer(models.Model):\n    name = models.TextField()\n\n\n"
        "class Order(models.Model):\n    customer = models.ForeignKey(Customer, models.CASCADE)\n"
    )
    rows = "from shop.models import Order\n\n\nasync def newest(pk):\n    return await Order.objects.aget(pk=pk)\n"
    view = (
        "from shop.rows import newest\n\n\n"
        "async def view(request):\n    order = await newest(1)\n    return order.customer.name\n"
    )
    ed = await editor({**FILES, "shop/models.py": models, "shop/rows.py": rows})
    uri = ed.open("shop/views.py", view)
    found = {a.title: a for a in await ed.actions(uri, "5:18-5:18", "quickfix")}
    action = await ed.resolved(found['Add select_related("customer") to the query in rows.py'])
    (change,) = files_of(action).values()
    assert change.text_document.uri.endswith("/shop/rows.py")
    assert applied(rows, change.edits) == rows.replace(
        "objects.aget", 'objects.select_related("customer").aget'
    )

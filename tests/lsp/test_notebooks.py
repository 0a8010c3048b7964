"""Notebooks: cells that see each other, run on an event loop, and hold more than Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from django_uplift.engine.dispatch import Dispatch
from django_uplift.engine.registry import load
from django_uplift.lsp.notebooks import Notebook, as_python
from django_uplift_rules.kinds.async_event import AsyncEvent
from tests.lsp.conftest import FIXED, Start, applied, brief, capable, soon

MODELS = "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
FILES = {"shop/models.py": MODELS}


class Book:
    """A notebook in an editor."""

    def __init__(self, ed, *cells: str, name: str = "a b.ipynb") -> None:
        self.ed, self.uri, self.texts = ed, ed.uri(name), list(cells)
        self.versions = [1] * len(cells)
        items = [types.TextDocumentItem(self.cell(n), "python", 1, text) for n, text in enumerate(cells)]
        kinds = [types.NotebookCell(types.NotebookCellKind.Code, item.uri) for item in items]
        document = types.NotebookDocument(self.uri, "jupyter-notebook", 1, kinds)
        params = types.DidOpenNotebookDocumentParams(document, items)
        ed.client.notebook_document_did_open(params)

    def cell(self, number: int) -> str:
        return self.uri.replace("file:", "vscode-notebook-cell:") + f"#{number}"

    def change(self, change: types.NotebookDocumentCellChanges) -> None:
        identifier = types.VersionedNotebookDocumentIdentifier(9, self.uri)
        event = types.NotebookDocumentChangeEvent(cells=change)
        params = types.DidChangeNotebookDocumentParams(identifier, event)
        self.ed.client.notebook_document_did_change(params)

    def write(self, number: int, text: str) -> None:
        self.versions[number] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[number], self.cell(number))
        whole = [types.TextDocumentContentChangeWholeDocument(text)]
        content = types.NotebookDocumentCellContentChanges(identifier, whole)
        self.change(types.NotebookDocumentCellChanges(text_content=[content]))

    async def found(self, number: int, *wanted: tuple[str, str]) -> Any:
        """Wait until a cell has these diagnostics."""
        version = self.versions[number]

        def fits(p: types.PublishDiagnosticsParams) -> bool:
            return p.version == version and brief(p.diagnostics) == list(wanted)

        return await self.ed.client.publication(self.cell(number), fits)

    async def actions(self, number: int, where: str) -> dict[str, types.CodeAction]:
        return {action.title: action for action in await self.ed.actions(self.cell(number), where)}


def edits(action: types.CodeAction) -> dict[str, Any]:
    assert action.edit is not None
    changes = action.edit.document_changes or ()
    return {c.text_document.uri: c for c in changes if isinstance(c, types.TextDocumentEdit)}


@pytest.mark.asyncio
async def test_cells_see_each_other_and_are_fixed_one_by_one(editor: Start) -> None:
    ed = await editor()
    book = Book(ed, "# é\nfrom django.utils.encoding import force_text", "1", "'é𝒳'; force_text(1)\n")
    await book.found(0, ("DUR4001", "1:34-1:44"))
    await book.found(1)
    fix = (await book.actions(0, "1:40-1:40"))["Replace with force_str"]
    assert [d.range.start.line for d in fix.diagnostics or ()] == [1]
    found = edits(await ed.resolved(fix))
    assert set(found) == {book.cell(0), book.cell(2)}
    assert found[book.cell(2)].text_document.version == 1
    assert applied(book.texts[0], found[book.cell(0)].edits) == "# é\n" + FIXED.splitlines()[0]
    assert applied(book.texts[2], found[book.cell(2)].edits) == "'é𝒳'; force_str(1)\n"
    assert "force_text" in (await ed.hover(book.cell(0), 1, 40) or "")


def test_every_notebook_concerns_the_rules_for_async_code() -> None:
    rules = {rule for rule in load().rules if isinstance(rule.load(), AsyncEvent)}
    text = Notebook("file:///a.ipynb", Path("/a.ipynb")).text(1).text
    found = Dispatch(rules).concerned(text.encode())
    assert rules
    assert {rule.code for rule in rules} == {rule.code for rule in found if isinstance(rule, AsyncEvent)}


@pytest.mark.asyncio
async def test_cells_run_on_a_loop(editor: Start) -> None:
    ed = await editor(FILES)
    book = Book(ed, "from shop.models import Order", "def one():\n    return Order.objects.get()", "one()")
    await book.found(2, ("DUA106", "0:0-0:5"))
    await book.found(1)
    book.write(2, "orders = Order.objects.all()\nfirst = orders.get(pk=1)\nfor each in orders:\n    pass\n")
    await book.found(2, ("DUA101", "1:8-1:24"), ("DUA102", "2:12-2:18"))
    fix = next(a for a in (await book.actions(2, "1:10-1:10")).values() if "aget" in a.title)
    (change,) = edits(await ed.resolved(fix)).values()
    assert next(edit.new_text for edit in change.edits).startswith("await")
    book.write(2, "first = await Order.objects.aget(pk=1)\n")
    await book.found(2)


@pytest.mark.asyncio
async def test_django_may_be_told_to_let_it_pass(editor: Start) -> None:
    ed = await editor(FILES)
    book = Book(ed, "from shop.models import Order", "Order.objects.get()")
    await book.found(1, ("DUA101", "0:0-0:19"))
    book.write(
        0, "import os\nos.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = 'true'\nfrom shop.models import Order"
    )
    await ed.client.publication(book.cell(1), lambda p: not p.diagnostics)


@pytest.mark.asyncio
async def test_an_import_goes_behind_the_last_line_of_its_cell(editor: Start) -> None:
    ed = await editor(FILES)
    texts = ["from shop.models import Order", "Order.objects.get()"]
    book = Book(ed, *texts)
    await book.found(1, ("DUA101", "0:0-0:19"))
    fix = next(a for a in (await book.actions(1, "0:3-0:3")).values() if "sync_to_async" in a.title)
    found = edits(await ed.resolved(fix))
    first = applied(texts[0], found[book.cell(0)].edits).splitlines()
    assert sorted(first) == ["from asgiref.sync import sync_to_async", "from shop.models import Order"]
    assert applied(texts[1], found[book.cell(1)].edits) == "await sync_to_async(Order.objects.get)()"


@pytest.mark.asyncio
async def test_cells_come_go_and_move(editor: Start) -> None:
    ed = await editor()
    book = Book(ed, "x = 1\n", "y = probe_ways\n")
    await book.found(1, ("PRB001", "0:4-0:14"))
    item = types.TextDocumentItem(book.cell(2), "python", 1, "\n\nz = probe_ways")
    book.versions.append(1)
    kind = types.NotebookCell(types.NotebookCellKind.Code, item.uri)
    array = types.NotebookCellArrayChange(0, 1, [kind])
    gone = [types.TextDocumentIdentifier(book.cell(0))]
    structure = types.NotebookDocumentCellChangeStructure(array, [item], gone)
    book.change(types.NotebookDocumentCellChanges(structure=structure))
    await book.found(2, ("PRB001", "2:4-2:14"))
    await ed.client.publication(book.cell(0), lambda p: p.version is None and not p.diagnostics)
    before = len(ed.client.published)
    document = types.NotebookDocumentIdentifier(book.uri)
    ed.client.notebook_document_did_close(types.DidCloseNotebookDocumentParams(document, []))
    await ed.client.publication(
        book.cell(1), lambda p: not p.diagnostics and any(p is q for q in ed.client.published[before:])
    )


@pytest.mark.asyncio
async def test_cells_are_pulled(editor: Start) -> None:
    ed = await editor(capabilities=capable(pull=True))
    assert ed.result.capabilities.notebook_document_sync is not None
    book = Book(ed, "x = 1", "y = probe_ways")
    report = await ed.pull(book.cell(1))
    assert brief(report.items) == [("PRB001", "0:4-0:14")]
    assert (await ed.pull(book.cell(1), report.result_id)).kind == "unchanged"
    assert (await ed.pull(book.cell(0))).items == ()
    found = {item.uri: brief(item.items) for item in (await ed.pull_all()).items}
    assert found == {book.cell(0): [], book.cell(1): [("PRB001", "0:4-0:14")]}
    array = types.NotebookCellArrayChange(1, 1, [])
    structure = types.NotebookDocumentCellChangeStructure(
        array, None, [types.TextDocumentIdentifier(book.cell(1))]
    )
    book.change(types.NotebookDocumentCellChanges(structure=structure))
    news = {item.uri: item for item in (await ed.pull_all()).items}
    assert news[book.cell(1)].kind == "full" and news[book.cell(1)].items == ()


@pytest.mark.asyncio
async def test_magics_are_no_mistakes(editor: Start) -> None:
    ed = await editor()
    book = Book(
        ed,
        "%matplotlib inline\n!pip install x > y\nif 1:\n    %time probe_ways\nOrder?\ny = probe_ways",
        "%%bash\nls probe_ways |\n",
        "%%time\nz = probe_ways",
        "x = 1 +",
        "w = probe_ways",
    )
    await book.found(0, ("PRB001", "5:4-5:14"))
    await book.found(2, ("PRB001", "1:4-1:14"))
    await book.found(4, ("PRB001", "0:4-0:14"))
    await ed.client.publication(book.cell(1), lambda p: not p.diagnostics)
    assert ed.logged(types.MessageType.Error) == []


@given(st.text(alphabet="ab %!?#='\"(\n\r\téX"))
def test_no_line_changes_its_length(text: str) -> None:
    def shape(text: str) -> list[tuple[int, int]]:
        return [(len(line), len(line.encode("utf-16"))) for line in text.split("\n")]

    before, after = shape(text), shape(as_python(text))
    assert [length for length, _ in after] == [length for length, _ in before]


@pytest.mark.asyncio
async def test_what_is_not_open_changes_nothing(editor: Start) -> None:
    ed = await editor()
    book = Book(ed, "x = probe_ways")
    await book.found(0, ("PRB001", "0:4-0:14"))
    book.uri = ed.uri("never.ipynb")
    book.write(0, "y")
    assert await soon(ed.hover(book.cell(0), 0, 0)) is None
    assert any("not open" in message for message in ed.logged(types.MessageType.Warning))


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("%time x\n  !ls\n?a\nb.c??\nd?", "0#ime x\n  0#s\n0#\n0#c??\n0#"),
        ("x = a % b\ny != z\n'what?'\n# why?\n", None),
        ("%%time\nx = 1", "0#time\nx = 1"),
        ("%%html\n<b>\n\n</b>", "#%html\n#b>\n\n#/b>"),
    ],
)
def test_what_is_not_python_is_put_aside(text: str, python: str | None) -> None:
    assert as_python(text) == (text if python is None else python)


@pytest.mark.asyncio
async def test_a_string_that_looks_like_a_magic_is_not_written_over(editor: Start) -> None:
    ed = await editor()
    text = "from django.utils.encoding import force_text\ny = force_text('''\n%time\n''')"
    book = Book(ed, text)
    await book.found(0, ("DUR4001", "0:34-0:44"))
    fix = (await book.actions(0, "0:40-0:40"))["Replace with force_str"]
    (change,) = edits(await ed.resolved(fix)).values()
    assert applied(text, change.edits) == text.replace("force_text", "force_str")

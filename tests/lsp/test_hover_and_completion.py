"""What is shown on a flagged range and in suppression comments."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import BAD, TARGET_3_2, Start, capable

pytestmark = pytest.mark.asyncio


async def test_a_flagged_range_says_what_since_when_and_what_to_do(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_3_2})
    uri = ed.open("app.py", BAD)
    for line, column in ((0, 40), (2, 6)):
        text = await ed.hover(uri, line, column)
        assert text is not None
        assert text.startswith("**DUR4001** `force-text`: ")
        assert "Deprecated in Django 3.0; removed in 4.0" in text
        assert "Quick fix: Replace with force_str" in text
    assert await ed.hover(uri, 1, 0) is None
    assert await ed.hover(uri, 99, 99) is None
    assert await ed.hover(ed.uri("never.py"), 0, 0) is None


@pytest.mark.parametrize("comment", ["# django-uplift: ignore[force-text]", "# noqa: E501, DUR4001"])
async def test_a_code_in_a_suppression_shows_its_rule(editor: Start, comment: str) -> None:
    ed = await editor()
    uri = ed.open("app.py", f"x = 1  {comment}\n")
    text = await ed.hover(uri, 0, 7 + len(comment) - 3)
    assert text is not None and text.startswith("**DUR4001** `force-text`")
    assert await ed.hover(uri, 0, 9) is None


async def test_hover_on_broken_code(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    await ed.diagnostics(uri)
    ed.change(uri, ("2:0-2:0", "def (\n"))
    text = await ed.hover(uri, 0, 40)
    assert text is not None and "DUR4001" in text


async def test_a_client_without_markdown_is_told_so(editor: Start) -> None:
    capabilities = capable()
    assert capabilities.text_document is not None
    capabilities.text_document.hover = types.HoverClientCapabilities(
        content_format=[types.MarkupKind.PlainText]
    )
    ed = await editor(capabilities=capabilities)
    uri = ed.open("app.py", BAD)
    params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 40))
    found = await ed.client.text_document_hover_async(params)
    assert found is not None and isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind is types.MarkupKind.PlainText


async def test_codes_are_completed_those_of_the_line_first(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", "x = probe_ways  # django-uplift: ignore[]\ny = 1  # noqa: DU\nz = 'ignore['\n")
    slugs = await ed.labels(uri, 0, 40)
    assert slugs[0] == "many-ways" and "force-text" in slugs
    codes = await ed.labels(uri, 1, 17)
    assert "DUR4001" in codes and "force-text" not in codes
    assert await ed.labels(uri, 2, 12) == []
    assert await ed.labels(uri, 0, 3) == []


async def test_completion_works_while_the_comment_breaks_nothing_and_in_broken_code(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", "def (  # django-uplift: ignore[many-ways, for\n")
    assert "force-text" in await ed.labels(uri, 0, 45)

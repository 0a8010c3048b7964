"""Texts: incremental changes in every unit, line ends, and clients that count wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from django_uplift.lsp.documents import Snapshot, changed, moved
from django_uplift.text.edits import Edit, apply_edits, difference
from django_uplift.text.lines import Span
from tests.lsp.conftest import Start, applied, brief, capable, edits_of, span

# Everything that Python's splitlines takes for a line end, and characters of one to four bytes.
ALPHABET = "ab\n\r\f\v\x1c\x85\u2028é€\U0001d4b3"


def snapshot(text: str) -> Snapshot:
    from pathlib import Path

    return Snapshot("file:///a.py", Path("/a.py"), True, True, 1, 1, text)


def reference(text: str, start: tuple[int, int], end: tuple[int, int], new: str, encoding: str) -> str:
    """What the protocol says an edit does, character by character."""
    lines: list[str] = [""]
    at = 0
    while at < len(text):
        if text.startswith("\r\n", at):
            lines[-1] += "\r\n"
            lines.append("")
            at += 2
            continue
        lines[-1] += text[at]
        if text[at] in "\r\n":
            lines.append("")
        at += 1

    def offset(line: int, column: int) -> int:
        if line >= len(lines):
            return len(text)
        before = sum(map(len, lines[:line]))
        content = lines[line].rstrip("\r\n")
        units = {"utf-8": lambda c: len(c.encode()), "utf-16": lambda c: len(c.encode("utf-16-le")) // 2}.get(
            encoding, lambda c: 1
        )
        width = 0
        for index, char in enumerate(content):
            width += units(char)
            if width > column:
                return before + index
        return before + len(content)

    first, last = sorted((offset(*start), offset(*end)))
    return text[:first] + new + text[last:]


position = st.tuples(st.integers(0, 6), st.integers(0, 9))


@given(
    st.text(ALPHABET, max_size=20),
    st.lists(st.tuples(position, position, st.text(ALPHABET, max_size=5)), max_size=4),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_changes_mean_what_the_protocol_says(text, edits, encoding) -> None:
    expected, changes = text, []
    for start, end, new in edits:
        expected = reference(expected, start, end, new, encoding)
        place = types.Range(types.Position(*start), types.Position(*end))
        changes.append(types.TextDocumentContentChangePartial(range=place, text=new))
    before = snapshot(text)
    after = changed(before, 2, changes, encoding)
    assert after.text == expected
    steps = after.edits_since(before.serial)
    assert steps is not None
    replayed = text
    for edit in steps:
        replayed = apply_edits(replayed, [edit])
    assert replayed == expected


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_a_difference_is_one_edit_and_as_short_as_can_be(old: str, new: str) -> None:
    edit = difference(old, new)
    assert apply_edits(old, [edit]) == new
    kept = old[edit.start : edit.end]
    if kept and edit.text:
        assert kept[0] != edit.text[0] and kept[-1] != edit.text[-1]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(0, 0, "xx"), Span(6, 9)),
        (Edit(4, 4, "xx"), Span(6, 9)),
        (Edit(7, 7, "xx"), Span(4, 7)),
        (Edit(5, 6, "xx"), Span(4, 8)),
        (Edit(8, 9, ""), Span(4, 7)),
        (Edit(4, 7, "new"), None),
        (Edit(3, 5, ""), None),
        (Edit(6, 9, ""), None),
        (Edit(0, 9, ""), None),
    ],
)
def test_places_move_with_the_text(edit: Edit, expected: Span | None) -> None:
    assert moved(Span(4, 7), [edit]) == expected


def test_old_steps_are_let_go() -> None:
    first = snapshot("a")
    second = changed(first, 2, [types.TextDocumentContentChangeWholeDocument("ab")], "utf-16")
    third = changed(second, 3, [types.TextDocumentContentChangeWholeDocument("abc")], "utf-16")
    second.forget_steps()
    assert third.edits_since(second.serial) == [Edit(2, 2, "c")]
    assert third.edits_since(first.serial) is not None
    fourth = changed(third, 4, [types.TextDocumentContentChangeWholeDocument("abcd")], "utf-16")
    third.forget_steps()
    assert fourth.edits_since(first.serial) is None


COLUMNS = {"utf-8": "12:17-12:27", "utf-16": "12:14-12:24", "utf-32": "12:13-12:23"}


@pytest.mark.asyncio
async def test_columns_behind_an_emoji_in_every_unit(editor: Start, encoding: str) -> None:
    ed = await editor(capabilities=capable(encodings=[encoding]))
    assert ed.result.capabilities.position_encoding == encoding
    # Lines that Python's splitlines would count, a cookie-like mess of line ends, and an emoji before the range.
    head = "import a\x0c\n# \u2028 \x85 \x0b\r\n\r\n" + "\n" * 9
    text = head + "'é𝒳'; y = 1; probe_ways\n"
    uri = ed.open("app.py", text)
    ((code, place),) = brief(await ed.diagnostics(uri))
    assert code == "PRB001"
    start = {"utf-8": 18, "utf-16": 15, "utf-32": 14}[encoding]
    assert place == f"12:{start - 1}-12:{start + 9}"
    # An incremental change behind the emoji, in the same units.
    ed.change(uri, (place, "1; probe_ways"))
    ((_, place),) = brief(await ed.diagnostics(uri))
    assert place == f"12:{start + 2}-12:{start + 12}"
    (fix,) = [a for a in await ed.actions(uri, place, "quickfix") if a.title == "Use first"]
    (edit,) = edits_of(await ed.resolved(fix), uri)
    assert (edit.range, edit.new_text) == (span(place), "first")


@pytest.mark.asyncio
async def test_the_client_s_first_choice_of_units_wins(editor: Start) -> None:
    ed = await editor(capabilities=capable(encodings=["latin-1", "utf-32", "utf-8"]))
    assert ed.result.capabilities.position_encoding == "utf-32"


@pytest.mark.asyncio
async def test_clients_that_count_wrongly_break_nothing(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", "x = 1\n")
    ed.change(uri, ("90:5-80:0", "y = probe_ways\n"))  # reversed, and far behind the end
    assert brief(await ed.diagnostics(uri)) == [("PRB001", "1:4-1:14")]
    ed.change(uri, ("0:0-0:0", "\n"), version=2)  # the same version again
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == [("PRB001", "2:4-2:14")])
    never = ed.uri("never.py")
    ed.versions[never] = 1
    ed.change(never, ("0:0-0:0", "probe_ways"))
    ed.close(never)
    ed.change(uri, ("2:4-2:14", "z"), version=9)
    assert brief(await ed.diagnostics(uri)) == []
    warnings = ed.logged(types.MessageType.Warning)
    assert any("version 2 comes after version 2" in message for message in warnings)
    assert any("not open" in message for message in warnings)


@pytest.mark.asyncio
async def test_crlf_files_are_fixed_with_crlf(editor: Start) -> None:
    ed = await editor()
    text = "from django.utils.encoding import force_text\r\n\r\nx = force_text(1)\r\n"
    uri = ed.open("app.py", text)
    (action,) = await ed.actions(uri, "0:0-0:0", "source.fixAll")
    result = applied(text, edits_of(await ed.resolved(action), uri))
    assert result == text.replace("force_text", "force_str")


@pytest.mark.asyncio
async def test_a_huge_document_is_checked_and_edited(editor: Start) -> None:
    ed = await editor()
    text = "x = probe_ways\n" + "value = call(1, 2, 3)  # é\n" * 60_000
    uri = ed.open("big.py", text)
    ed.change(uri, ("60000:0-60000:0", "y = probe_ways\n"))
    found = brief(await ed.diagnostics(uri))
    assert found == [("PRB001", "0:4-0:14"), ("PRB001", "60000:4-60000:14")]

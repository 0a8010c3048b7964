"""Positions convert without loss, whatever stands on the line."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_uplift.text.lines import Lines, Span

ALPHABET = "ab \t\n\r\f\v\x85\u2028é漢🎉"
ENCODINGS = ("utf-8", "utf-16", "utf-32")


@given(st.text(ALPHABET, max_size=40), st.data())
def test_every_offset_survives_the_way_through_units(text, data):
    lines = Lines(text)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        offset += 1
    for encoding in ENCODINGS:
        assert lines.from_units(*lines.to_units(offset, encoding), encoding) == min(
            offset, lines.line_span(lines.line_of(offset)).end
        )


@given(st.text(ALPHABET, max_size=40))
def test_lines_end_where_lsp_ends_them(text):
    lines = Lines(text)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.line_text(i) for i in range(len(lines))] == expected


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 12), ("utf-16", 9), ("utf-32", 8)], ids=ENCODINGS)
def test_columns_count_the_units_of_the_encoding(encoding, column):
    lines = Lines("x\n🎉é = 1; name")
    assert lines.to_units(2 + 8, encoding) == (1, column)
    assert lines.from_units(1, column, encoding) == 10


def test_a_position_inside_a_character_goes_to_its_start():
    assert Lines("🎉x").from_units(0, 1, "utf-16") == 0


@pytest.mark.parametrize(("line", "column", "expected"), [(-1, 3, 0), (9, 0, 5), (0, 99, 2), (1, -4, 3)])
def test_positions_outside_the_text_move_to_its_edge(line, column, expected):
    assert Lines("ab\ncd").from_units(line, column, "utf-16") == expected


def test_ast_columns_are_bytes():
    text = "a = 'é🎉'; name"
    node = ast.parse(text).body[1]
    assert Lines(text).from_ast(node.lineno, node.col_offset) == text.index("name")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_spans_leave_the_line_end_out(newline):
    text = f"ab{newline}{newline}c"
    lines = Lines(text)
    assert [lines.line_text(i) for i in range(len(lines))] == ["ab", "", "c"]
    assert lines.line_span(0) == Span(0, 2)

"""How a line of source and its mark look on a terminal."""

from __future__ import annotations

import pytest

from django_uplift.api import Finding, Rule, Severity, Span
from django_uplift.report.formats.text import excerpt
from django_uplift.report.style import Style, clean, expand_tabs, width
from django_uplift.text.lines import Lines


def marked(text: str, word: str) -> tuple[str, str]:
    """The shown line, and what of it stands over the mark, by cells."""
    start = text.index(word)
    span = Span(start, start + len(word))
    shown, before, carets = excerpt(Lines(text), Finding(Rule("T1"), span, "m", Severity.ERROR))
    cells = "".join(char + "\0" * (width(char) - 1) for char in shown if width(char))
    return shown, cells[before : before + carets].replace("\0", "")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = old(1)\n", "old"),
        ("\told\n", "old"),
        ("a\tb\told  # c\td\n", "old"),
        ("'日本語', old\n", "old"),
        ("'日本語', 1\n", "本語"),
        ("'🦄', old\n", "old"),
        ("first\r\nold\r\nlast", "old"),
        ("\x0cold\n", "old"),
        ("x" * 1000 + " old " + "y" * 1000, "old"),
        ("é" * 1000 + " old", "old"),
        ("old " + "y" * 1000, "old"),
    ],
)
def test_the_mark_stands_under_the_finding(text: str, word: str) -> None:
    shown, under = marked(text, word)
    assert under == word
    assert width(shown) <= 2 * 170


def test_combining_characters_take_no_cell() -> None:
    assert marked("'e\u0301', old", "old")[1] == "old"
    assert width("e\u0301") == 1


def test_a_finding_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert marked("x = f(\n  1,\n)\n", "f(\n  1,\n)") == ("x = f(", "f(")


def test_an_empty_range_has_one_caret() -> None:
    finding = Finding(Rule("T1"), Span(1, 1), "m", Severity.ERROR)
    assert excerpt(Lines("x\n"), finding) == ("x", 1, 1)


def test_tabs_lead_to_stops() -> None:
    assert expand_tabs("\ta\tbcd\te") == "    a   bcd e"
    assert expand_tabs("日\tx") == "日  x"


def test_what_a_terminal_would_obey_is_replaced() -> None:
    assert clean("a\x1b[2Jb\r\x9b\u202ec\td") == "a\ufffd[2Jb\ufffd\ufffd\ufffdc\td"


def test_style() -> None:
    assert Style(enabled=False)("x", "red") == "x"
    assert Style(enabled=True)("x", "bold", "red") == "\x1b[1;31mx\x1b[0m"

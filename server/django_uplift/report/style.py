"""Text for terminals: colours if wanted, true widths, and nothing that the checked code smuggles in."""

from __future__ import annotations

import re
import unicodedata

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}

# Control characters would steer the terminal, and bidirectional ones reorder the line (CVE-2021-42574).
_UNSHOWN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})
TAB = 4


class Style:
    """Colours, or none."""

    __slots__ = ("enabled",)

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled

    def __call__(self, text: str, *looks: str) -> str:
        """`text` in the looks named, such as "bold" and "red"."""
        if not self.enabled or not text or not looks:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"


PLAIN = Style(enabled=False)


def clean(text: str) -> str:
    """`text` on one line, without characters that a terminal obeys rather than shows; tabs stay."""
    return _UNSHOWN.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    # A form feed at a line's start is old style, not an attack.
    return " " if match[0] == "\f" else "\N{REPLACEMENT CHARACTER}"


def width(text: str, start: int = 0) -> int:
    """How many cells `text` takes on a terminal, if it starts in cell `start`."""
    if text.isascii() and "\t" not in text:
        return len(text)
    at = start
    for char in text:
        if char == "\t":
            at += TAB - at % TAB
        elif unicodedata.category(char) in _ZERO_WIDTH:
            continue
        else:
            at += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return at - start


def expand_tabs(text: str) -> str:
    """`text` with each tab as the blanks that `width` counts for it."""
    if "\t" not in text:
        return text
    parts: list[str] = []
    at = 0
    for piece in re.split("(\t)", text):
        cells = width(piece, at)
        parts.append(" " * cells if piece == "\t" else piece)
        at += cells
    return "".join(parts)

"""Edits of one text, and their effect."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the characters from `start` up to `end` by `text`. Equal ends insert."""

    start: int
    end: int
    text: str


class OverlapError(ValueError):
    """Two edits touch the same characters."""


def merge_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits in order of position, equal ones once.

    Raises `OverlapError` where two different edits claim the same characters, or insert at the same place.
    """
    merged: list[Edit] = []
    for edit in sorted(set(edits)):
        if merged and conflict(merged[-1], edit):
            raise OverlapError(f"{merged[-1]} and {edit}")
        merged.append(edit)
    return tuple(merged)


def conflict(first: Edit, second: Edit) -> bool:
    """Whether two different edits can't both be made."""
    if first == second:
        return False
    if first.start == first.end == second.start == second.end:
        return True
    return first.start < second.end and second.start < first.end


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits made. Raises `OverlapError` as `merge_edits` does."""
    parts: list[str] = []
    at = 0
    for start, end, new in merge_edits(edits):
        parts += (text[at:start], new)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def difference(old: str, new: str) -> Edit:
    """The one edit that makes `new` of `old`, as short as it can be."""
    start = _common_prefix(old, new)
    tail = _common_prefix(old[start:][::-1], new[start:][::-1])
    return Edit(start, len(old) - tail, new[start : len(new) - tail])


def small_edits(old: str, new: str) -> Iterator[Edit]:
    """Edits that make `new` of `old` and leave the lines between them alone, so that marks there survive.

    Where as many lines come as go, each is an edit of its own, as people read them in a preview.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    offsets = [0]
    for line in before:
        offsets.append(offsets[-1] + len(line))
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if i_end - i == j_end - j:
            blocks = list(zip(offsets[i:i_end], before[i:i_end], after[j:j_end], strict=True))
        else:
            blocks = [(offsets[i], "".join(before[i:i_end]), "".join(after[j:j_end]))]
        for at, was, becomes in blocks:
            inner = difference(was, becomes)
            yield Edit(at + inner.start, at + inner.end, inner.text)


def _common_prefix(first: str, second: str) -> int:
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def unified_diff(old: str, new: str, path: str) -> str:
    """The change as a unified diff with `path` in both headers; empty if there is none.

    Lines end at LF only, as in git: carriage returns and form feeds stay inside their line.
    """
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines

"""The texts of open documents, as the client sees them.

pygls' own documents split lines with `str.splitlines`, which also breaks at form feeds and U+2028 and so puts
edits on wrong lines; these follow the protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types

from django_uplift.text.edits import Edit, difference
from django_uplift.text.lines import Lines, PositionEncoding, Span


class Step:
    """The edit that made one state of a text from the one before. Chained backwards, newest first."""

    __slots__ = ("before", "edit", "serial")

    def __init__(self, serial: int, edit: Edit, before: Step | None) -> None:
        self.serial, self.edit, self.before = serial, edit, before


@dataclass(frozen=True)
class Snapshot:
    """One state of a document. Never changes, so that any thread may read it.

    `serial` is ours and grows with each state, whatever `version` the client gives; `path` is a file's, or
    one that stands in for it.
    """

    uri: str
    path: Path
    is_file: bool
    is_python: bool
    version: int | None
    serial: int
    text: str
    steps: Step | None = None
    is_template: bool = False

    @cached_property
    def lines(self) -> Lines:
        """The text's lines."""
        return Lines(self.text)

    def edits_since(self, serial: int) -> list[Edit] | None:
        """The edits that led here from an earlier state, oldest first; None if they are no longer known."""
        edits: list[Edit] = []
        step = self.steps
        while step is not None and step.serial > serial:
            edits.append(step.edit)
            step = step.before
        return edits[::-1] if len(edits) == self.serial - serial else None

    def forget_steps(self) -> None:
        """Let go of how this text came about; later states keep their way back to it."""
        if self.steps is not None:
            self.steps.before = None


def changed(
    snapshot: Snapshot,
    version: int | None,
    changes: Sequence[types.TextDocumentContentChangeEvent],
    encoding: PositionEncoding,
) -> Snapshot:
    """The document after a ``didChange``. Ranges outside the text are moved into it."""
    text, serial, steps = snapshot.text, snapshot.serial, snapshot.steps
    lines = snapshot.lines
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            edit = Edit(*span_of(lines, change.range, encoding), change.text)
        else:
            edit = difference(text, change.text)
        serial += 1
        steps = Step(serial, edit, steps)
        text = text[: edit.start] + edit.text + text[edit.end :]
        lines = lines.after(*edit, text)
    made = Snapshot(
        snapshot.uri,
        snapshot.path,
        snapshot.is_file,
        snapshot.is_python,
        version,
        serial,
        text,
        steps,
        snapshot.is_template,
    )
    made.__dict__["lines"] = lines
    return made


def span_of(lines: Lines, range: types.Range, encoding: PositionEncoding) -> Span:
    """The characters of a client's range; a reversed one is put right."""
    start = lines.from_units(range.start.line, range.start.character, encoding)
    end = lines.from_units(range.end.line, range.end.character, encoding)
    return Span(min(start, end), max(start, end))


def moved(span: Span, edits: Iterable[Edit]) -> Span | None:
    """Where a place is after some edits; None if one of them took it away."""
    start, end = span
    for edit in edits:
        delta = len(edit.text) - (edit.end - edit.start)
        if edit.start >= end and not (edit.start == end == start):
            continue
        if edit.end <= start:
            start, end = start + delta, end + delta
        elif start <= edit.start and edit.end <= end and (edit.start, edit.end) != (start, end):
            end += delta
        else:
            return None
    return Span(start, end)

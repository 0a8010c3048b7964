"""Notebooks: their code cells as one text, and what is said of that text as what is said of the cells.

Cells see each other's names, so that they are analysed together. Each starts on a line of its own, and no line changes
its length, so that a place differs by its line alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types

from django_uplift.lsp.documents import Snapshot
from django_uplift.text.lines import Lines, PositionEncoding

# What IPython reads and Python doesn't: magics, shell commands, help. A cell magic makes the whole cell another
# language, unless it is one that runs the cell as Python.
_MAGIC = re.compile(r"^([ \t]*)[%!?][^\s]", re.MULTILINE)
_HELP = re.compile(r"^([ \t]*)[A-Za-z_](?=[\w.]*\*?[\w.]*\?\??[ \t]*$).", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\s*%%(?!time\b|timeit\b|capture\b|prun\b|debug\b)\w")
_FIRST = re.compile(r"^[^\r\n]", re.MULTILINE)

# A cell's code runs on an event loop whatever it holds: rules for async code are to look at it,
# whose prefilters want an async statement.
_TAIL = "# async def, await\n"


class Cell(NamedTuple):
    """A code cell, and the lines of the notebook's text that are its own."""

    document: Snapshot
    first: int
    length: int


@dataclass(frozen=True)
class NotebookText(Snapshot):
    """The text of all cells at one state of a notebook."""

    cells: tuple[Cell, ...] = ()

    def cell(self, uri: str) -> Cell | None:
        """A cell by its URI."""
        return next((cell for cell in self.cells if cell.document.uri == uri), None)

    def at(self, line: int) -> Cell | None:
        """The cell that a line of the text belongs to; None behind the last one."""
        index = bisect_right([cell.first for cell in self.cells], line) - 1
        if index < 0 or line > self.cells[index].first + self.cells[index].length:
            return None
        return self.cells[index]


class Notebook:
    """A notebook that is open."""

    def __init__(self, uri: str, path: Path) -> None:
        self.uri, self.path = uri, path
        self.order: list[str] = []
        """The URIs of all cells, also of those that hold no Python."""
        self.documents: dict[str, Snapshot] = {}

    def text(self, serial: int) -> NotebookText:
        """The text of all cells as they are now."""
        parts: list[str] = []
        cells: list[Cell] = []
        line = 0
        for uri in self.order:
            document = self.documents.get(uri)
            if document is None or not document.is_python:
                continue
            # An empty line between cells takes what is put behind the last line of one.
            parts.append(as_python(document.text) + "\n\n")
            cells.append(Cell(document, line, len(document.lines)))
            line += len(document.lines) + 1
        text = "".join((*parts, _TAIL))
        return NotebookText(self.uri, self.path, False, True, None, serial, text, cells=tuple(cells))

    def splice(self, array: types.NotebookCellArrayChange) -> None:
        """Cells came or went."""
        cells = [cell.document for cell in array.cells or ()]
        self.order[array.start : array.start + array.delete_count] = cells


def as_python(text: str) -> str:
    """A cell's code with what is not Python in comments; no line changes its length."""
    if _CELL_MAGIC.match(text):
        return _FIRST.sub("#", text)
    # A statement, as it may be all that stands in its block, and a comment.
    return _HELP.sub(r"\g<1>0#", _MAGIC.sub(r"\g<1>0#", text))


def moved(range: types.Range, by: int) -> types.Range:
    """A range some lines further down."""
    return types.Range(
        types.Position(range.start.line + by, range.start.character),
        types.Position(range.end.line + by, range.end.character),
    )


# What is JSON already


def _moved(range: dict[str, Any], by: int) -> dict[str, Any]:
    return {end: {**position, "line": position["line"] + by} for end, position in range.items()}


def by_cell(
    notebook: NotebookText, diagnostics: Iterable[dict[str, Any]]
) -> list[tuple[Snapshot, list[dict[str, Any]]]]:
    """Diagnostics of the text by cell; every cell is there."""
    found: dict[str, list[dict[str, Any]]] = {cell.document.uri: [] for cell in notebook.cells}
    for diagnostic in diagnostics:
        cell = notebook.at(diagnostic["range"]["start"]["line"])
        if cell is not None:
            found[cell.document.uri].append(_in_cell(notebook, cell, diagnostic))
    return [(cell.document, found[cell.document.uri]) for cell in notebook.cells]


def _in_cell(notebook: NotebookText, cell: Cell, diagnostic: dict[str, Any]) -> dict[str, Any]:
    made = {**diagnostic, "range": _moved(diagnostic["range"], -cell.first)}
    related = []
    for other in diagnostic.get("relatedInformation") or ():
        location = other["location"]
        there = notebook.at(location["range"]["start"]["line"]) if location["uri"] == notebook.uri else None
        if there is not None:
            location = {"uri": there.document.uri, "range": _moved(location["range"], -there.first)}
        related.append({**other, "location": location})
    return {**made, "relatedInformation": related} if related else made


def action_in_cells(
    notebook: NotebookText, action: dict[str, Any], encoding: PositionEncoding
) -> dict[str, Any] | None:
    """A code action on the text as one on the cells; None if its edit isn't one."""
    made = dict(action)
    if made.get("diagnostics"):
        made["diagnostics"] = [d for _, found in by_cell(notebook, made["diagnostics"]) for d in found]
    edit = made.get("edit")
    if not edit:
        return made
    if edit.get("changes"):
        changes: dict[str, Any] = {}
        for uri, edits in edit["changes"].items():
            split = {uri: edits} if uri != notebook.uri else _split(notebook, edits, encoding)
            if split is None:
                return None
            changes.update(split)
        made["edit"] = {**edit, "changes": changes}
    elif edit.get("documentChanges"):
        documents: list[dict[str, Any]] = []
        for change in edit["documentChanges"]:
            if change["textDocument"]["uri"] != notebook.uri:
                documents.append(change)
                continue
            split = _split(notebook, change["edits"], encoding)
            if split is None:
                return None
            for uri, edits in split.items():
                cell = notebook.cell(uri)
                version = None if cell is None else cell.document.version
                documents.append({"textDocument": {"uri": uri, "version": version}, "edits": edits})
        made["edit"] = {**edit, "documentChanges": documents}
    return made


def _split(
    notebook: NotebookText, edits: Sequence[dict[str, Any]], encoding: PositionEncoding
) -> dict[str, list[dict[str, Any]]] | None:
    """Edits of the text by cell; None where one is of several cells, or of none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        start, end = edit["range"]["start"], edit["range"]["end"]
        cell = notebook.at(start["line"])
        if cell is None or end["line"] > cell.first + cell.length:
            return None
        made = {**edit, "range": _moved(edit["range"], -cell.first)}
        if start != end and _was_changed(cell, start["line"] - cell.first, end["line"] - cell.first):
            return None
        if end["line"] == cell.first + cell.length:
            # Behind the last line: there is none in the cell.
            if start["line"] != end["line"]:
                return None
            made["range"] = _end_of(cell.document.lines, cell.document.text, encoding)
            made["newText"] = "\n" + edit["newText"].rstrip("\r\n")
        found.setdefault(cell.document.uri, []).append(made)
    return found


def _was_changed(cell: Cell, first: int, last: int) -> bool:
    """Whether what was analysed of some lines is not what stands there: an edit may bring it back."""
    text = cell.document.text
    shown = Lines(as_python(text))
    return any(
        shown.line_text(line) != cell.document.lines.line_text(line)
        for line in range(first, min(last + 1, cell.length))
    )


def _end_of(lines: Lines, text: str, encoding: PositionEncoding) -> dict[str, Any]:
    line, column = lines.to_units(len(text), encoding)
    at = {"line": line, "character": column}
    return {"start": at, "end": at}

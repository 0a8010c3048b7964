"""``--fix``: the fixes made and the files written, then what is left reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django_uplift.cli.session import Session
from django_uplift.engine.findings import Safety
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Checked, Project
from django_uplift.project.files import write_atomic
from django_uplift.report.paths import shown
from django_uplift.report.results import FileResult
from django_uplift.text.source import Source


class Repaired(NamedTuple):
    """A file whose fixes change something."""

    source: Source
    text: str
    old: bytes
    new: bytes
    fixed: Counter[Rule]


def results(session: Session) -> Iterator[FileResult]:
    """Fix the files that the command line names, one after the other; findings are those that are left."""
    if session.options.paths == ["-"]:
        yield from _standard_input(session)
        return
    paths = session.files()
    yield from session.unreached()
    for done, path in enumerate(paths):
        session.console.progress.show(done, len(paths), "Fixed")
        project = session.project_of(path)
        if project is None:
            continue
        try:
            checked = session.engine.check(path)
            repaired = repair(session, checked, project)
            if repaired is not None and _write(session, path, repaired):
                session.engine.forget(path)
                checked = _after(session, path, repaired)
        except Exception as error:  # Analysis raises for no input; if it does, the other files go on.
            session.file_failed(path, error)
            continue
        yield session.result(checked, project)


def _standard_input(session: Session) -> Iterator[FileResult]:
    """As a filter: the text, fixed or not, comes out again."""
    path = session.stdin()
    data = session.read(path)
    project = session.project_of(path)
    if project is None:
        return
    try:
        checked = session.engine.check(path)
        repaired = repair(session, checked, project)
        if repaired is not None:
            data = repaired.new
            checked = _after(session, path, repaired)
    except Exception as error:
        session.file_failed(path, error)
        session.console.write_bytes(data)
        return
    session.console.write_bytes(data)
    yield session.result(checked, project)


def repair(session: Session, checked: Checked, project: Project) -> Repaired | None:
    """What the fixes make of a file; None if nothing, or if the result can't be a file."""
    if checked.source is None or not any(
        _is_fixable(fix.safety) for f in checked.findings for fix in f.fixes
    ):
        return None
    path, source = checked.path, checked.source
    fixed = session.engine.fix_text(path, source.text, unsafe=project.settings.unsafe_fixes)
    if fixed.text == source.text:
        return None
    try:
        old, new = source.encode(source.text), source.encode(fixed.text)
    except UnicodeEncodeError as error:
        wrong = error.object[error.start]
        session.console.warning(
            f"{shown(path)}: not fixed: the new text has {wrong!a}, which {source.encoding} has no bytes for"
        )
        return None
    return Repaired(source, fixed.text, old, new, fixed.fixed)


def _is_fixable(safety: Safety) -> bool:
    return safety is not Safety.DISPLAY


def _write(session: Session, path: Path, repaired: Repaired) -> bool:
    try:
        if session.read(path) != repaired.old:
            session.console.warning(f"{shown(path)}: not fixed: the file changed while it was checked")
            return False
        write_atomic(path, repaired.new)
    except OSError as error:
        session.failed = True
        session.console.error(f"{shown(path)}: the fixes can't be written: {error.strerror or error}")
        return False
    return True


def _after(session: Session, path: Path, repaired: Repaired) -> Checked:
    session.totals.fixed += repaired.fixed
    session.totals.files_fixed += 1
    session.console.note(f"fixed {shown(path)}")
    return session.engine.check_text(path, repaired.text)

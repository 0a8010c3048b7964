"""``--check``: findings, and nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

from django_uplift.cli.session import Session
from django_uplift.report.results import FileResult


def results(session: Session) -> Iterator[FileResult]:
    """Check the files that the command line names, one after the other."""
    if session.options.paths == ["-"]:
        paths = [session.stdin()]
    else:
        paths = session.files()
        yield from session.unreached()
    session.engine.expect(len(paths))
    for done, path in enumerate(paths):
        session.console.progress.show(done, len(paths), "Checked")
        project = session.project_of(path)
        if project is None:
            continue
        try:
            checked = session.engine.check(path)
        except Exception as error:  # Analysis raises for no input; if it does, the other files go on.
            session.file_failed(path, error)
            continue
        yield session.result(checked, project)
        if checked.context is not None:
            checked.context.release()
    session.engine.save()

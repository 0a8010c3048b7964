"""The command that makes a plan: a run over all files of a folder, in small pieces, so that typing goes before."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.progress import Progress
from django_uplift.lsp.protocol import Raw, Refused
from django_uplift.lsp.schedule import Priority

if TYPE_CHECKING:
    from django_uplift.engine.run import Engine
    from django_uplift.lsp.server import UpliftServer
    from django_uplift.plan.survey import Survey

PLAN = "djangoUplift.plan"
FORMATS = ("html", "json")


class _Run(NamedTuple):
    engine: Engine
    root: Path
    paths: list[Path]
    survey: Survey


async def plan(
    ls: UpliftServer,
    folder: str | None = None,
    start: str | None = None,
    goal: str | None = None,
    form: str = "html",
    nonce: str | None = None,
    *_: Any,
) -> Raw:
    """The plan for a folder (the first root by default), as a page or as JSON.

    The page allows styles and scripts by the `nonce`, which is made up unless given, and its places are links. Refused
    with a sentence for the user where no plan can be made, and when the client cancels it by its progress.
    """
    if form not in FORMATS:
        raise Refused(
            types.ErrorCodes.InvalidParams, f"the plan comes as {' or '.join(FORMATS)}, not as {form!r}"
        )
    path = uris.to_path(folder) if folder else next(iter(ls.session.folders.values()), None)
    if path is None:
        raise _failed("there is no folder to make a plan for")
    progress = Progress(ls, "Django upgrade plan", "the plan was cancelled")
    await progress.begin()
    try:
        run = await ls.worker.submit(lambda _: _begin(ls, path, start, goal), Priority.ASKED)
        for done, file in enumerate(run.paths):
            progress.report(done, len(run.paths))
            await ls.worker.submit(lambda _, file=file: _take(run, file), Priority.BACKGROUND)  # type: ignore[misc]
        reading = run.survey.read(run.engine.workspace.store, run.engine.workspace.environment)
        while await ls.worker.submit(lambda _: len(list(itertools.islice(reading, 4))), Priority.BACKGROUND):
            progress.report(len(run.paths), len(run.paths))
        return await ls.worker.submit(lambda _: _end(ls, run, form, nonce), Priority.BACKGROUND)
    finally:
        progress.end()


def _failed(message: str) -> Refused:
    return Refused(types.LSPErrorCodes.RequestFailed, message)


# The worker's thread


def _begin(ls: UpliftServer, path: Path, start: str | None, goal: str | None) -> _Run:
    from django_uplift.plan.bounds import bounds
    from django_uplift.plan.build import Request
    from django_uplift.plan.survey import Survey
    from django_uplift.project.config import ConfigError

    analyst = ls.session.analyst
    settings = analyst.engine_for(path / "any.py").project_of(path / "any.py").settings
    try:
        begin, end = bounds(settings, analyst.store, start, goal, labels=("from", "to"))
    except ConfigError as error:
        raise _failed(error.message) from None
    engine = analyst.engine_at(path / "any.py", str(end.release))
    paths = analyst.files_of(engine, path)

    def shown(file: Path) -> str:
        inside = file.relative_to(path) if file.is_relative_to(path) else file
        return inside.as_posix()

    request = Request(str(path), begin, end, paths=(".",))
    # The engine has logged what a failing rule raised.
    return _Run(engine, path, paths, Survey(request, settings.root, paths, shown, lambda *_: None))


def _take(run: _Run, file: Path) -> None:
    run.survey.add(run.engine.check(file), run.engine.project_of(file).settings.root)


def _end(ls: UpliftServer, run: _Run, form: str, nonce: str | None) -> Raw:
    made = run.survey.finish()
    nonce = nonce or secrets.token_urlsafe(16)
    if form == "json":
        from django_uplift.report.plans.json import as_json

        content = as_json(made)
    else:
        from django_uplift.report.plans.html import Webview, page

        content = page(made, Webview(nonce, lambda path: ls.session.uri_of(run.root / path)))
    return Raw(
        {
            "root": str(run.root),
            "from": str(made.start),
            "to": str(made.goal),
            "format": form,
            "nonce": nonce,
            "content": content,
        }
    )

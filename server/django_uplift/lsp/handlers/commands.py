"""Commands that a client can have run."""

from __future__ import annotations

import hashlib
import platform
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.handlers import configuration
from django_uplift.lsp.handlers.fixing import FIX, fix
from django_uplift.lsp.handlers.plan import PLAN, plan
from django_uplift.lsp.handlers.project import project_information
from django_uplift.lsp.protocol import Raw, Refused
from django_uplift.lsp.schedule import Priority, Token

if TYPE_CHECKING:
    from django_uplift.lsp.analysis import Analyst
    from django_uplift.lsp.documents import Snapshot
    from django_uplift.lsp.server import UpliftServer

DEBUG_INFORMATION = "djangoUplift.debugInformation"
SET_TARGET_VERSION = "djangoUplift.setTargetVersion"
REINDEX = "djangoUplift.reindex"
PROJECT_INFORMATION = "djangoUplift.projectInformation"


_TRUST = {True: "yes", False: "no", None: "the editor does not say"}


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    for name, command in COMMANDS.items():
        server.protocol.fm.commands[name] = _bound(command, server)


def _bound(command: Callable[..., Coroutine[Any, Any, Any]], server: UpliftServer) -> Any:
    async def run(*arguments: Any) -> Any:
        await server.session.settled.wait()
        return await command(server, *arguments)

    return run


async def debug_information(ls: UpliftServer, uri: str | None = None, *_: Any) -> Raw:
    """What is in force for a document (the first open one by default), as Markdown."""
    session, analyst = ls.session, ls.session.analyst
    uri = uri or next(iter(session.documents), None)

    def job(_: Token) -> Raw:
        lines = [
            f"- django-uplift {ls.version}, {len(analyst.registry.rules)} rules,"
            f" on Python {platform.python_version()} ({sys.platform})",
            f"- roots: {', '.join(str(path) for path in session.folders.values()) or 'none'}",
            f"- the workspace is trusted: {_TRUST[session.trusted]}",
            f"- open documents: {len(session.documents)}",
            f"- diagnostics are {'pulled' if session.abilities.pull else 'pushed'},"
            f" positions in {session.abilities.encoding}",
            f"- editor's settings: {session.options()}",
        ]
        snapshot = session.documents.get(uri or "")
        if snapshot is not None:
            digest = hashlib.blake2b(
                snapshot.text.encode("utf-8", "surrogatepass"), digest_size=8
            ).hexdigest()
            lines.append(
                f"- text: version {snapshot.version}, {len(snapshot.text)} characters, digest {digest}"
            )
        path = snapshot.path if snapshot is not None else uris.to_path(uri or "")
        if path is not None:
            engine = analyst.engine_for(path)
            project = engine.project_of(path)
            lines += [
                f"- document: {uri}",
                f"- project: {project.settings.root}",
                f"- configuration: {project.settings.origin or 'none: the defaults hold'}",
                f"- target: Django {project.target.release} ({project.target.origin})",
                f"- rules that run: {len(project.rules)}",
                f"- module: {project.modules.name_of(path)[0] or 'none'}",
                f"- packages: {engine.workspace.environment_of(project.settings) or 'no environment found'}",
            ]
            if snapshot is not None:
                lines += _checked(analyst, snapshot)
        return Raw("\n".join(lines) + "\n")

    return await ls.worker.submit(job, Priority.ASKED)


def _checked(analyst: Analyst, snapshot: Snapshot) -> list[str]:
    """What came of a document's check, what of it was not understood, and how long one takes."""
    begun = time.perf_counter()
    analysis = analyst.analyse(snapshot)
    took = time.perf_counter() - begun
    if analyst.is_left_out(snapshot.path):
        return ["- check: none, as the file is excluded, ignored by git, or of an installed package"]
    lines = [
        f"- check: {len(analysis.findings)} findings in {len(snapshot.lines)} lines, {1000 * took:.0f} ms now"
    ]
    if analysis.problem is not None:
        problem = analysis.problem
        lines.append(f"- not understood: line {problem.line + 1}, {problem.message}")
    if not analysis.is_full:
        lines.append("- jedi has not answered everything yet")
    if analysis.context is None and analysis.problem is None and not analysis.findings:
        lines.append("- no rule that runs concerns anything in it")
    elif analysis.context is not None or analysis.problem is None:
        # As the command would: nothing is known before.
        engine = analyst.engine_for(snapshot.path)
        begun = time.perf_counter()
        engine.check_text(snapshot.path, snapshot.text, quick=True)
        lines.append(
            f"- check of the whole text without other files: {1000 * (time.perf_counter() - begun):.0f} ms"
        )
    return lines


async def set_target_version(ls: UpliftServer, version: str | None = None, *_: Any) -> None:
    """Check for another Django release until the server ends; without an argument, for the configured one."""
    from django_uplift.django.releases import Release

    if version:
        try:
            version = str(Release.parse(str(version)))
        except ValueError as error:
            raise Refused(types.ErrorCodes.InvalidParams, str(error)) from None
    ls.session.force("targetVersion", version or None)
    await configuration.settle(ls)


async def reindex(ls: UpliftServer, *_: Any) -> None:
    """Forget everything that was read, and start again."""
    ls.publisher.files.clear()
    await configuration.reload(ls)


COMMANDS = {
    DEBUG_INFORMATION: debug_information,
    SET_TARGET_VERSION: set_target_version,
    REINDEX: reindex,
    PROJECT_INFORMATION: project_information,
    PLAN: plan,
    FIX: fix,
}

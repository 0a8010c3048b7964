"""Settings: where they come from, and what happens when they change."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp import uris
from django_uplift.lsp.schedule import Priority, Token
from django_uplift.lsp.session import SECTION

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer

# A client that does not answer must not keep us from checking.
_PATIENCE = 3.0

# Files that say what is checked and for which Django.
_NAMES = (
    "pyproject.toml", "django-uplift.toml", ".django-uplift.toml", "setup.cfg", "setup.py", ".gitignore",
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "pylock.toml",
)  # fmt: skip
WATCHED = (
    f"**/{{{','.join(_NAMES)}}}",
    "**/*requirements*.{txt,in}",
    "**/requirements/**/*.{txt,in}",
    "**/*.{py,pyi,html,htm,djhtml}",
    "**/templates/**/*.txt",
)


# All of them: a folder that is renamed is told of once, not file by file.
FILES = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)


def register(server: UpliftServer) -> None:
    """Have our handlers called."""
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_workspace_folders)
    server.feature(types.WORKSPACE_DID_CREATE_FILES)(did_create_files)
    server.feature(types.WORKSPACE_DID_RENAME_FILES)(did_rename_files)
    server.feature(types.WORKSPACE_DID_DELETE_FILES)(did_delete_files)


async def initialized(ls: UpliftServer, params: types.InitializedParams) -> None:
    """Register what can only be registered now, and ask for the settings."""
    registrations = []
    if ls.session.abilities.watching:
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob) for glob in WATCHED]
        )
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if ls.session.abilities.configuration_registration:
        wanted = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, wanted))
    if registrations:
        ls.publisher.start(
            _ask(ls, types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations))
        )
    # While the client answers, what needs no settings.
    ls.worker.submit(lambda _: ls.session.analyst.warm_up(), Priority.SETUP)
    await settle(ls)


def _registration(method: str, options: object) -> types.Registration:
    return types.Registration(f"django-uplift:{method}", method, options)


async def _ask(ls: UpliftServer, method: str, params: object) -> None:
    await ls.ask(method, params)


async def settle(ls: UpliftServer) -> None:
    """Take the settings as they are now, and check everything under them."""
    session = ls.session
    if session.abilities.configuration:
        roots = list(session.folders) or [""]
        items = [types.ConfigurationItem(scope_uri=uri or None, section=SECTION) for uri in roots]
        asked = ls.ask(types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items))
        try:
            answer = await asyncio.wait_for(asked, _PATIENCE)
        except asyncio.TimeoutError:
            answer = None
        if isinstance(answer, (list, tuple)):
            for uri, settings in zip(roots, answer, strict=False):
                session.set_pulled(uri, settings)
    roofs = session.roofs()
    try:
        await ls.worker.submit(lambda _: session.analyst.configure(roofs), Priority.SETUP)
    finally:
        session.settled.set()  # Whoever waits for this must get an answer, if only an error.
    ls.publisher.check_all()


async def did_change_configuration(ls: UpliftServer, params: types.DidChangeConfigurationParams) -> None:
    """The editor's settings changed; some clients say how, others want to be asked."""
    ls.session.set_pushed(params.settings)
    if ls.session.settled.is_set():
        await settle(ls)


async def did_change_workspace_folders(
    ls: UpliftServer, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Roots came or went."""
    ls.session.change_folders(params.event.added, params.event.removed)
    if ls.session.settled.is_set():
        await settle(ls)


async def did_change_watched_files(ls: UpliftServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Files changed behind the editor's back, or were saved by it."""
    await _changed(ls, [change.uri for change in params.changes])


async def did_create_files(ls: UpliftServer, params: types.CreateFilesParams) -> None:
    """Files were made in the editor."""
    await _changed(ls, [file.uri for file in params.files])


async def did_rename_files(ls: UpliftServer, params: types.RenameFilesParams) -> None:
    """Files or folders have other names: modules came and went."""
    await _changed(ls, [uri for file in params.files for uri in (file.old_uri, file.new_uri)])


async def did_delete_files(ls: UpliftServer, params: types.DeleteFilesParams) -> None:
    """Files or folders went."""
    await _changed(ls, [file.uri for file in params.files])


async def _changed(ls: UpliftServer, changed: list[str]) -> None:
    paths = [path for uri in changed if (path := uris.to_path(uri)) is not None]
    code = [path for path in paths if _is_checked(path)]
    if len(code) < len(paths):
        await reload(ls)
    elif code:
        await _forget(ls, code)


def _is_checked(path: Path) -> bool:
    """Whether a file is source; others say what is checked and how."""
    from django_uplift.syntax.templates import language_of

    if path.suffix in (".py", ".pyi"):
        return path.name != "setup.py"
    return language_of(path) == "template" or path.suffix in (".html", ".htm")


async def _forget(ls: UpliftServer, paths: list[Path]) -> None:
    open_files = {snapshot.path for snapshot in ls.session.documents.values()}
    analyst = ls.session.analyst

    def job(_: Token) -> bool:
        # An open document speaks for its file: that it was saved changes nothing.
        outside = [path for path in paths if path not in open_files]
        for path in outside:
            analyst.forget_file(path)
        return bool(outside)

    if await ls.worker.submit(job, Priority.SETUP):
        ls.publisher.check_all()


async def reload(ls: UpliftServer) -> None:
    """Read all configuration files again, and check everything under what they say."""
    await ls.worker.submit(lambda _: ls.session.analyst.forget_settings(), Priority.SETUP)
    ls.publisher.check_all()


def look_for_changes(ls: UpliftServer) -> None:
    """Where the client does not watch files for us, look ourselves whether a root's configuration changed."""
    if ls.session.abilities.watching or not ls.session.settled.is_set():
        return
    roots = tuple(ls.session.folders.values())
    future = ls.worker.submit(lambda _: _stamps(roots), Priority.OPEN, "stamps")

    def looked(future: asyncio.Future[tuple[tuple[str, int], ...]]) -> None:
        if future.cancelled() or future.exception() is not None:
            return
        before, ls.session.stamps = ls.session.stamps, future.result()
        if before is not None and before != ls.session.stamps:
            ls.publisher.start(reload(ls))

    future.add_done_callback(looked)


def _stamps(roots: tuple[Path, ...]) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for root in roots:
        try:
            for entry in os.scandir(root):
                if entry.name in _NAMES or "requirements" in entry.name:
                    found.append((entry.path, entry.stat().st_mtime_ns))
        except OSError:
            continue
    return tuple(sorted(found))

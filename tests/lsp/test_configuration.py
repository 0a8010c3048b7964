"""Settings from files and editors, and what happens when they change."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import BAD, TARGET_3_2, TARGET_4_2, Start, brief, capable

pytestmark = pytest.mark.asyncio

ERROR, WARNING = types.DiagnosticSeverity.Error, types.DiagnosticSeverity.Warning


def severity_is(severity: types.DiagnosticSeverity):
    return lambda p: bool(p.diagnostics) and p.diagnostics[0].severity is severity


def changed(ed, settings) -> None:
    ed.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))


def touched(ed, name: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
    event = types.FileEvent(ed.uri(name), kind)
    ed.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


@pytest.mark.parametrize(
    "options",
    [
        {"targetVersion": "3.2"},
        {"settings": {"targetVersion": "3.2"}},
        {"djangoUplift": {"target-version": "3.2", "interpreter": ["python"], "trace": {"server": "off"}}},
    ],
)
async def test_initialization_options_win_over_files(editor: Start, options) -> None:
    ed = await editor({"pyproject.toml": TARGET_4_2}, options=options)
    found = await ed.diagnostics(ed.open("app.py", BAD))
    assert found[0].severity is WARNING
    assert ed.client.messages == []


async def test_settings_are_pulled_and_again_when_they_change(editor: Start) -> None:
    ed = await editor(settings={"targetVersion": "3.2"})
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is WARNING
    ed.client.set_configuration({"targetVersion": "5.2"}, section="djangoUplift")
    changed(ed, None)
    await ed.client.publication(uri, severity_is(ERROR))


async def test_settings_that_are_pushed(editor: Start) -> None:
    capabilities = capable()
    assert capabilities.workspace is not None
    capabilities.workspace.configuration = False
    ed = await editor(capabilities=capabilities)
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is ERROR
    changed(ed, {"djangoUplift": {"severity": {"force-text": "warning"}}})
    await ed.client.publication(uri, severity_is(WARNING))
    changed(ed, {"djangoUplift": {"ignore": ["DUR4001"]}})
    await ed.client.publication(uri, lambda p: not p.diagnostics)


async def test_wrong_settings_are_told_once_and_the_right_ones_hold(editor: Start) -> None:
    ed = await editor(
        options={"targetVersoin": "3.2", "select": "ALL", "severity": {"force-text": "warning"}}
    )
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is WARNING
    messages = [message.message for message in ed.client.messages]
    assert any("did you mean 'target-version'" in message for message in messages)
    assert any("select: expected a list" in message for message in messages)
    changed(ed, None)
    ed.change(uri, ("0:0-0:0", "\n"))
    await ed.diagnostics(uri)
    assert [message.message for message in ed.client.messages] == messages


async def test_the_files_that_matter_are_watched(editor: Start) -> None:
    ed = await editor()
    await ed.diagnostics(ed.open("app.py", BAD))
    watched = ed.client.registered["workspace/didChangeWatchedFiles"]
    globs = " ".join(watcher["globPattern"] if isinstance(watcher, dict) else watcher.glob_pattern for watcher in (
        watched["watchers"] if isinstance(watched, dict) else watched.watchers
    ))  # fmt: skip
    for name in (
        "pyproject.toml",
        "django-uplift.toml",
        "uv.lock",
        "poetry.lock",
        "Pipfile",
        "requirements",
        "py",
    ):
        assert name in globs


async def test_a_changed_configuration_file_takes_effect(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_4_2})
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is ERROR
    ed.write("pyproject.toml", TARGET_3_2)
    touched(ed, "pyproject.toml")
    await ed.client.publication(uri, severity_is(WARNING))


async def test_a_changed_requirement_takes_effect(editor: Start) -> None:
    ed = await editor({"pyproject.toml": "", "requirements.txt": "Django==3.2.1\n"})
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is WARNING
    ed.write("requirements.txt", "Django==5.2\n")
    touched(ed, "requirements.txt")
    await ed.client.publication(uri, severity_is(ERROR))


async def test_without_watchers_a_save_looks_for_changed_configuration(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_4_2}, capabilities=capable("neovim@v0.7.0"))
    uri = ed.open("app.py", BAD)
    assert (await ed.client.publication(uri, severity_is(ERROR))).diagnostics
    save = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    ed.client.text_document_did_save(save)
    await ed.actions(uri, "1:0-1:0")
    await asyncio.sleep(0.3)  # the first look only remembers
    ed.write("pyproject.toml", TARGET_3_2)
    ed.client.text_document_did_save(save)
    await ed.client.publication(uri, severity_is(WARNING))


async def test_a_wrong_configuration_file_is_marked_where_it_is_wrong(editor: Start) -> None:
    wrong = '[tool.django-uplift]\ntarget-version = "4.2"\nselekt = []\n'
    ed = await editor({"pyproject.toml": wrong})
    uri = ed.open("app.py", BAD)
    assert brief(await ed.diagnostics(uri)) == [("DUR4001", "0:34-0:44")]
    file = ed.uri("pyproject.toml")
    (diagnostic,) = (await ed.client.publication(file, lambda p: bool(p.diagnostics))).diagnostics
    assert diagnostic.range.start.line == 2 and "did you mean 'select'" in diagnostic.message
    assert any("selekt" in message.message for message in ed.client.messages)
    ed.write("pyproject.toml", TARGET_4_2)
    touched(ed, "pyproject.toml")
    await ed.client.publication(file, lambda p: not p.diagnostics)


async def test_every_root_has_its_own_settings(editor: Start) -> None:
    files = {"old/pyproject.toml": TARGET_3_2, "new/pyproject.toml": TARGET_4_2}
    ed = await editor(files, folders=("old", "new"))
    assert (await ed.diagnostics(ed.open("old/app.py", BAD)))[0].severity is WARNING
    uri = ed.open("new/app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is ERROR
    ed.client.set_configuration(
        {"djangoUplift": {"targetVersion": "3.2"}}, scope_uri=ed.uri("new").rstrip("/")
    )
    changed(ed, None)
    await ed.client.publication(uri, severity_is(WARNING))


async def test_roots_come_and_go(editor: Start) -> None:
    ed = await editor({"far/pyproject.toml": "", "far/requirements.txt": "Django==4.2\n"}, folders=())
    ed.client.set_configuration({"djangoUplift": {"targetVersion": "3.2"}}, scope_uri=ed.uri("far"))
    uri = ed.open("far/app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is ERROR
    folder = types.WorkspaceFolder(ed.uri("far"), "far")
    for added, removed, severity in (([folder], [], WARNING), ([], [folder], ERROR), ([], [folder], ERROR)):
        event = types.WorkspaceFoldersChangeEvent(added, removed)
        ed.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await ed.client.publication(
            uri, lambda p, severity=severity: p is last(ed, uri) and severity_is(severity)(p)
        )


def last(ed, uri: str):
    return [p for p in ed.client.published if p.uri == uri][-1]


async def test_pull_clients_are_told_to_pull_again(editor: Start) -> None:
    ed = await editor(capabilities=capable(pull=True))
    uri = ed.open("app.py", BAD)
    await ed.pull(uri)
    before = ed.client.diagnostic_refresh_count
    ed.client.set_configuration({"targetVersion": "3.2"}, section="djangoUplift")
    changed(ed, None)
    for _ in range(100):
        if ed.client.diagnostic_refresh_count > before:
            break
        await asyncio.sleep(0.05)
    assert ed.client.diagnostic_refresh_count > before
    assert (await ed.pull(uri)).items[0].severity is WARNING


async def command(ed, name: str, *arguments):
    params = types.ExecuteCommandParams(f"djangoUplift.{name}", list(arguments))
    return await ed.client.workspace_execute_command_async(params)


async def test_another_target_is_tried(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_3_2})
    uri = ed.open("app.py", BAD)
    assert (await ed.diagnostics(uri))[0].severity is WARNING
    await command(ed, "setTargetVersion", "5.2")
    await ed.client.publication(uri, severity_is(ERROR))
    before = len(ed.client.published)
    await command(ed, "setTargetVersion")
    await ed.client.publication(uri, lambda p: p in ed.client.published[before:] and severity_is(WARNING)(p))
    with pytest.raises(JsonRpcException, match="no Django release"):
        await command(ed, "setTargetVersion", "4.9")


async def test_the_debug_information_says_what_is_in_force(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_3_2})
    uri = ed.open("app.py", BAD)
    text = await command(ed, "debugInformation", uri)
    assert "target: Django 3.2 (pyproject.toml" in text
    assert str(ed.folder / "pyproject.toml") in text
    assert "check: 1 findings in 4 lines" in text and "check of the whole text" in text
    ed.change(uri, BAD + "y = (\n")
    assert "not understood: line 4" in await command(ed, "debugInformation", uri)
    out = ed.open(".venv/a.py", BAD)
    assert "excluded" in await command(ed, "debugInformation", out)
    await command(ed, "reindex")


@pytest.mark.parametrize(("trusted", "told"), [(True, "yes"), (False, "no"), ("1", "does not say")])
async def test_whether_the_workspace_is_trusted_comes_beside_the_settings(
    editor: Start, trusted: object, told: str
) -> None:
    options = {"settings": {"targetVersion": "3.2"}, "workspaceTrusted": trusted}
    ed = await editor(options=options)
    text = await command(ed, "debugInformation", ed.open("app.py", BAD))
    assert f"trusted: {told}" in text or (told == "does not say" and "the editor does not say" in text)
    assert "target: Django 3.2" in text

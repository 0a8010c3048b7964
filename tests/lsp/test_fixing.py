"""The command that fixes folders: what it asks the client to apply, what it leaves alone, how it ends early."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import BAD, FIXED, Start, applied, capable, soon

pytestmark = pytest.mark.asyncio

OTHER = "from django.utils.translation import ugettext\n\nprint(ugettext('ä'))\n"
TEMPLATE = "{% load staticfiles %}\n"
FILES = {"shop/a.py": BAD, "shop/b.py": OTHER, "shop/c.py": "x = 1\n", "shop/ä.html": TEMPLATE}


async def ask(ed, *arguments: object) -> Any:
    params = types.ExecuteCommandParams("djangoUplift.fix", list(arguments))
    return await soon(ed.client.workspace_execute_command_async(params))


def accept(ed, accepted: bool = True) -> list[types.WorkspaceEdit]:
    """Have the client apply, or refuse, what it is asked to; what that was."""
    asked: list[types.WorkspaceEdit] = []

    @ed.client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        asked.append(params.edit)
        return types.ApplyWorkspaceEditResult(accepted, failure_reason=None if accepted else "not now")

    return asked


def changes(edit: types.WorkspaceEdit) -> dict[str, types.TextDocumentEdit]:
    found = {}
    for change in edit.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        found[change.text_document.uri] = change
    return found


async def test_some_rules_in_some_files_are_fixed_in_one_go(editor: Start) -> None:
    ed = await editor({**FILES, "shop/more/d.py": OTHER, "shop/e.py": BAD})
    places = [ed.uri(name) for name in ("shop/b.py", "shop/e.py", "shop/more")]
    made = await ask(ed, ["DUR4002", "load-staticfiles"], places, "safe", "edit")
    assert made["fixed"] == {"DUR4002": 2}
    assert {change["textDocument"]["uri"] for change in made["edit"]["documentChanges"]} == {
        ed.uri("shop/b.py"), ed.uri("shop/more/d.py"),
    }  # fmt: skip
    with pytest.raises(JsonRpcException, match="5 is not a rule"):
        await ask(ed, [5])


async def test_everything_safe_is_previewed_by_rule(editor: Start) -> None:
    ed = await editor(FILES)
    asked = accept(ed)
    made = await ask(ed)
    assert made["applied"] and made["files"] == 3
    assert made["fixed"] == {"DUR4001": 1, "DUR4002": 1, "DUT0001": 1}
    (edit,) = asked
    found = changes(edit)
    assert set(found) == {ed.uri("shop/a.py"), ed.uri("shop/b.py"), ed.uri("shop/ä.html")}
    change = found[ed.uri("shop/a.py")]
    assert change.text_document.version is None
    assert applied(BAD, change.edits) == FIXED
    assert applied(TEMPLATE, found[ed.uri("shop/ä.html")].edits) == "{% load static %}\n"
    annotations = edit.change_annotations or {}
    labels = {annotation.label for annotation in annotations.values()}
    assert labels == {"DUR4001 (force-text)", "DUR4002 (ugettext)", "DUT0001 (load-staticfiles)"}
    assert all(annotation.needs_confirmation for annotation in annotations.values())
    (first, *_) = change.edits
    assert isinstance(first, types.AnnotatedTextEdit)
    assert annotations[first.annotation_id].label == "DUR4001 (force-text)"


async def test_one_rule_in_one_folder_without_asking(editor: Start) -> None:
    ed = await editor({**FILES, "other/a.py": BAD})
    asked = accept(ed)
    made = await ask(ed, "force-text", ed.uri("shop"), "safe", "apply")
    assert made["fixed"] == {"DUR4001": 1}
    (edit,) = asked
    assert set(changes(edit)) == {ed.uri("shop/a.py")}
    assert not any(a.needs_confirmation for a in (edit.change_annotations or {}).values())


async def test_open_texts_count_and_their_version_is_named(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/a.py", "x = 1\n")
    ed.change(uri, "\n" + BAD)
    ed.open("shop/b.py", "y = 1\n")
    made = await ask(ed, None, None, "safe", "edit")
    assert not made["applied"]
    found = {change["textDocument"]["uri"]: change for change in made["edit"]["documentChanges"]}
    assert set(found) == {uri, ed.uri("shop/ä.html")}
    assert found[uri]["textDocument"]["version"] == 2
    assert found[uri]["edits"][0]["range"]["start"]["line"] == 1


async def test_what_may_change_behaviour_is_asked_for(editor: Start) -> None:
    text = (
        "from django.db import models\n\n\n"
        "class A(models.Model):\n    b = models.NullBooleanField()\n\n    class Meta:\n"
        "        index_together = [('b', 'c')]\n"
    )
    ed = await editor({"pyproject.toml": '[tool.django-uplift]\ntarget-version = "5.1"\n', "m.py": text})
    safe = await ask(ed, "index-together", None, "safe", "edit")
    assert safe["files"] == 0 and safe["edit"] is None
    unsafe = await ask(ed, "index-together", None, "unsafe", "edit")
    assert unsafe["fixed"] == {"DUR5101": 1}
    (annotation,) = unsafe["edit"]["changeAnnotations"].values()
    assert "may change behaviour" in annotation["description"]


async def test_a_refusal_of_the_client_is_told(editor: Start) -> None:
    ed = await editor(FILES)
    accept(ed, accepted=False)
    made = await ask(ed)
    assert (made["applied"], made["reason"]) == (False, "not now")


async def test_a_file_in_another_encoding_is_read_as_it_is(editor: Start) -> None:
    ed = await editor({"pyproject.toml": '[tool.django-uplift]\ntarget-version = "4.2"\n'})
    (ed.folder / "latin.py").write_bytes(b"# coding: latin-1\n# \xe4\n" + BAD.encode())
    made = await ask(ed, None, None, "safe", "edit")
    (change,) = made["edit"]["documentChanges"]
    assert [edit["range"]["start"]["line"] for edit in change["edits"]] == [2, 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-rule"], "no rule or family"),
        ([None, "untitled:x"], "no folder"),
        ([None, None, "both"], "safe"),
        ([None, None, "safe", "now"], "confirm"),
    ],
)
async def test_wrong_arguments_are_refused_in_words(
    editor: Start, arguments: list[object], message: str
) -> None:
    ed = await editor(FILES)
    with pytest.raises(JsonRpcException, match=message):
        await ask(ed, *arguments)
    assert ed.logged(types.MessageType.Error) == []


async def test_clients_that_apply_nothing_get_the_edit_or_are_refused(editor: Start) -> None:
    able = capable()
    assert able.workspace is not None and able.workspace.workspace_edit is not None
    able.workspace.apply_edit = False
    able.workspace.workspace_edit.document_changes = False
    ed = await editor(FILES, capabilities=able)
    with pytest.raises(JsonRpcException, match="applies no edits"):
        await ask(ed)
    made = await ask(ed, None, None, "safe", "edit")
    assert set(made["edit"]) == {"changes"}
    assert len(made["edit"]["changes"]) == 3
    uri = ed.open("shop/a.py", BAD)
    assert not any(action.command for action in await ed.actions(uri, "0:36-0:36"))


async def test_an_action_fixes_the_rule_in_the_workspace(editor: Start) -> None:
    ed = await editor({**FILES, "other/a.py": BAD})
    uri = ed.open("shop/a.py", BAD)
    (action,) = [a for a in await ed.actions(uri, "0:36-0:36", "quickfix") if a.command]
    assert action.title == "Fix all of DUR4001 (force-text) in the workspace..."
    asked = accept(ed)
    assert action.command is not None
    made = await ask(ed, *(action.command.arguments or ()))
    assert made["files"] == 2
    assert changes(asked[0])[uri].text_document.version == 1


async def test_the_user_cancels_by_the_progress(editor: Start) -> None:
    ed = await editor({f"shop/m{n}.py": BAD * 10 for n in range(400)})
    asked = accept(ed)
    reports = ed.client.progress_reports
    asking = asyncio.create_task(ask(ed))
    while not any(reports.values()):  # noqa: ASYNC110 -- the client has no event to wait for
        await asyncio.sleep(0.005)
    (token,) = reports
    ed.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    with pytest.raises(JsonRpcException, match="nothing has changed"):
        await asking
    assert [report.kind for report in reports[token]][-1] == "end"
    assert asked == []


async def test_a_file_typed_into_meanwhile_is_fixed_as_it_is_then(editor: Start) -> None:
    ed = await editor({f"shop/m{n}.py": BAD for n in range(100)})
    uri = ed.open("shop/m0.py", BAD)
    reports = ed.client.progress_reports
    asking = asyncio.create_task(ask(ed, None, None, "safe", "edit"))
    while not any(reports.values()):  # noqa: ASYNC110 -- the client has no event to wait for
        await asyncio.sleep(0.005)
    ed.change(uri, "\n\n" + BAD)
    made = await asking
    found = {change["textDocument"]["uri"]: change for change in made["edit"]["documentChanges"]}
    assert len(found) == 100
    assert found[uri]["textDocument"]["version"] == 2
    assert found[uri]["edits"][0]["range"]["start"]["line"] == 2

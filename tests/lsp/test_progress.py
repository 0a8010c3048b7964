"""Checks of all files: counted where somebody asks or where they take long, cancelled by the user, in parts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import BAD, COMMAND, TARGET_4_2, Editor, Start, capable, environment, soon
from tests.lsp.wire import Wire

# A probe rule looks at each for a tenth of a second.
FILES = {f"shop/m{n}.py": f"{BAD}probe_slow = {n}\n" for n in range(25)}
SLOWLY = {"PROBE_SECONDS": "0.1"}
MODE = {"diagnosticMode": "workspace"}


async def until(done: Any) -> None:
    while not done():  # noqa: ASYNC110 -- the client has no event to wait for
        await asyncio.sleep(0.01)


def numbers(ed: Editor, token: Any) -> list[str]:
    reports = ed.client.progress_reports[token]
    return [report.message or "" for report in reports if report.kind == "report"]


@pytest.mark.filterwarnings("ignore:Unknown progress token")
@pytest.mark.asyncio
async def test_a_pull_of_the_workspace_counts_files_for_whoever_asks(editor: Start) -> None:
    ed = await editor(FILES, capabilities=capable(pull=True), options=MODE)
    params = types.WorkspaceDiagnosticParams([], work_done_token="mine")
    found = await soon(ed.client.workspace_diagnostic_async(params))
    assert len(found.items) == len(FILES)
    kinds = [report.kind for report in ed.client.progress_reports["mine"]]
    assert kinds[0] == "begin" and kinds[-1] == "end"
    assert numbers(ed, "mine")[0] == f"0/{len(FILES)} files"


def test_an_answer_in_parts_is_all_in_parts(tmp_path: Path) -> None:
    for name, text in {"pyproject.toml": TARGET_4_2, "a.py": BAD, "b.py": BAD, "c.py": BAD}.items():
        (tmp_path / name).write_text(text)
    wire = Wire(COMMAND, tmp_path, environment())
    try:
        pull = {"workspace": {"diagnostics": {"refreshSupport": True}}, "textDocument": {"diagnostic": {}}}
        wire.start(tmp_path, pull, initializationOptions={"diagnosticMode": "workspace"})
        first = wire.request("workspace/diagnostic", {"previousResultIds": []})["items"]
        ids = [{"uri": item["uri"], "value": item["resultId"]} for item in first]
        assert len(ids) == 3
        ids[1]["value"] = "old"
        params = {"previousResultIds": ids, "partialResultToken": "parts"}
        assert wire.request("workspace/diagnostic", params)["items"] == []
        told = [item for part in wire.progress if part["token"] == "parts" for item in part["value"]["items"]]
        assert sorted(item["uri"] for item in told) == sorted(item["uri"] for item in ids)
        assert [item["uri"] for item in told if item["kind"] == "full"] == [ids[1]["uri"]]
        assert wire.leave() == 0
    finally:
        wire.close()


@pytest.mark.asyncio
async def test_a_check_that_takes_long_is_shown_and_ends_when_the_user_says_so(editor: Start) -> None:
    ed = await editor(FILES, options=MODE, env=SLOWLY)
    reports = ed.client.progress_reports
    await soon(until(lambda: any(r.kind == "report" for rs in reports.values() for r in rs)))
    (token,) = reports
    assert numbers(ed, token)[0].endswith(f"/{len(FILES)} files")
    ed.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await soon(until(lambda: reports[token][-1].kind == "end"))
    before = len({p.uri for p in ed.client.published})
    assert 0 < before < len(FILES)
    # Something changes: it begins anew, and ends.
    event = types.FileEvent(ed.uri("shop/m1.py"), types.FileChangeType.Changed)
    ed.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await soon(until(lambda: len({p.uri for p in ed.client.published if p.diagnostics}) == len(FILES)))


@pytest.mark.asyncio
async def test_a_check_that_takes_no_time_is_not_shown(editor: Start) -> None:
    ed = await editor({"a.py": BAD}, options=MODE)
    await ed.client.publication(ed.uri("a.py"), lambda p: bool(p.diagnostics))
    assert not any(ed.client.progress_reports.values())

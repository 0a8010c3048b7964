"""The command that makes a plan: in small pieces, with progress, and cancelled when the user says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start, soon

pytestmark = pytest.mark.asyncio

FILES = {
    "requirements.txt": "Django==3.2.25\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/models.py": "from django.utils.encoding import force_text\n",
    "shop/ä.html": "{% ifequal a b %}{% endifequal %}\n",
}


async def ask(ed, *arguments: object) -> Any:
    params = types.ExecuteCommandParams("djangoUplift.plan", list(arguments))
    return await soon(ed.client.workspace_execute_command_async(params))


async def test_the_plan_of_a_folder(editor: Start) -> None:
    ed = await editor(FILES)
    made = await ask(ed, ed.folder.as_uri(), None, "5.2", "json")
    assert (made["from"], made["to"], made["format"]) == ("3.2", "5.2", "json")
    plan = made["content"]
    assert [hop["goal"] for hop in plan["hops"]] == ["4.2", "5.2"]
    places = {(place["path"], place["readiness"]) for place in plan["hops"][0]["places"]}
    assert places == {("shop/models.py", "now"), ("shop/ä.html", "now")}


async def test_what_is_open_counts_and_the_page_links_to_it(editor: Start) -> None:
    ed = await editor(FILES)
    uri = ed.open("shop/models.py", "x = 1\nfrom django.utils.encoding import force_text\n")
    await ed.diagnostics(uri)
    made = await ask(ed, None, "3.2", "4.2", "html", "abc123")
    assert made["nonce"] == "abc123"
    page = made["content"]
    assert f'href="{uri}#L2,35"' in page
    assert "style-src &#x27;nonce-abc123" in page or "style-src 'nonce-abc123'" in page


async def test_the_configured_target_is_the_goal(editor: Start) -> None:
    ed = await editor(FILES, settings={"targetVersion": "5.1"})
    made = await ask(ed)
    assert (made["from"], made["to"], made["format"]) == ("3.2", "5.1", "html")
    # The editor's own diagnostics go on with the configured target.
    await ask(ed, None, "3.2", "4.2")
    params = types.ExecuteCommandParams("djangoUplift.projectInformation", [])
    told = await soon(ed.client.workspace_execute_command_async(params))
    assert told["target"]["release"] == "5.1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([None, "5.2", "4.2"], "no way back"),
        ([None, "five"], "from: 'five' is no Django release"),
        ([None, None, None, "pdf"], "html or json"),
    ],
)
async def test_what_can_not_be_planned_is_refused_in_words(
    editor: Start, arguments: list[object], message: str
) -> None:
    ed = await editor(FILES)
    with pytest.raises(JsonRpcException) as caught:
        await ask(ed, *arguments)
    assert message in str(caught.value)
    assert ed.logged(types.MessageType.Error) == []


async def test_a_cancelled_request_ends_the_work(editor: Start) -> None:
    files = {f"shop/m{n}.py": "from django.utils.encoding import force_text\n" * 20 for n in range(400)}
    ed = await editor({**FILES, **files})
    reports = ed.client.progress_reports
    params = types.ExecuteCommandParams("djangoUplift.plan", [None, "3.2", "6.1"])
    asked = ed.client.protocol.send_request("workspace/executeCommand", params, msg_id="the-plan")
    while not any(reports.values()):  # noqa: ASYNC110 -- the client has no event to wait for
        await asyncio.sleep(0.005)
    ed.client.cancel_request(types.CancelParams("the-plan"))
    with pytest.raises(JsonRpcException):
        await soon(asyncio.wrap_future(asked))
    (token,) = reports
    made = await ask(ed, None, "3.2", "4.2", "json")
    assert made["to"] == "4.2"
    assert reports[token][-1].kind == "end"


async def test_progress_is_shown_and_its_user_may_cancel(editor: Start) -> None:
    files = {f"shop/m{n}.py": "from django.utils.encoding import force_text\n" * 20 for n in range(400)}
    ed = await editor({**FILES, **files})
    reports = ed.client.progress_reports
    asked = asyncio.create_task(ask(ed, None, "3.2", "6.1"))
    while not any(reports.values()):  # noqa: ASYNC110 -- the client has no event to wait for
        await asyncio.sleep(0.005)
    (token,) = reports
    ed.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    with pytest.raises(JsonRpcException) as caught:
        await asked
    assert "cancelled" in str(caught.value)
    kinds = [report.kind for report in reports[token]]
    assert kinds[0] == "begin" and kinds[-1] == "end"
    assert (await ask(ed, None, "3.2", "4.2", "json"))["to"] == "4.2", "it can be asked for again"

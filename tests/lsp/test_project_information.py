"""The command that status displays ask: which releases a project comes from and goes to."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start

pytestmark = pytest.mark.asyncio

REQUIREMENTS = {"requirements.txt": "Django>=4.2,<5\n"}


async def ask(ed, *arguments: object):
    params = types.ExecuteCommandParams("djangoUplift.projectInformation", list(arguments))
    return await ed.client.workspace_execute_command_async(params)


async def test_the_detected_release_is_told_beside_the_configured_one(editor: Start) -> None:
    ed = await editor(REQUIREMENTS, settings={"targetVersion": "5.2", "fromVersion": "3.2"})
    told = await ask(ed)
    assert told["target"]["release"] == "5.2"
    assert told["detected"]["release"] == "4.2"
    assert "requirements.txt" in told["detected"]["origin"]
    assert told["fromVersion"] == "3.2"
    assert {"4.2", "5.2"} <= set(told["releases"])


async def test_a_document_is_told_of_its_own_project(editor: Start) -> None:
    files = {**REQUIREMENTS, "other/pyproject.toml": '[tool.django-uplift]\ntarget-version = "5.1"\n'}
    ed = await editor(files)
    assert (await ask(ed, ed.uri("app.py")))["target"]["release"] == "4.2"
    told = await ask(ed, ed.uri("other/app.py"))
    assert told["target"]["release"] == "5.1"
    assert told["configuration"].endswith("pyproject.toml")

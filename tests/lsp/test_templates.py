"""Templates in the editor: the same findings as in the command, their fixes, and their suppressions."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import Start, applied, brief, capable, edits_of

pytestmark = pytest.mark.asyncio

OLD = "<b>é𝒳</b>{% load staticfiles %}\n{% ifequal a b %}ä{% endifequal %}\n"
NEW = "<b>é𝒳</b>{% load static %}\n{% if a == b %}ä{% endif %}\n"
FOUND = [("DUT0001", "0:18-0:29"), ("DUT0003", "1:3-1:10")]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("shop/a.html", "html"),
        ("shop/a.html", "django-html"),
        ("shop/a.djhtml", "htmldjango"),
        ("shop/templates/mail.txt", "plaintext"),
        ("untitled:Untitled-1", "django-html"),
    ],
)
async def test_findings_and_fixes(editor: Start, name: str, language: str) -> None:
    ed = await editor()
    uri = ed.open(name, OLD, language)
    assert brief(await ed.diagnostics(uri)) == FOUND
    (action,) = await ed.actions(uri, "0:0-0:0", "source.fixAll")
    result = applied(OLD, edits_of(await ed.resolved(action), uri))
    assert result == NEW
    ed.change(uri, result)
    assert brief(await ed.diagnostics(uri)) == []


@pytest.mark.parametrize(
    ("name", "language"),
    [("shop/notes.txt", "plaintext"), ("shop/jinja2/a.html", "html"), ("untitled:Untitled-1", "plaintext")],
)
async def test_what_is_no_template_is_left_alone(editor: Start, name: str, language: str) -> None:
    ed = await editor()
    uri = ed.open(name, OLD, language)
    assert brief(await ed.diagnostics(uri)) == []
    assert await ed.actions(uri, "0:0-9:0") == []


async def test_typing_in_a_template(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("shop/a.html", "{% load static %}\n", "html")
    assert brief(await ed.diagnostics(uri)) == []
    ed.change(uri, ("0:14-0:14", "files"))
    assert brief(await ed.diagnostics(uri)) == [("DUT0001", "0:8-0:19")]
    ed.change(uri, ("0:0-0:0", "{# é #}\n"))
    assert brief(await ed.diagnostics(uri)) == [("DUT0001", "1:8-1:19")]
    assert "staticfiles" in (await ed.hover(uri, 1, 10) or "")


async def test_suppressions(editor: Start) -> None:
    ed = await editor()
    text = "{% load staticfiles %}\n<p>\n"
    uri = ed.open("shop/a.html", text, "html")
    found = await ed.actions(uri, "0:10-0:10", "quickfix")
    actions = {a.title.partition(") ")[2]: a for a in found if a.title.startswith("Suppress")}
    results = {where: applied(text, edits_of(await ed.resolved(a), uri)) for where, a in actions.items()}
    mark = "django-uplift: ignore"
    assert results == {
        "on this line": f"{{% load staticfiles %}} {{# {mark}[load-staticfiles] #}}\n<p>\n",
        "on this line, with a reason": (
            f"{{% load staticfiles %}} {{# {mark}[load-staticfiles] TODO: why #}}\n<p>\n"
        ),
        "in this file": f"{{# {mark}-file[load-staticfiles] #}}{{% load staticfiles %}}\n<p>\n",
    }
    for result in results.values():
        ed.change(uri, result)
        assert brief(await ed.diagnostics(uri)) == []


async def test_codes_are_completed_in_a_comment(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("shop/a.html", "{% load staticfiles %} {# django-uplift: ignore[ #}\n", "html")
    assert (await ed.labels(uri, 0, 48))[0] == "load-staticfiles"


async def test_files_that_are_not_open_count_in_the_workspace(editor: Start) -> None:
    ed = await editor(
        {"shop/a.html": OLD, "shop/jinja2/a.html": OLD, "app.py": ""},
        capabilities=capable(pull=True),
        options={"diagnosticMode": "workspace"},
    )
    found = {report.uri: report for report in (await ed.pull_all()).items}
    assert brief(found[ed.uri("shop/a.html")].items) == FOUND
    assert ed.uri("shop/jinja2/a.html") not in found


async def test_a_template_changed_on_the_disk_is_read_again(editor: Start) -> None:
    ed = await editor({"shop/a.html": OLD}, options={"diagnosticMode": "workspace"})
    uri = ed.uri("shop/a.html")
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == FOUND)
    ed.write("shop/a.html", NEW)
    ed.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([types.FileEvent(uri, types.FileChangeType.Changed)])
    )
    await ed.client.publication(uri, lambda p: not p.diagnostics)

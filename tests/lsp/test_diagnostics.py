"""Diagnostics, pushed and pulled, on right and on broken code."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from tests.lsp.conftest import BAD, FIXED, TARGET_3_2, Start, brief, capable, shown

pytestmark = pytest.mark.asyncio

CODE = "DUR4001"
BROKEN = "DUX001"


async def test_a_finding_is_published_with_all_that_is_known_of_it(editor: Start) -> None:
    ed = await editor()
    assert ed.result.server_info is not None and ed.result.server_info.name == "django-uplift"
    uri = ed.open("app.py", BAD)
    error, use = await ed.diagnostics(uri)
    assert (error.code, error.source, shown(error.range)) == (CODE, "django-uplift", "0:34-0:44")
    assert error.severity is types.DiagnosticSeverity.Error
    assert "was removed in Django 4.0" in error.message
    assert error.code_description is not None and "docs.djangoproject.com" in error.code_description.href
    assert error.data == {
        "app": "(top)",
        "hop": None,
        "slug": "force-text",
        "family": "upgrade",
        "deprecatedIn": "3.0",
        "removedIn": "4.0",
        "confidence": "proven",
        "fixable": True,
        "safe": True,
    }
    assert use.severity is types.DiagnosticSeverity.Hint and shown(use.range) == "2:4-2:14"
    assert use.tags == (types.DiagnosticTag.Deprecated,)


async def test_what_is_only_deprecated_is_a_warning_struck_through(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_3_2})
    first, _ = await ed.diagnostics(ed.open("app.py", BAD))
    assert first.severity is types.DiagnosticSeverity.Warning
    assert first.tags == (types.DiagnosticTag.Deprecated,)


async def test_a_client_gets_no_fields_that_it_does_not_know(editor: Start) -> None:
    capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities()
        )
    )
    ed = await editor(capabilities=capabilities)
    uri = ed.open("app.py", BAD + "y = probe_trace\n")
    publication = await ed.client.publication(uri, lambda p: bool(p.diagnostics))
    assert publication.version is None
    assert len(publication.diagnostics) == 2  # uses are hints to be struck through: none without tags
    for diagnostic in publication.diagnostics:
        assert diagnostic.code_description is diagnostic.data is None
        assert diagnostic.tags is diagnostic.related_information is None


async def test_every_change_is_answered_for_its_version(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    assert len(brief(await ed.diagnostics(uri))) == 1
    ed.change(uri, ("0:34-0:44", "force_str"), ("2:4-2:14", "force_str"))
    assert brief(await ed.diagnostics(uri)) == []
    ed.change(uri, BAD)
    assert brief(await ed.diagnostics(uri)) == [(CODE, "0:34-0:44")]


async def test_the_newest_of_many_changes_wins(editor: Start, tmp_path) -> None:
    mark = tmp_path / "runs"
    ed = await editor(env={"PROBE_SECONDS": "0.3", "PROBE_MARK": str(mark)})
    uri = ed.open("app.py", "probe_slow = 1\n" + BAD)
    for _ in range(30):
        ed.change(uri, ("0:0-0:0", "#"))
        ed.change(uri, ("0:0-0:1", ""))
    assert brief(await ed.diagnostics(uri)) == [(CODE, "1:34-1:44")]
    assert len(mark.read_text().split()) < 10  # 60 changes came within one run
    versions = [p.version for p in ed.client.published]
    assert versions == sorted(versions)


async def test_broken_code_keeps_its_last_findings_where_the_text_moved_them(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    await ed.diagnostics(uri)
    ed.change(uri, ("0:0-0:0", "# a comment above\n"), ("3:0-3:0", "def broken(:\n"))
    found = await ed.diagnostics(uri)
    codes = dict(brief(found))
    assert codes[CODE] == "1:34-1:44"
    (broken,) = (d for d in found if d.code == BROKEN)
    assert broken.severity is types.DiagnosticSeverity.Information and broken.range.start.line == 3
    ed.change(uri, ("1:34-1:44", "force_str"))
    assert CODE not in dict(brief(await ed.diagnostics(uri)))
    ed.change(uri, ("3:0-4:0", ""))
    assert brief(await ed.diagnostics(uri)) == []


async def test_broken_code_says_so_even_if_its_rule_is_off(editor: Start) -> None:
    ed = await editor(options={"ignore": [BROKEN]})
    found = dict(brief(await ed.diagnostics(ed.open("app.py", BAD + "x = (\n"))))
    assert set(found) == {CODE, "syntax-error"}


async def test_a_file_that_never_parsed_says_so(editor: Start) -> None:
    ed = await editor()
    found = await ed.diagnostics(ed.open("app.py", "from django.utils.encoding import force_text\nx = (\n"))
    assert BROKEN in dict(brief(found))


async def test_one_rules_mistake_does_not_cost_the_others(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD + "probe_raise\n")
    assert brief(await ed.diagnostics(uri)) == [(CODE, "0:34-0:44")]
    errors = ed.logged(types.MessageType.Error)
    assert any("PRB003" in message and "app.py" in message for message in errors)
    ed.change(uri, ("0:34-0:44", "x"))
    assert brief(await ed.diagnostics(uri)) == []


async def test_a_trace_becomes_related_information(editor: Start) -> None:
    ed = await editor({"far.py": "# é𝒳\n# é𝒳 far\n"})
    (found,) = await ed.diagnostics(ed.open("app.py", "'é𝒳'; probe_trace\n"))
    assert found.related_information is not None
    here, far = found.related_information
    assert (here.message, here.location.uri) == ("it starts here", ed.uri("app.py"))
    # Five characters in, of which one takes two UTF-16 units.
    assert shown(here.location.range) == "0:6-0:6"
    assert (far.message, far.location.uri, shown(far.location.range)) == (
        "and ends here",
        ed.uri("far.py"),
        "1:6-1:6",
    )


async def test_closing_takes_the_diagnostics_away(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    await ed.diagnostics(uri)
    ed.close(uri)
    await ed.client.publication(uri, lambda p: not p.diagnostics)
    ed.open("app.py", BAD)
    await ed.client.publication(uri, lambda p: p is ed.client.published[-1] and len(p.diagnostics) == 2)


async def test_other_languages_and_odd_uris(editor: Start) -> None:
    ed = await editor()
    assert not await ed.diagnostics(ed.open("page.html", BAD, "django-html"))
    for uri in ("untitled:Untitled-1", "vscode-vfs://github/a/b.py", "odd:"):
        assert brief(await ed.diagnostics(ed.open(uri, BAD))) == [(CODE, "0:34-0:44")]
    encoded = ed.uri("app.py").replace("app.py", "%61pp%20%231.py")
    assert brief(await ed.diagnostics(ed.open(encoded, BAD))) == [(CODE, "0:34-0:44")]


async def test_pull_answers_once_in_full_and_then_that_nothing_changed(editor: Start) -> None:
    ed = await editor(capabilities=capable(pull=True))
    provider = ed.result.capabilities.diagnostic_provider
    assert provider is not None
    assert provider.inter_file_dependencies and provider.workspace_diagnostics
    uri = ed.open("app.py", BAD)
    report = await ed.pull(uri)
    assert report.kind == "full" and brief(report.items) == [(CODE, "0:34-0:44")]
    again = await ed.pull(uri, report.result_id)
    assert again.kind == "unchanged" and again.result_id == report.result_id
    ed.change(uri, FIXED)
    now = await ed.pull(uri, report.result_id)
    assert now.kind == "full" and now.items == ()
    assert ed.client.published == []


async def test_pull_of_a_file_that_is_not_open(editor: Start) -> None:
    ed = await editor({"closed.py": BAD}, capabilities=capable(pull=True))
    assert len((await ed.pull(ed.uri("closed.py"))).items) == 2
    assert not (await ed.pull(ed.uri("missing.py"))).items


async def test_workspace_pull_covers_open_documents_or_all_files(editor: Start) -> None:
    files = {"app.py": "", "other.py": BAD, ".venv/pyvenv.cfg": "", ".venv/third.py": BAD}
    ed = await editor(files, capabilities=capable(pull=True), options={"diagnosticMode": "workspace"})
    uri, other = ed.open("app.py", BAD), ed.uri("other.py")
    report = await ed.pull_all()
    found = {item.uri: item for item in report.items}
    assert set(found) == {uri, other}
    assert found[uri].version == 1 and found[other].version is None
    assert len(found[other].items) == 2
    # A second pull has nothing new to say, so it is answered when something changes.
    ids = {item.uri: item.result_id for item in report.items}
    waiting = asyncio.ensure_future(ed.pull_all(ids))
    await ed.pull(uri)
    assert not waiting.done()
    ed.write("other.py", FIXED)
    change = types.FileEvent(other, types.FileChangeType.Changed)
    ed.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    news = {item.uri: item for item in (await asyncio.wait_for(waiting, 20)).items}
    assert news[other].kind == "full" and news[other].items == ()
    assert news[uri].kind == "unchanged"


async def test_a_closed_document_is_forgotten_by_the_next_answer_for_the_workspace(editor: Start) -> None:
    """VS Code pulls what it closes once more, shows no answer, and waits to be told without naming what it has."""
    ed = await editor({"app.py": BAD}, capabilities=capable(pull=True))
    assert (await ed.pull_all()).items == ()
    uri = ed.open("app.py", BAD)
    await ed.pull(uri)
    ed.close(uri)
    (news,) = (await asyncio.wait_for(ed.pull_all(), 20)).items
    assert (news.uri, news.kind, news.items) == (uri, "full", ())
    idle = asyncio.ensure_future(ed.pull_all())
    await ed.pull(uri)
    assert not idle.done()


async def test_workspace_mode_without_pull_publishes_files_that_are_not_open(editor: Start) -> None:
    ed = await editor({"deep/other.py": BAD}, options={"diagnosticMode": "workspace"})
    other = ed.uri("deep/other.py")
    await ed.client.publication(other, lambda p: len(p.diagnostics) == 2)
    ed.write("deep/other.py", FIXED)
    change = types.FileEvent(other, types.FileChangeType.Changed)
    ed.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await ed.client.publication(other, lambda p: not p.diagnostics)


async def test_a_changed_interface_rechecks_other_documents(editor: Start) -> None:
    ed = await editor({"compat.py": "from other_lib import thing\n"})
    first = ed.open("compat.py", "from other_lib import thing\n")
    second = ed.open("app.py", "from compat import thing\n\nthing()\n")
    await ed.diagnostics(first)
    assert brief(await ed.diagnostics(second)) == []
    ed.change(first, ("0:5-0:10", "probe"))
    await ed.client.publication(second, lambda p: brief(p.diagnostics) == [("PRB005", "2:0-2:7")])


async def test_the_data_says_which_hop_and_which_app(editor: Start) -> None:
    text = "from django.utils.encoding import force_text\nfrom django.utils.timezone import utc\n"
    files = {
        "requirements.txt": "Django>=3.2,<4\n",
        "pyproject.toml": "",
        "src/shop/models.py": "",
        "src/shop/lib/text.py": text,
    }
    ed = await editor(files, settings={"targetVersion": "6.0"})
    found = await ed.diagnostics(ed.open("src/shop/lib/text.py", text))
    told = {d.code: (d.data["hop"], d.data["app"]) for d in found if isinstance(d.data, dict)}
    assert told == {"DUR4001": (["3.2", "4.2"], "shop"), "DUR5004": (["4.2", "5.2"], "shop")}
    top = await ed.diagnostics(ed.open("conf.py", text))
    assert {d.data["app"] for d in top if isinstance(d.data, dict)} == {"(top)"}


async def test_what_was_gone_before_is_on_no_hop(editor: Start) -> None:
    ed = await editor({"requirements.txt": "Django>=4.2,<5\n"}, settings={"targetVersion": "5.2"})
    (found,) = await ed.diagnostics(ed.open("a.py", "from django.utils.encoding import force_text\n"))
    assert isinstance(found.data, dict) and found.data["hop"] is None

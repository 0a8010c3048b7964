"""Quick fixes, fix-alls and suppressions: what is offered, and what it does to the text."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import BAD, FIXED, Start, applied, brief, capable, edits_of, shown

pytestmark = pytest.mark.asyncio

WAYS = "x = probe_ways\n"


async def test_a_fix_is_resolved_and_bound_to_the_version(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    fix, *_ = await ed.actions(uri, "0:36-0:36", "quickfix")
    assert (fix.title, fix.kind, fix.is_preferred) == ("Replace with force_str", "quickfix", True)
    assert fix.edit is None  # rendered when it is wanted
    assert [shown(d.range) for d in fix.diagnostics or ()] == ["0:34-0:44"]
    fix = await ed.resolved(fix)
    assert fix.edit is not None and fix.edit.document_changes is not None
    (change,) = fix.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit) and change.text_document.version == 1
    assert applied(BAD, edits_of(fix, uri)) == FIXED


async def test_the_import_is_fixed_from_any_of_its_uses(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    fix, *_ = await ed.actions(uri, "2:10-2:10", "quickfix")
    assert applied(BAD, edits_of(await ed.resolved(fix), uri)) == FIXED
    assert await ed.actions(uri, "1:0-1:0", "quickfix") == []


async def test_an_edit_comes_at_once_for_clients_that_do_not_resolve(editor: Start) -> None:
    ed = await editor(capabilities=capable(resolve=False))
    uri = ed.open("app.py", BAD)
    (fix, *others) = await ed.actions(uri, "0:36-0:36")
    assert applied(BAD, edits_of(fix, uri)) == FIXED
    assert all(other.edit is not None for other in others if other.command is None)
    assert [str(other.kind) for other in others][-1] == "source.fixAll.djangoUplift"


async def test_alternatives_say_what_is_not_safe_and_the_first_safe_one_is_preferred(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", WAYS)
    found = await ed.actions(uri, "0:5-0:5", "quickfix")
    assert [(action.title, bool(action.is_preferred)) for action in found] == [
        ("Use risky (it may be slower)", False),
        ("Use first", True),
        ("Use second", False),
        ("Think", False),
        ("Impossible", False),
        ("Fix all of PRB001 (many-ways) in the workspace...", False),
        ("Suppress PRB001 (many-ways) on this line", False),
        ("Suppress PRB001 (many-ways) on this line, with a reason", False),
        ("Suppress PRB001 (many-ways) in this file", False),
    ]
    assert applied(WAYS, edits_of(await ed.resolved(found[2]), uri)) == "x = second\n"
    with pytest.raises(JsonRpcException, match="can't be done here"):
        await ed.resolved(found[4])


async def test_what_cannot_be_done_is_not_offered_to_clients_that_do_not_resolve(editor: Start) -> None:
    ed = await editor(capabilities=capable(resolve=False))
    uri = ed.open("app.py", WAYS)
    assert "Impossible" not in [action.title for action in await ed.actions(uri, "0:5-0:5")]


async def test_kinds_are_asked_for_by_their_hierarchy(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    for only in ("source", "source.fixAll", "source.fixAll.djangoUplift"):
        (action,) = await ed.actions(uri, "0:0-0:0", only)
        assert action.kind == "source.fixAll.djangoUplift"
    for only in ("source.fixAll.ruff", "source.organizeImports", "refactor", "source.fix"):
        assert await ed.actions(uri, "0:36-0:36", only) == []
    kinds = {str(getattr(a.kind, "value", a.kind)) for a in await ed.actions(uri, "0:36-0:36")}
    assert kinds == {"quickfix", "source.fixAll.djangoUplift"}


async def test_fix_all_is_safe_runs_to_the_end_and_leaves_other_lines_alone(editor: Start) -> None:
    ed = await editor()
    text = f"# é𝒳 comment\n{BAD}# keep  \nfrom django.utils.encoding import smart_text as s\n{WAYS}y = s(probe_ways)\n"
    uri = ed.open("app.py", text)
    (action,) = await ed.actions(uri, "0:0-0:0", "source.fixAll")
    edits = edits_of(await ed.resolved(action), uri)
    result = applied(text, edits)
    assert result.count("first") == 2 and "risky" not in result
    assert "force_text" not in result and "smart_str as s" in result
    touched = {line for edit in edits for line in range(edit.range.start.line, edit.range.end.line + 1)}
    assert not touched & {0, 2, 4}
    ed.change(uri, result)
    assert brief(await ed.diagnostics(uri)) == []


async def test_nothing_to_fix_offers_no_fix_all(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", FIXED)
    assert await ed.actions(uri, "0:0-0:0", "source.fixAll") == []


async def test_one_rule_is_fixed_in_the_whole_file(editor: Start) -> None:
    ed = await editor()
    text = WAYS + WAYS + BAD
    uri = ed.open("app.py", text)
    (action,) = [a for a in await ed.actions(uri, "1:6-1:6", "quickfix") if a.title.startswith("Fix all 2")]
    assert action.title == "Fix all 2 of PRB001 (many-ways) in this file"
    assert applied(text, edits_of(await ed.resolved(action), uri)) == "x = first\nx = first\n" + BAD


@pytest.mark.parametrize(
    ("where", "comment"),
    [
        ("on this line", "ignore[many-ways]"),
        ("on this line, with a reason", "ignore[many-ways]  # TODO: why"),
        ("in this file", "ignore-file[many-ways]\n"),
    ],
)
async def test_a_finding_is_suppressed(editor: Start, where: str, comment: str) -> None:
    ed = await editor()
    text = "#!/usr/bin/python\n# coding: utf-8\nx = call(\n    probe_ways,  # why\n)\n"
    uri = ed.open("app.py", text)
    found = await ed.actions(uri, "3:6-3:6", "quickfix")
    (action,) = [a for a in found if a.title == f"Suppress PRB001 (many-ways) {where}"]
    result = applied(text, edits_of(await ed.resolved(action), uri))
    assert f"# django-uplift: {comment}" in result
    assert result.startswith("#!/usr/bin/python\n# coding: utf-8\n")
    ed.change(uri, result)
    assert brief(await ed.diagnostics(uri)) == []


async def test_ranges_that_a_client_echoes_are_not_trusted(editor: Start) -> None:
    """Neovim 0.7 sends back its diagnostics with columns in bytes."""
    ed = await editor()
    text = "'é𝒳'; y = probe_ways\n"
    uri = ed.open("app.py", text)
    (diagnostic,) = await ed.diagnostics(uri)
    place = diagnostic.range
    wrong = types.Diagnostic(
        types.Range(types.Position(0, place.start.character + 4), types.Position(0, place.end.character + 4)),
        diagnostic.message,
    )
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), place, types.CodeActionContext([wrong])
    )
    found = await ed.client.text_document_code_action_async(params)
    actions = {a.title: a for a in found or () if isinstance(a, types.CodeAction)}
    fixed = applied(text, edits_of(await ed.resolved(actions["Use first"]), uri))
    assert fixed == "'é𝒳'; y = first\n"


async def test_a_stale_action_is_refused(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    fix, *_ = await ed.actions(uri, "0:36-0:36", "quickfix")
    ed.change(uri, ("0:0-0:0", "# one more line\n"))
    with pytest.raises(JsonRpcException, match="has changed"):
        await ed.resolved(fix)


async def test_actions_are_of_the_text_as_it_is_now(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", WAYS)
    ed.change(uri, ("0:0-0:0", "\n\n"))
    assert await ed.actions(uri, "0:5-0:5", "quickfix") == []
    assert len(await ed.actions(uri, "2:5-2:5", "quickfix")) == 9


async def test_broken_code_and_unknown_documents_offer_nothing(editor: Start) -> None:
    ed = await editor()
    uri = ed.open("app.py", BAD)
    ed.change(uri, ("2:0-2:0", "def (\n"))
    assert await ed.actions(uri, "0:36-0:36") == []
    assert await ed.actions(ed.uri("never.py"), "0:0-0:0") == []
    odd = types.CodeAction("Not ours", data="what")
    with pytest.raises(JsonRpcException, match="not one of ours"):
        await ed.resolved(odd)

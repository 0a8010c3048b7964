"""Files that are left out, and files and folders that come, go or get other names in the editor."""

from __future__ import annotations

import pytest
from lsprotocol import types

from tests.lsp.conftest import BAD, TARGET_4_2, Start, brief

pytestmark = pytest.mark.asyncio

FOUND = [("DUR4001", "0:34-0:44")]


@pytest.mark.parametrize(
    "name",
    [
        ".venv/lib/python3.12/site-packages/a.py",
        "node_modules/x/a.py",
        "old/a.py",
        "ignored/a.py",
        "vendor/own/a.py",
    ],
)
async def test_what_the_command_leaves_out_is_left_out(editor: Start, name: str) -> None:
    files = {
        "pyproject.toml": TARGET_4_2 + 'extend-exclude = ["old", "vendor"]\n',
        ".gitignore": "ignored/\n",
        "vendor/own/pyproject.toml": TARGET_4_2,
    }
    ed = await editor(files)
    (ed.folder / ".git").mkdir()
    uri = ed.open(name, BAD)
    assert brief(await ed.diagnostics(uri)) == []
    assert await ed.actions(uri, "0:36-0:36") == []
    assert brief(await ed.diagnostics(ed.open("app.py", BAD))) == FOUND


async def test_an_installed_package_outside_of_the_root_is_left_out(editor: Start) -> None:
    ed = await editor()
    uri = (ed.folder.parent / "python/site-packages/a.py").as_uri()
    ed.open(uri, BAD)
    assert brief(await ed.diagnostics(uri)) == []
    beside = (ed.folder.parent / "beside/a.py").as_uri()
    ed.open(beside, BAD)
    assert brief(await ed.diagnostics(beside)) == FOUND


async def test_a_file_comes_back_when_it_is_no_longer_excluded(editor: Start) -> None:
    ed = await editor({"pyproject.toml": TARGET_4_2 + 'extend-exclude = ["old"]\n'})
    uri = ed.open("old/a.py", BAD)
    assert brief(await ed.diagnostics(uri)) == []
    ed.write("pyproject.toml", TARGET_4_2)
    event = types.FileEvent(ed.uri("pyproject.toml"), types.FileChangeType.Changed)
    ed.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == FOUND)


HELPERS = "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
VIEWS = "from shop.data import Order\n\n\nasync def view(request):\n    return Order.objects.get()\n"


async def test_a_renamed_module_is_found_and_lost(editor: Start) -> None:
    ed = await editor({"shop/models.py": HELPERS})
    uri = ed.open("shop/views.py", VIEWS)
    assert brief(await ed.diagnostics(uri)) == []
    old, new = ed.folder / "shop/models.py", ed.folder / "shop/data.py"
    old.rename(new)
    renamed = types.FileRename(old.as_uri(), new.as_uri())
    ed.client.workspace_did_rename_files(types.RenameFilesParams([renamed]))
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == [("DUA101", "4:11-4:30")])
    new.unlink()
    before = len(ed.client.published)
    ed.client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(new.as_uri())]))
    await ed.client.publication(
        uri, lambda p: brief(p.diagnostics) == [] and any(p is q for q in ed.client.published[before:])
    )


async def test_a_renamed_folder_is_noticed(editor: Start) -> None:
    ed = await editor({"store/data.py": HELPERS, "store/__init__.py": ""})
    uri = ed.open("views.py", VIEWS)
    assert brief(await ed.diagnostics(uri)) == []
    (ed.folder / "store").rename(ed.folder / "shop")
    renamed = types.FileRename(ed.uri("store"), ed.uri("shop"))
    ed.client.workspace_did_rename_files(types.RenameFilesParams([renamed]))
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == [("DUA101", "4:11-4:30")])
    registered = ed.result.capabilities.workspace
    assert registered is not None and registered.file_operations is not None
    assert registered.file_operations.did_rename is not None


async def test_deleted_files_lose_their_diagnostics(editor: Start) -> None:
    ed = await editor({"app.py": BAD}, options={"diagnosticMode": "workspace"})
    uri = ed.uri("app.py")
    await ed.client.publication(uri, lambda p: brief(p.diagnostics) == FOUND)
    (ed.folder / "app.py").unlink()
    ed.client.workspace_did_delete_files(types.DeleteFilesParams([types.FileDelete(uri)]))
    await ed.client.publication(uri, lambda p: not p.diagnostics)

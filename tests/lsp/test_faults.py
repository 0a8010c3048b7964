"""Clients and disks that do what they must not: an error or a clean exit, and the next request is answered."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lsp.conftest import BAD, COMMAND, TARGET_4_2, environment
from tests.lsp.soak import CAPABILITIES
from tests.lsp.wire import Wire

URI = "untitled:a"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Wire]]:
    """Starts servers, each with an environment of its own."""
    made: list[Wire] = []

    def start(**env: str) -> Wire:
        env.setdefault("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "cache"))
        made.append(Wire(COMMAND, tmp_path, environment(**env)))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "wörk space"
    root.mkdir()
    (root / "pyproject.toml").write_text(TARGET_4_2)
    (root / "app.py").write_text(BAD)
    return root


def opened(wire: Wire, uri: str, text: str, version: int = 1) -> None:
    document = {"uri": uri, "languageId": "python", "version": version, "text": text}
    wire.notify("textDocument/didOpen", {"textDocument": document})


def codes(wire: Wire, uri: str) -> list[str]:
    return [d["code"] for d in wire.published.get(uri, {}).get("diagnostics", ())]


def still_works(wire: Wire) -> None:
    """A document is opened and checked, and the server leaves when it is told to, without having logged an error."""
    opened(wire, "untitled:last", BAD)
    wire.wait("finding", lambda: "DUR4001" in codes(wire, "untitled:last"))
    assert wire.errors() == []
    assert wire.leave() == 0


# Clients


def test_a_document_of_ten_megabytes(make: Callable[..., Wire]) -> None:
    wire = make()
    wire.start()
    opened(wire, URI, BAD + "x = '" + "é" * 5_000_000 + "'\n" + "y = 1\n" * 500_000)
    edit = {"range": {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 1}}, "text": "z"}
    wire.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [edit]},
    )
    still_works(wire)


def test_versions_out_of_order_positions_out_of_the_text_and_ids_given_twice(
    make: Callable[..., Wire],
) -> None:
    wire = make()
    wire.start()
    opened(wire, URI, BAD, version=9)
    far = {"line": 2**31 - 1, "character": 2**31 - 1}
    for version, start, end in ((3, far, far), (3, far, {"line": 0, "character": 0}), (-1, far, far)):
        change = {"range": {"start": start, "end": end}, "text": "# x\n"}
        document = {"uri": URI, "version": version}
        wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    for place in (far, {"line": -1, "character": -5}, {"line": 0, "character": -1}):
        wire.answer(wire.ask("textDocument/hover", {"textDocument": {"uri": URI}, "position": place}))
    hover = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 36}}
    for _ in range(3):
        wire.send({"jsonrpc": "2.0", "id": "same", "method": "textDocument/hover", "params": hover})
    wire.wait("three answers", lambda: wire.counts["same"] == 3)
    # Opened twice, closed twice, changed after that.
    opened(wire, URI, BAD)
    for _ in range(2):
        wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    wire.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": URI, "version": 5}, "contentChanges": [{"text": "x"}]},
    )
    still_works(wire)


def test_what_is_no_request_gets_an_error(make: Callable[..., Wire]) -> None:
    wire = make()
    wire.start()
    hover = {"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {}}
    # A batch: JSON-RPC has them, the protocol of editors does not.
    for odd in ([hover, hover], [], "text", None, {"jsonrpc": "2.0", "id": True}, {"jsonrpc": "2.0"}, 1e400):
        wire.send(odd)
    wire.bytes(b"Content-Length: 4\r\n\r\n\xff\xfe{}")
    wire.bytes(b"Content-Length: 0\r\n\r\n")
    wire.bytes(b"Content-Length: -5\r\n\r\n")
    body = b"[" * 200_000
    wire.bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    for method in (
        "textDocument/hover",
        "textDocument/codeAction",
        "workspace/executeCommand",
        "codeAction/resolve",
    ):
        for params in (
            None,
            [],
            5,
            {},
            {"textDocument": {}},
            {"command": 3},
            {"title": "x", "data": {"uri": 5}},
        ):
            answer = wire.answer(wire.ask(method, params))
            assert "error" in answer or answer["result"] is not False
    still_works(wire)


@pytest.mark.parametrize("half", [b"Content-Le", b"Content-Length: 100\r\n\r\n{", b""])
def test_half_a_message_and_a_closed_pipe_end_the_process(make: Callable[..., Wire], half: bytes) -> None:
    wire = make()
    wire.start()
    wire.bytes(half)
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.wait(10) == 1
    assert "Traceback" not in wire.stderr()


# Disks


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff" * 100, b"null"])
def test_a_damaged_cache_is_made_anew(make: Callable[..., Wire], folder: Path, damage: bytes) -> None:
    first = make()
    first.start(folder)
    still_works(first)
    for path in (folder.parent / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(damage)
    second = make()
    second.start(folder)
    still_works(second)


def test_a_cache_that_cannot_be_had(make: Callable[..., Wire], folder: Path) -> None:
    (folder.parent / "file").write_text("")
    places = [str(folder.parent / "file"), str(folder.parent / "file/below"), "relative"]
    places += ["/dev/full"] if sys.platform == "linux" else []
    for place in places:
        wire = make(DJANGO_UPLIFT_CACHE_DIR=place)
        wire.start(folder)
        still_works(wire)


def test_files_that_come_and_go_while_all_are_checked(make: Callable[..., Wire], folder: Path) -> None:
    for number in range(60):
        (folder / f"m{number}.py").write_text(BAD)
    (folder / "gone").symlink_to(folder / "nowhere")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.py")
    locked = folder / "locked"
    locked.mkdir()
    (locked / "m.py").write_text(BAD)
    locked.chmod(0)
    wire = make()
    wire.settings = {"diagnosticMode": "workspace"}
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            for number in range(0, 60, 2):
                (folder / f"m{number}.py").unlink(missing_ok=True)
            for number in range(0, 60, 2):
                (folder / f"m{number}.py").write_text(BAD)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        wire.start(folder, CAPABILITIES)
        for _ in range(3):
            wire.request("workspace/executeCommand", {"command": "djangoUplift.reindex"})
            time.sleep(0.3)
        wire.wait("finding", lambda: "DUR4001" in codes(wire, (folder / "m59.py").as_uri()))
    finally:
        stop.set()
        thread.join()
        locked.chmod(0o700)
    still_works(wire)

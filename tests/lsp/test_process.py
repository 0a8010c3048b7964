"""The process itself: how it starts, what it does with garbage, and that it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import BAD, COMMAND, TARGET_4_2, Start, brief, environment

INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}


class Raw:
    """A client that can send anything."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert process.stdin is not None and process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout
        self._timer = threading.Timer(30, process.kill)  # a test that waits for nothing ends with the stream
        self._timer.start()

    def send(self, message: Any) -> None:
        self.bytes(json.dumps(message).encode())

    def bytes(self, body: bytes) -> None:
        self.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.stdin.flush()

    def request(self, id: int | str, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def receive(self) -> Any:
        length = 0
        while line := self.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server is gone"
        return json.loads(self.stdout.read(length))

    def answer(self, id: int | str | None) -> Any:
        while True:
            message = self.receive()
            if "method" not in message and message.get("id") == id:
                return message

    def start(self) -> None:
        self.request(0, "initialize", INITIALIZE)
        assert "result" in self.answer(0)
        self.notify("initialized", {})

    def ended(self) -> int:
        started = time.monotonic()
        code = self.process.wait(10)
        assert time.monotonic() - started < 2
        return code

    def close(self) -> None:
        self._timer.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.stdin, self.stdout):
            with contextlib.suppress(OSError):
                stream.close()


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[Raw]:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path,
        env=environment(PROBE_SECONDS="3"),
    )  # fmt: skip
    client = Raw(process)
    yield client
    client.close()


def test_nothing_heavy_is_imported_at_the_start() -> None:
    """Libcst and jedi take longer to import than the server may take to start; rules are for after the answer."""
    script = (
        "import sys; import django_uplift.lsp.server;"
        "print([m for m in ('libcst', 'jedi', 'parso', 'django_uplift_rules', 'django_uplift.engine.run',"
        " 'ast', 'tokenize', 'multiprocessing') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True
    )
    heavy = set(json.loads(out.stdout.replace("'", '"')))
    assert not heavy - {"ast", "tokenize"}  # which inspect imports, and attrs imports inspect


def test_shutdown_and_exit_end_the_process(raw: Raw) -> None:
    raw.start()
    raw.request(1, "shutdown")
    assert raw.answer(1)["result"] is None
    raw.request(2, "textDocument/hover", {})
    assert raw.answer(2)["error"]["code"] == types.ErrorCodes.InvalidRequest
    raw.notify("exit")
    assert raw.ended() == 0


def test_exit_without_shutdown_is_an_error(raw: Raw) -> None:
    raw.start()
    raw.notify("exit")
    assert raw.ended() == 1


@pytest.mark.parametrize("busy", [False, True])
def test_a_closed_pipe_ends_the_process_even_amid_work(raw: Raw, busy: bool) -> None:
    raw.start()
    if busy:
        document = {"uri": "untitled:a", "languageId": "python", "version": 1, "text": "probe_slow = 1\n"}
        raw.notify("textDocument/didOpen", {"textDocument": document})
        time.sleep(1)  # the rule that sleeps is running
    raw.stdin.close()
    raw.ended()


def test_a_client_that_stops_reading_ends_the_process(raw: Raw) -> None:
    raw.start()
    raw.stdout.close()
    for version in range(50):
        try:
            raw.request(
                f"again{version}", "workspace/executeCommand", {"command": "djangoUplift.debugInformation"}
            )
        except OSError:
            break
        time.sleep(0.02)
    raw.ended()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_ends_the_process(raw: Raw) -> None:
    raw.start()
    raw.process.send_signal(signal.SIGTERM)
    raw.ended()


def test_garbage_is_answered_or_skipped(raw: Raw) -> None:
    raw.request(7, "textDocument/hover", {})
    assert raw.answer(7)["error"]["code"] == types.ErrorCodes.ServerNotInitialized
    raw.notify("textDocument/didOpen", {})
    raw.start()
    raw.stdin.write(b"nonsense without any header\r\n\r\nContent-Length: many\r\n\r\n")
    raw.bytes(b"{not json")
    assert raw.answer(None)["error"]["code"] == types.ErrorCodes.ParseError
    for odd in ([], "text", 5, {"id": 1, "method": "x"}, {"jsonrpc": "1.0", "id": 1, "method": "x"}):
        raw.send(odd)
        assert raw.answer(None)["error"]["code"] == types.ErrorCodes.InvalidRequest
    raw.send({"jsonrpc": "2.0", "id": {"a": 1}, "method": "shutdown"})
    assert raw.answer(None)["error"]["code"] == types.ErrorCodes.InvalidRequest
    raw.request(1, "textDocument/hover", {"textDocument": 5})
    assert raw.answer(1)["error"]["code"] == types.ErrorCodes.InvalidParams
    raw.request(2, "no/such/method", {})
    assert raw.answer(2)["error"]["code"] == types.ErrorCodes.MethodNotFound
    raw.request(3, "initialize", INITIALIZE)
    assert raw.answer(3)["error"]["code"] == types.ErrorCodes.InvalidRequest
    raw.request(4, "workspace/executeCommand", {"command": "rm -rf"})
    assert "error" in raw.answer(4)
    raw.notify("textDocument/didChange", {"textDocument": {"uri": 3}})
    raw.notify("$/setTrace", {"value": "loud"})
    raw.notify("$/unknown", {})
    raw.notify("$/cancelRequest", {"id": "never"})
    raw.send({"jsonrpc": "2.0", "id": "never asked", "result": 1})
    raw.send({"jsonrpc": "2.0", "id": "never asked", "error": {"code": 1, "message": "no"}})
    raw.stdin.write(b"content-type: x\r\nCONTENT-LENGTH:  58\r\n\r\n")
    raw.stdin.write(b'{"jsonrpc":"2.0","id":9,"method":"shutdown","params":null}')
    raw.stdin.flush()
    assert raw.answer(9)["result"] is None


def test_lone_surrogates_and_nul_bytes_in_a_text(raw: Raw) -> None:
    raw.start()
    text = "x = '\ud800'\n\0probe_ways\n"
    document = {"uri": "file:///tmp/odd%00name.py", "languageId": "python", "version": 1, "text": text}
    raw.notify("textDocument/didOpen", {"textDocument": document})
    while (message := raw.receive()).get("method") != "textDocument/publishDiagnostics":
        pass
    assert message["params"]["diagnostics"][0]["code"] == "DUX001"
    raw.request(1, "shutdown")
    assert raw.answer(1)["result"] is None


def test_a_request_that_is_cancelled_is_answered_so_and_not_worked_on(raw: Raw) -> None:
    raw.start()
    document = {"uri": "untitled:a", "languageId": "python", "version": 1, "text": "probe_slow = 1\n"}
    raw.notify("textDocument/didOpen", {"textDocument": document})
    where = {"textDocument": {"uri": "untitled:a"}, "position": {"line": 0, "character": 0}}
    for id in range(1, 6):
        raw.request(id, "textDocument/hover", where)
        raw.notify("$/cancelRequest", {"id": id})
    started = time.monotonic()
    for id in range(1, 6):
        assert raw.answer(id)["error"]["code"] == types.LSPErrorCodes.RequestCancelled
    assert time.monotonic() - started < 3  # the document's own check takes that long


def test_tcp_serves_one_client(tmp_path: Path) -> None:
    command = [*COMMAND[:-1], "--tcp", "127.0.0.1:0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(), text=True)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        host, _, port = address.rpartition(":")
        with (
            socket.create_connection((host, int(port)), timeout=10) as client,
            client.makefile("rwb") as stream,
        ):
            for message in (
                {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": INITIALIZE},
                {"jsonrpc": "2.0", "id": 1, "method": "shutdown"},
                {"jsonrpc": "2.0", "method": "exit"},
            ):
                body = json.dumps(message).encode()
                stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
                stream.flush()
            assert process.wait(10) == 0
            assert b'"capabilities"' in stream.read()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.asyncio
async def test_nothing_of_the_workspace_is_run(editor: Start, tmp_path: Path) -> None:
    """An untrusted project full of traps: each would leave a mark if it were run or imported."""
    mark = tmp_path / "mark"
    trap = f"open({str(mark)!r}, 'a').write(__file__ + chr(10))\n"
    files = {
        "pyproject.toml": TARGET_4_2,
        "conftest.py": trap,
        "sitecustomize.py": trap,
        "usercustomize.py": trap,
        "setup.py": trap + "from setuptools import setup\nsetup(install_requires=['Django>=4.2'])\n",
        "manage.py": trap,
        "settings.py": trap + "USE_L10N = True\n",
        "django/__init__.py": trap,
        "django/utils/__init__.py": trap,
        "libcst.py": trap,
        "ast.py": trap,
        "pkg/__init__.py": trap + "from django.utils.encoding import force_text\n",
        ".venv/pyvenv.cfg": "home = /usr/bin\n",
        ".venv/lib/python3.11/site-packages/trap.pth": f"import os; {trap}",
        ".venv/bin/python": f"#!/bin/sh\necho ran > {mark}\n",
    }
    ed = await editor(files, options={"diagnosticMode": "workspace"})
    (ed.folder / ".venv/bin/python").chmod(0o755)
    uri = ed.open("app.py", "from pkg import force_text\n" + BAD)
    await ed.diagnostics(uri)
    for action in await ed.actions(uri, "1:36-1:36"):
        with contextlib.suppress(Exception):
            await ed.resolved(action)
    await ed.hover(uri, 1, 36)
    await ed.client.publication(ed.uri("pkg/__init__.py"), lambda p: bool(p.diagnostics))
    assert not mark.exists()


@pytest.mark.asyncio
async def test_the_loop_answers_while_the_analysis_works(editor: Start) -> None:
    ed = await editor(env={"PROBE_SECONDS": "2"})
    uri = ed.open("app.py", "probe_slow = 1\n" + BAD)
    await asyncio.sleep(0.8)
    started = time.monotonic()
    with pytest.raises(Exception, match="not defined"):
        await ed.client.workspace_execute_command_async(types.ExecuteCommandParams("no.such"))
    assert time.monotonic() - started < 1  # the analysis sleeps for longer
    assert brief(await ed.diagnostics(uri)) == [("DUR4001", "1:34-1:44")]


@pytest.mark.asyncio
async def test_the_slow_analysis_follows_when_the_typing_pauses(editor: Start) -> None:
    models = "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
    ed = await editor({"shop/__init__.py": "", "shop/models.py": models, "manage.py": ""})
    text = "from shop.models import Order\n\n\nasync def view(pk):\n    return Order.objects.get(pk=pk)\n"
    uri = ed.open("shop/views.py", text)
    found = await ed.client.publication(
        uri, lambda p: any(str(d.code).startswith("DUA") for d in p.diagnostics)
    )
    (code,) = {str(d.code) for d in found.diagnostics}
    # While somebody types, what it said moves along; the quick answer for a version comes before the full one.
    ed.change(uri, ("0:0-0:0", "# typed\n"))
    assert brief(await ed.diagnostics(uri)) == [(code, "5:11-5:35")]
    ed.change(uri, ("5:11-5:16", "await Order"))
    ed.change(uri, ("5:31-5:34", "aget"))
    await ed.client.publication(uri, lambda p: p.version == ed.versions[uri] and not brief(p.diagnostics))


@pytest.mark.asyncio
async def test_a_command_that_is_cancelled_is_not_worked_on(editor: Start, tmp_path: Path) -> None:
    """Each slow file leaves a mark: after the cancellation there are no more of them."""
    mark = tmp_path / "mark"
    files = {f"m{number}.py": f"probe_slow = {number}\n" for number in range(8)}
    ed = await editor(files, env={"PROBE_SECONDS": "0.4", "PROBE_MARK": str(mark)})
    params = types.ExecuteCommandParams("djangoUplift.plan", [ed.folder.as_uri(), "4.2", "6.1"])
    plan = asyncio.ensure_future(ed.client.workspace_execute_command_async(params))
    for _ in range(200):
        await asyncio.sleep(0.05)
        if mark.exists():
            break
    request = next(id for id, future in ed.client.protocol._request_futures.items() if not future.done())
    ed.client.cancel_request(types.CancelParams(request))
    with pytest.raises(Exception, match="cancel"):
        await asyncio.wait_for(plan, 10)
    await asyncio.sleep(0.8)
    seen = len(mark.read_text().splitlines())
    await asyncio.sleep(1.2)
    assert len(mark.read_text().splitlines()) == seen < 8

"""A client that speaks bytes: it can send anything at any moment, and counts what comes back."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds for one answer, on a machine that has other things to do."""


class Wire:
    """The server's process, with a thread that reads all it says and answers what it asks."""

    def __init__(self, command: Sequence[str], cwd: Path, env: dict[str, str]) -> None:
        self.settings: dict[str, Any] = {}
        """What the client says when it is asked for its configuration."""
        self.answers: dict[int | str, Any] = {}
        self.counts: Counter[int | str] = Counter()
        """How many answers each request had."""
        self.asked: list[int] = []
        self.published: dict[str, Any] = {}
        self.said: list[Any] = []
        """Messages for the log, or for the user."""
        self.progress: list[Any] = []
        self._ids = itertools.count(1)
        self._news = threading.Condition()
        self._ended = False
        self._errors: list[str] = []
        self.process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._sending = threading.Lock()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    # Out

    def bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        with self._sending:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request and do not wait."""
        id = next(self._ids)
        self.asked.append(id)
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        return id

    # In

    def answer(self, id: int | str) -> Any:
        """The whole response to a request."""
        self.wait(f"the answer to {id}", lambda: id in self.answers)
        return self.answers[id]

    def request(self, method: str, params: Any = None) -> Any:
        """The result of a request; it must not be an error."""
        answer = self.answer(self.ask(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: done() or self._ended, PATIENCE), f"no {what}"
            assert done(), f"the server is gone: no {what}\n{self.stderr()}"

    def errors(self) -> list[str]:
        """What was logged as an error, on any way."""
        return [m["message"] for m in self.said if m["type"] == 1]

    def stderr(self) -> str:
        return "".join(self._errors)

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        with contextlib.suppress(ValueError, OSError):
            while header := stream.readline():
                length = 0
                while header.strip():
                    name, _, value = header.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                    header = stream.readline()
                self._take(json.loads(stream.read(length)))
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors.append(line.decode("utf-8", "replace"))

    def _take(self, message: Any) -> None:
        method, id = message.get("method"), message.get("id")
        if method is not None and id is not None:
            result: Any = None
            if method == "workspace/configuration":
                result = [self.settings for _ in message["params"]["items"]]
            elif method == "workspace/applyEdit":
                result = {"applied": False}
            with contextlib.suppress(OSError, ValueError):
                self.send({"jsonrpc": "2.0", "id": id, "result": result})
            return
        with self._news:
            if method is None:
                self.answers[id] = message
                self.counts[id] += 1
            elif method == "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]
            elif method == "$/progress":
                self.progress.append(message["params"])
            elif method in ("window/logMessage", "window/showMessage"):
                self.said.append(message["params"])
            self._news.notify_all()

    # Beginning and end

    def start(self, folder: Path | None = None, capabilities: Any = None, **more: Any) -> Any:
        """Say hello; what the server can do."""
        root = None if folder is None else folder.as_uri()
        folders = None if root is None else [{"uri": root, "name": "root"}]
        hello = {
            "processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities or {}, **more,
        }  # fmt: skip
        result = self.request("initialize", hello)
        self.notify("initialized", {})
        return result["capabilities"]

    def leave(self) -> int:
        """Say goodbye; the exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join(10)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

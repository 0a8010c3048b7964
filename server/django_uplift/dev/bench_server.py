"""What an editor's user waits for: our server next to ruff's, on the same file, at the same time.

``python -m django_uplift.dev.bench_server [FILE]``; without a file, a long one of Django's own. Both servers run at
once and get the same keystrokes in turns, so that a busy machine disturbs both alike. Statements are typed character by
character into function bodies, as in life: most states in between do not parse.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from django_uplift.dev.bench import default_tree, environment

OURS = (sys.executable, "-m", "django_uplift", "--stdio")
PATIENCE = 60.0
"""Seconds that a server may take to answer."""

_TYPED = (
    "order.total = compute(order_id)",
    "result = [x for x in items if x]",
    "await self.save_order(order)",
    'name = f"{order.id}-x"',
)
_CAPABILITIES = {
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
    "window": {"workDoneProgress": True},
}

Message = dict[str, Any]


class Figures(NamedTuple):
    """Milliseconds. `initialize` to `complete` are counted from the process's start."""

    initialize: float
    first: float
    """The first diagnostics of the opened file."""
    complete: float
    """Its last ones: after them comes nothing more until something is typed."""
    keystrokes: tuple[float, ...]
    """From each change to the diagnostics of the text after it."""
    cpu_first: float | None
    """What the server process has used by its first diagnostics; None where that can't be told."""
    cpu: float | None
    """What it uses for one keystroke."""


class Server:
    """A language server's process, and the client's end of the talk with it."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self._root = root
        self._news = threading.Condition()
        self._messages: list[tuple[float, Message]] = []
        self._ended = False
        self._id = 0
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=root,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.request("shutdown", None)
            self.send({"method": "exit"})
            self._process.wait(5)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                line = stream.readline()
            message = json.loads(stream.read(length))
            now = time.perf_counter()
            if "id" in message and "method" in message:
                wanted = message["params"].get("items") if message.get("params") else None
                self.send({"id": message["id"], "result": wanted and [None for _ in wanted]})
            with self._news:
                self._messages.append((now, message))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def send(self, message: Message) -> None:
        """Send one message."""
        stream = self._process.stdin
        assert stream is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        stream.flush()

    def request(self, method: str, params: object) -> tuple[float, Message]:
        """When the answer came, and the answer. Raises `RuntimeError` if none comes."""
        self._id += 1
        wanted = self._id
        self.send({"id": wanted, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == wanted and "method" not in message)

    def wait(self, wanted: Callable[[Message], bool]) -> tuple[float, Message]:
        """The first message that is `wanted`, past or to come, and when it came. Raises `RuntimeError`."""

        def find() -> tuple[float, Message] | None:
            return next((item for item in self._messages if wanted(item[1])), None)

        with self._news:
            self._news.wait_for(lambda: find() is not None or self._ended, PATIENCE)
            found = find()
        if found is None:
            raise RuntimeError(f"{self._process.args!r} gives no answer")
        return found

    def published(self, version: int) -> tuple[float, Message]:
        """The first diagnostics of a version of the document, or a later one."""

        def is_it(message: Message) -> bool:
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and (message["params"].get("version") or 0) >= version
            )

        return self.wait(is_it)

    def quiet(self, seconds: float) -> float:
        """When the last diagnostics came, once none have come for some time."""
        while True:
            with self._news:
                times = [at for at, m in self._messages if m.get("method", "").endswith("publishDiagnostics")]
            if time.perf_counter() - times[-1] > seconds:
                return times[-1]
            time.sleep(0.05)

    def cpu(self) -> float | None:
        """Milliseconds of user and system time of the process so far; None where there is no ``/proc``."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def begin(self, path: Path, text: str) -> tuple[float, float]:
        """Open a document; when the server was initialized, and when the first diagnostics came."""
        root = self._root.as_uri()
        at, _ = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": self._root.name}],
                "capabilities": _CAPABILITIES,
            },
        )
        self.send({"method": "initialized", "params": {}})
        item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        return at, self.published(1)[0]


class Key(NamedTuple):
    """One change: what stands on `line` from `column` on, up to (`end_line`, `end`), becomes `text`."""

    line: int
    column: int
    end_line: int
    end: int
    text: str

    def event(self) -> Message:
        """The change as the protocol has it."""
        start = {"line": self.line, "character": self.column}
        return {
            "range": {"start": start, "end": {"line": self.end_line, "character": self.end}},
            "text": self.text,
        }


def keys(text: str, seed: int = 1) -> Iterator[Key]:
    """Statements typed on new lines of function bodies, and taken away again, without end."""
    rng = random.Random(seed)
    lines = text.split("\n")
    places = [
        (number, line[: len(line) - len(line.lstrip())])
        for number, line in enumerate(lines)
        if line.startswith("    ") and line.endswith(")") and line.count("(") == line.count(")")
        and not line.lstrip().startswith(("def ", "async def ", "@", "class ", ")", "#", '"', "'"))
    ] or [(0, "")]  # fmt: skip
    while True:
        number, indent = rng.choice(places)
        yield Key(number, 0, number, 0, f"{indent}\n")
        for column, character in enumerate(rng.choice(_TYPED), len(indent)):
            yield Key(number, column, number, column, character)
        yield Key(number, 0, number + 1, 0, "")


def ruff() -> str:
    """Ruff's executable. Raises `RuntimeError` if it is not installed."""
    found = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if found is None:
        raise RuntimeError("ruff is not installed: it is in the group 'dev'")
    return found


def measure(
    commands: Sequence[Sequence[str]],
    path: Path,
    root: Path,
    *,
    count: int,
    pause: float = 0.12,
    quiet: float = 3,
) -> list[Figures]:
    """The figures of servers that run side by side, with `pause` seconds between two keystrokes.

    A server has said all about the opened file when it was `quiet` for so many seconds. Raises `RuntimeError` if one of
    them gives no answer.
    """
    text = path.read_text(encoding="utf-8")
    with ExitStack() as stack:
        servers: list[Server] = []
        starts: list[tuple[float, float, float]] = []
        used: list[float | None] = []
        for command in commands:  # One after the other: starting takes all of a processor.
            server = stack.enter_context(Server(command, root))
            initialized, first = server.begin(path, text)
            used.append(server.cpu())
            starts.append((initialized, first, server.quiet(quiet)))
            servers.append(server)
        before = [server.cpu() for server in servers]
        waits: list[list[float]] = [[] for _ in servers]
        uri = path.as_uri()
        for version, key in zip(range(2, count + 2), keys(text), strict=False):
            for server, waited in zip(servers, waits, strict=True):
                params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [key.event()]}
                sent = time.perf_counter()
                server.send({"method": "textDocument/didChange", "params": params})
                waited.append((server.published(version)[0] - sent) * 1000)
            time.sleep(pause)
        after = [server.cpu() for server in servers]
        return [
            Figures(
                (initialized - server.started) * 1000,
                (first - server.started) * 1000,
                (complete - server.started) * 1000,
                tuple(waited),
                cpu_first,
                None if since is None or until is None else (until - since) / count,
            )
            for server, (initialized, first, complete), waited, cpu_first, since, until in zip(
                servers, starts, waits, used, before, after, strict=True
            )
        ]


def table(measured: dict[str, Figures]) -> str:
    """The figures for people."""
    titles = ("initialize", "first", "complete", "CPU to first", "key p50", "p95", "CPU/key")
    rows = ["ms".ljust(16) + "".join(title.rjust(14) for title in titles)]
    for name, figures in measured.items():
        cells = (
            f"{figures.initialize:.0f}",
            f"{figures.first:.0f}",
            f"{figures.complete:.0f}",
            "-" if figures.cpu_first is None else f"{figures.cpu_first:.0f}",
            f"{median(figures.keystrokes):.1f}",
            f"{quantiles(figures.keystrokes, n=20, method='inclusive')[-1]:.1f}",
            "-" if figures.cpu is None else f"{figures.cpu:.1f}",
        )
        rows.append(name.ljust(16) + "".join(cell.rjust(14) for cell in cells))
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m django_uplift.dev.bench_server", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="the document; default: one of Django's own")
    parser.add_argument("--root", type=Path, help="the folder that is opened; default: the file's")
    parser.add_argument("--keys", type=int, default=150, help="keystrokes; default: 150")
    parser.add_argument("--json", action="store_true", help="print the raw figures instead of the table")
    options = parser.parse_args(argv)
    path = (options.file or default_tree() / "db/models/query.py").resolve()
    root = (options.root or path.parent).resolve()
    ours, theirs = measure([OURS, [ruff(), "server"]], path, root, count=max(options.keys, 2))
    measured = {"django-uplift": ours, "ruff server": theirs}
    if options.json:
        print(json.dumps({name: figures._asdict() for name, figures in measured.items()}, indent=2))
    else:
        print(table(measured))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

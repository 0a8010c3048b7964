"""Bytes to messages and back.

pygls reads its input in three thread-pool hops a message, blocks at exit until the client sends one more
byte, and leaves requests that it can't decode without an answer. Here one thread reads, and the loop gets
whole messages.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,10})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MAX_HEADER = 64 * 1024
AT_ONCE = getattr(select, "PIPE_BUF", 512)
"""Bytes for which a pipe that takes anything has room."""
_SHORT = 4 * AT_ONCE


class Connection(NamedTuple):
    """Two ends of a byte stream. `read` blocks, and gives nothing at the stream's end; `write` may block.

    `takes_some` says whether `AT_ONCE` bytes can surely be written without.
    """

    read: Callable[[int], bytes]
    write: Callable[[bytes], None]
    takes_some: Callable[[], bool] = lambda: False


def stdio() -> Connection:
    """The process's own streams; whatever else prints goes to standard error from now on."""
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(source, os.O_BINARY)
        msvcrt.setmode(sink, os.O_BINARY)

    def write(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(sink, view) :]

    # Not sys.stdin.buffer: who waits in it holds its lock, and the interpreter then can't shut down.
    return Connection(lambda size: os.read(source, size), write, partial(_takes_some, sink))


def _takes_some(descriptor: int) -> bool:
    try:
        return bool(select.select((), (descriptor,), (), 0)[1])
    except (OSError, ValueError):  # Windows asks sockets alone.
        return False


def tcp(host: str, port: int) -> Connection:
    """Wait for one client. Raises `OSError` where the address can't be had."""
    with socket.create_server((host, port)) as listener:
        where = listener.getsockname()
        print(f"django-uplift: listening on {where[0]}:{where[1]}", file=sys.stderr, flush=True)
        client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(client.recv, client.sendall, partial(_takes_some, client.fileno()))


class Outbox:
    """Writes without keeping the loop waiting for a client that does not read: what it can't take goes by a thread.

    `failed` is called, on any thread, when the client is gone.
    """

    def __init__(self, connection: Connection, failed: Callable[[], None]) -> None:
        self._connection = connection
        self._failed = failed
        self._waiting: deque[bytes] = deque()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, data: bytes) -> None:
        """Send some bytes, behind all that was sent before. Raises `OSError` where that is known at once."""
        with self._news:
            if not self._waiting:
                view = memoryview(data)
                while view and len(data) <= _SHORT and self._connection.takes_some():
                    self._connection.write(bytes(view[:AT_ONCE]))
                    view = view[AT_ONCE:]
                data = bytes(view)
            if not data:
                return
            self._waiting.append(data)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def flush(self, patience: float) -> None:
        """Wait, so many seconds at most, until all is written."""
        with self._news:
            self._news.wait_for(lambda: not self._waiting, patience)

    def close(self) -> None:
        """Nothing to do: the process ends right after."""

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting)
                data = self._waiting[0]
            try:
                self._connection.write(data)
            except OSError:
                self._failed()
                return
            with self._news:
                # Not before: who sends more meanwhile must see that this comes first.
                self._waiting.popleft()
                self._news.notify_all()


class BadMessage(NamedTuple):
    """A body that is not JSON, and why."""

    reason: str


class Frames:
    """Cuts a byte stream into message bodies; what is no message is skipped."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are complete with these bytes."""
        buffer = self._buffer
        buffer += data
        while True:
            if self._wanted is None:
                self._wanted = self._header()
                if self._wanted is None:
                    return
            if len(buffer) < self._wanted:
                return
            body = bytes(buffer[: self._wanted])
            del buffer[: self._wanted]
            self._wanted = None
            yield body

    def _header(self) -> int | None:
        buffer = self._buffer
        while blank := _BLANK_LINE.search(buffer):
            lengths = _LENGTH.findall(buffer, 0, blank.start())
            del buffer[: blank.end()]
            if lengths:
                return int(lengths[-1])
        if len(buffer) > _MAX_HEADER:
            del buffer[: -_MAX_HEADER // 2]
        return None


def read_messages(connection: Connection, deliver: Callable[[Any], None], ended: Callable[[], None]) -> None:
    """Start the thread that reads. `deliver` gets decoded JSON or a `BadMessage`; `ended` is called once."""

    def run() -> None:
        frames = Frames()
        try:
            while data := connection.read(1 << 16):
                for body in frames.feed(data):
                    deliver(_decoded(body))
        except OSError:
            pass  # The client is gone: as good an end as any.
        finally:
            ended()

    threading.Thread(target=run, name="reader", daemon=True).start()


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        return BadMessage(str(error))

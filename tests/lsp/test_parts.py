"""URIs, frames and the worker, by themselves."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_uplift.lsp import schedule, uris
from django_uplift.lsp.convert import kinds_wanted
from django_uplift.lsp.schedule import Priority, Worker
from django_uplift.lsp.session import section_of
from django_uplift.lsp.transport import AT_ONCE, Connection, Frames, Outbox


@pytest.mark.parametrize(
    ("uri", "windows", "expected"),
    [
        ("file:///home/a%20b/%C3%A9.py", False, "/home/a b/é.py"),
        ("FILE:///a.py", False, "/a.py"),
        ("file://localhost/a.py", False, "/a.py"),
        ("file:///a%2523.py", False, "/a%23.py"),
        ("file:///a.py?x#y", False, "/a.py?x#y"),
        ("file:///c%3A/Users/a.py", True, "C:\\Users\\a.py"),
        ("file:///c:/Users/a.py", True, "C:\\Users\\a.py"),
        ("file:///C:/", True, "C:\\"),
        ("file://server/share/a.py", True, "\\\\server\\share\\a.py"),
        ("file:///c:/a.py", False, "/c:/a.py"),
        ("untitled:Untitled-1", False, None),
        ("vscode-notebook-cell:/a.ipynb#W0", False, None),
        ("file:", False, None),
        ("file:///a%00b", False, None),
        ("http://[", False, None),
        ("", False, None),
    ],
)
def test_files_of_uris(uri: str, windows: bool, expected: str | None) -> None:
    assert uris.file_name(uri, windows=windows) == expected


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_paths_survive_being_uris(name: str) -> None:
    if name in (".", ".."):
        return
    path = Path("/tmp") / name
    assert uris.to_path(uris.from_path(path)) == path


def test_a_path_stands_in_for_what_is_no_file() -> None:
    assert uris.stand_in("untitled:Untitled-1", Path("/p")) == Path("/p/Untitled-1.py")
    assert uris.stand_in("x:/a/b%2F..%2Fc.py", Path("/p")) == Path("/p/c.py")
    assert uris.stand_in("odd:", Path("/p")) == Path("/p/untitled.py")


BODIES = st.lists(st.binary(min_size=1, max_size=30), max_size=5)


@given(BODIES, st.lists(st.integers(1, 20), min_size=1, max_size=40), st.booleans())
def test_frames_are_cut_wherever_the_stream_is(bodies: list[bytes], cuts: list[int], type_too: bool) -> None:
    extra = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" if type_too else b""
    stream = b"".join(b"Content-Length: %d\r\n%s\r\n%s" % (len(body), extra, body) for body in bodies)
    frames, found, at = Frames(), [], 0
    for cut in [*cuts, len(stream)]:
        found += frames.feed(stream[at : at + cut])
        at += cut
    found += frames.feed(stream[at:])
    assert found == bodies


def test_frames_find_back_after_garbage() -> None:
    frames = Frames()
    assert list(frames.feed(b"x" * 200_000)) == []
    assert list(frames.feed(b"\r\n\r\nContent-Length: 2\r\n\r\nok")) == [b"ok"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (None, True),
        ([], False),
        ([""], True),
        (["source"], True),
        (["source.fix"], False),
        (["quickfix"], False),
    ],
)
def test_kinds(only, expected: bool) -> None:
    assert kinds_wanted(only, "source.fixAll.djangoUplift") is expected


@pytest.mark.parametrize(
    "sent",
    [
        {"a": 1},
        {"settings": {"a": 1}},
        {"djangoUplift": {"a": 1, "b": None}},
        {"settings": {"djangoUplift": {"a": 1}}},
    ],
)
def test_our_settings_are_found_wherever_a_client_puts_them(sent) -> None:
    assert section_of(sent) == {"a": 1}


@pytest.mark.parametrize("sent", [None, 5, "x", [], {"settings": None}, {"djangoUplift": []}])
def test_settings_that_are_none(sent) -> None:
    assert section_of(sent) == {}


class Gate:
    """Holds the worker until it is opened."""

    def __init__(self, worker: Worker) -> None:
        self._open = threading.Event()
        self.done = worker.submit(lambda _: self._open.wait(10), Priority.SETUP)

    def open(self) -> None:
        self._open.set()


@pytest.mark.asyncio
async def test_the_urgent_goes_first_and_the_newest_of_a_key_alone() -> None:
    worker, order = Worker(asyncio.get_running_loop()), []
    gate = Gate(worker)
    jobs = [
        worker.submit(lambda _, n=n: order.append(n), priority, key)
        for n, priority, key in [
            ("background", Priority.BACKGROUND, None),
            ("old", Priority.TYPED, "a"),
            ("open", Priority.OPEN, None),
            ("new", Priority.TYPED, "a"),
            ("asked", Priority.ASKED, None),
        ]
    ]
    gate.open()
    await asyncio.wait(jobs, timeout=10)
    assert order == ["asked", "new", "open", "background"]
    assert jobs[1].cancelled()
    worker.stop()


@pytest.mark.asyncio
async def test_cancelled_jobs_do_not_run_and_running_ones_are_told() -> None:
    worker, ran = Worker(asyncio.get_running_loop()), []
    gate = Gate(worker)
    waiting = worker.submit(lambda _: ran.append(1), Priority.ASKED)
    waiting.cancel()
    started, seen = threading.Event(), threading.Event()

    def long(token) -> None:
        started.set()
        for _ in range(1000):
            try:
                token.check()
            except asyncio.CancelledError:
                seen.set()
                raise
            threading.Event().wait(0.01)

    running = worker.submit(long, Priority.ASKED)
    gate.open()
    assert await asyncio.to_thread(started.wait, 10)
    running.cancel()
    assert await asyncio.to_thread(seen.wait, 10)
    assert ran == []
    worker.stop()


@pytest.mark.asyncio
async def test_a_job_makes_way_for_a_more_urgent_one_if_it_said_so() -> None:
    worker, order = Worker(asyncio.get_running_loop()), []
    started = threading.Event()

    def long(token) -> None:
        started.set()
        for _ in range(1000):
            token.check()
            threading.Event().wait(0.01)

    slow = worker.submit(long, Priority.OPEN, makes_way=True)
    assert await asyncio.to_thread(started.wait, 10)
    await asyncio.wait_for(worker.submit(lambda _: order.append("typed"), Priority.TYPED), 5)
    await asyncio.wait([slow], timeout=5)
    assert slow.cancelled() and order == ["typed"]
    worker.stop()


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [ValueError, StopIteration, SystemExit, KeyboardInterrupt, MemoryError])
async def test_the_worker_survives_whatever_a_job_raises(error: type[BaseException]) -> None:
    worker = Worker(asyncio.get_running_loop())

    def fail(_: object) -> None:
        raise error("x")

    with pytest.raises(error if error in (ValueError, MemoryError) else RuntimeError):
        await asyncio.wait_for(worker.submit(fail, Priority.ASKED), 10)
    assert await asyncio.wait_for(worker.submit(lambda _: 5, Priority.ASKED), 10) == 5
    worker.stop()


@pytest.mark.asyncio
async def test_withdrawn_jobs_do_not_pile_up_behind_urgent_ones() -> None:
    worker, gate, ran = Worker(asyncio.get_running_loop()), threading.Event(), list[int]()
    blocking = worker.submit(lambda _: gate.wait(20), Priority.TYPED)
    jobs = [
        worker.submit(lambda _, number=number: ran.append(number), Priority.OPEN, number % 10)
        for number in range(5000)
    ]
    waiting = len(worker._queue)
    gate.set()
    await asyncio.wait([blocking, *jobs], timeout=20)
    worker.stop()
    assert waiting <= 260
    assert ran == list(range(4990, 5000))


@pytest.mark.asyncio
async def test_a_worker_at_rest_gives_back_what_nobody_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tree:
        """Leads back to itself, as trees do."""

        def __init__(self) -> None:
            self.parent = self

    monkeypatch.setattr(schedule, "REST", 0.01)
    gone = threading.Event()
    worker = Worker(asyncio.get_running_loop())
    tree = Tree()
    weakref.finalize(tree, gone.set)
    gc.disable()
    try:
        del tree
        await worker.submit(lambda _: None, Priority.OPEN)
        assert await asyncio.to_thread(gone.wait, 20)
    finally:
        gc.enable()
        worker.stop()


class Reader:
    """The other end of a connection, which takes nothing until it is told to."""

    def __init__(self) -> None:
        self.got = b""
        self.room = 0
        self.may = threading.Event()
        self.error: OSError | None = None

    def write(self, data: bytes) -> None:
        if self.room >= len(data):
            self.room -= len(data)
        else:
            assert threading.current_thread() is not threading.main_thread(), "the loop waits"
            assert self.may.wait(10)
        if self.error is not None:
            raise self.error
        self.got += data

    def connection(self) -> Connection:
        return Connection(lambda size: b"", self.write, lambda: self.room >= AT_ONCE)


def test_a_client_that_does_not_read_keeps_nobody_waiting_and_gets_all_in_order() -> None:
    reader, failures = Reader(), list[bool]()
    outbox = Outbox(reader.connection(), lambda: failures.append(True))
    reader.room = 3 * AT_ONCE
    sent = [b"a" * 10, b"b" * (2 * AT_ONCE), b"c" * (AT_ONCE * 3), b"d", b"e" * 100_000, b"f"]
    for data in sent:
        outbox.write(data)
    assert reader.got.startswith(sent[0] + sent[1])
    reader.may.set()
    outbox.flush(10)
    assert reader.got == b"".join(sent)
    reader.room = AT_ONCE
    outbox.write(b"g")
    assert reader.got.endswith(b"g"), "at once"
    assert failures == []


def test_a_client_that_is_gone_is_noticed_once() -> None:
    reader, gone = Reader(), threading.Event()
    outbox = Outbox(reader.connection(), gone.set)
    reader.error = BrokenPipeError()
    reader.may.set()
    outbox.write(b"a")
    outbox.write(b"b")
    assert gone.wait(10)
    reader.room = AT_ONCE
    outbox.write(b"behind what was never written")
    outbox.flush(0.01)
    assert reader.got == b""

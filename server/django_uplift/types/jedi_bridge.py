"""jedi at arm's length: one process that is started when there is something to ask, and killed when it overruns."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib.util
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from django_uplift.project.files import FileStore
from django_uplift.types.questions import Answer, Definition, Question

log = logging.getLogger(__name__)

DEADLINE = 30.0
"""Seconds that one answer may take on a busy machine. The worker itself gives up earlier, by the CPU that it used."""
START = 20.0
"""Seconds more for the first answer of a process."""
MEMORY = 250_000_000
"""Bytes after which the process makes way for a new one: below what its limit is, so that no answer is lost."""
FAILURES = 3
"""How often in a row it may overrun or die before it is left alone."""
_REMEMBERED = 10_000

_WORKER = Path(__file__).with_name("jedi_worker.py")


class Surroundings(NamedTuple):
    """Where a project's code lies: its root, what imports start from, and a digest of which files there are."""

    root: Path
    sys_path: tuple[str, ...]
    files: str = ""


class _Key(NamedTuple):
    around: Surroundings
    path: Path
    text: bytes
    line: int
    column: int


class _Known(NamedTuple):
    answer: Answer
    reads: Mapping[str, bytes]
    """The digests of the files that it rests on."""


class _Reply(NamedTuple):
    found: Answer
    reads: list[str]
    memory: int
    error: str


class _Overrun(Exception):
    """The process took too long, is gone, or talks nonsense."""


def command() -> list[str] | None:
    """What starts the worker; None where jedi is not installed.

    `-I` and `-S` keep the project, its environment and every ``.pth`` file off the import path.
    """
    folders: list[str] = []
    for name in ("jedi", "parso"):
        spec = importlib.util.find_spec(name)  # finds, and imports nothing
        if spec is None or spec.origin is None:
            return None
        folders.append(str(Path(spec.origin).parents[1]))
    return [sys.executable, "-I", "-S", str(_WORKER), *dict.fromkeys(folders)]


class JediBridge:
    """Answers questions with jedi's help. Any thread may ask; one is answered at a time.

    `complain` is told, once, in a sentence for the user, when jedi is given up. `deadline` is the seconds that one
    answer may take, `patience` those that all may take together.
    """

    def __init__(
        self,
        complain: Callable[[str], None] = log.warning,
        *,
        start: Callable[[], list[str] | None] = command,
        deadline: float = DEADLINE,
        patience: float = float("inf"),
    ) -> None:
        self._complain = complain
        self._start = start
        self._deadline = deadline
        self._patience = patience
        self._spent = 0.0
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._failures = 0
        self._closed = False
        self._known: dict[_Key, _Known] = {}
        self._near: dict[tuple[Path, str, int], Answer] = {}
        self._digests: dict[str, tuple[Any, bytes]] = {}
        self._underway: set[Question] = set()
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self.starts = 0
        """How many processes it took so far."""
        self.asked = 0
        """How many questions reached one."""

    @property
    def is_usable(self) -> bool:
        """Whether it makes sense to ask."""
        return not self._closed and self._failures < FAILURES and self._spent < self._patience

    def recall(self, around: Surroundings, question: Question, store: FileStore) -> Answer | None:
        """An answer that was given before and still stands; None if there is none."""
        key = self._key(around, question, store)
        if key is None:
            return ()  # There is no such file: nobody will know.
        known = self._known.get(key)
        if known is None:
            return None
        if any(self._digest(path, store) != digest for path, digest in known.reads.items()):
            return None
        return known.answer

    def guess(self, question: Question) -> Answer:
        """The last answer for the same place in the same function, until a new one is there."""
        return self._near.get(_place(question), ())

    def ask(
        self, around: Surroundings, questions: Iterable[Question], store: FileStore
    ) -> dict[Question, Answer]:
        """Answers, each given within its deadline. What can't be told in time counts as not known."""
        answers: dict[Question, Answer] = {}
        # File by file, so that the worker reads each of them once.
        for question in sorted(questions, key=lambda q: (q.path, q.line, q.column)):
            with self._lock:
                answer = self.recall(around, question, store)
                if answer is None:
                    answer = self._answer(around, question, store)
            if answer is not None:
                answers[question] = answer
        return answers

    def later(
        self,
        around: Surroundings,
        questions: Iterable[Question],
        store: FileStore,
        done: Callable[[], None],
    ) -> None:
        """Have questions answered in the background, then call `done` on the thread that did it."""
        new = [question for question in questions if question not in self._underway]
        if not new or not self.is_usable:
            return
        self._underway.update(new)

        def work() -> None:
            try:
                self.ask(around, new, store)
            finally:
                self._underway.difference_update(new)
            done()

        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="jedi", daemon=True)
            self._worker.start()
        self._jobs.put(work)

    def _work(self) -> None:
        while True:
            try:
                self._jobs.get()()
            except Exception:  # the thread must outlive every job
                log.exception("asking jedi failed")

    def close(self) -> None:
        """End the process. Nothing is answered any more."""
        self._closed = True
        # Not under the lock: whoever waits for an answer is to stop waiting.
        process = self._process
        if process is not None:
            process.kill()

    # One question

    def _answer(self, around: Surroundings, question: Question, store: FileStore) -> Answer | None:
        key = self._key(around, question, store)
        if key is None or not self.is_usable:
            return None
        since = time.monotonic()
        try:
            reply = self._reply(around, question, store)
        except _Overrun as error:
            self._spend(time.monotonic() - since)
            self._failed(f"{error} at {question.path}:{question.line}")
            # Not asked again as long as the text is the same.
            self._remember(key, question, _Known((), {}))
            return ()
        self._spend(time.monotonic() - since)
        if reply is None:
            return None
        self._failures = 0
        if self._key(around, question, store) != key:
            return None  # It was about a text that is no more.
        ours = tuple(folder + os.sep for folder in (str(around.root), *around.sys_path))
        digests = {path: self._digest(path, store) for path in reply.reads if path.startswith(ours)}
        self._remember(key, question, _Known(reply.found, digests))
        return reply.found

    def _reply(self, around: Surroundings, question: Question, store: FileStore) -> _Reply | None:
        if self._process is not None and self._process.has_ended:
            # Killed between two questions, for its memory say: this one is not to blame.
            self._stop()
        process, patience = self._process, self._deadline
        if process is None:
            started = self._start()
            if started is None:
                self._failures = FAILURES
                log.info("jedi is not installed: what our own inference leaves unknown stays so")
                return None
            try:
                process = self._process = _Process(started)
            except OSError as error:
                raise _Overrun(f"jedi's process could not be started ({error})") from None
            if not self.starts:
                atexit.register(self.close)
            self.starts += 1
            patience += START
        self.asked += 1
        request = {
            "id": self.asked,
            "root": str(around.root),
            "sys_path": around.sys_path,
            "files": around.files,
            "path": str(question.path),
            "text": _text(store, question.path),
            "line": question.line,
            "column": question.column,
            "overlays": {
                str(path): _decoded(data) for path, data in store.overlays() if path.suffix == ".py"
            },
        }
        reply = process.ask(request, patience)
        if reply.error:
            log.info("jedi raised at %s:%s: %s", question.path, question.line, reply.error)
        if reply.memory > MEMORY:
            self._stop()
        return reply

    def _spend(self, seconds: float) -> None:
        self._spent += seconds
        if self._spent - seconds < self._patience <= self._spent:
            self._stop()
            self._complain(
                f"jedi took more than {self._patience:g} s altogether and is not asked any more: findings that need "
                "its answers may be missing."
            )

    def _failed(self, what: str) -> None:
        self._stop()
        if self._closed:
            return
        self._failures += 1
        log.info("%s", what)
        if self._failures == FAILURES:
            self._complain(
                f"{what}, after {FAILURES - 1} failures before that. jedi is not asked any more: findings that need "
                "its answers may be missing."
            )

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    # Memory

    def _remember(self, key: _Key, question: Question, known: _Known) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._near.clear()
        self._known[key] = known
        self._near[_place(question)] = known.answer

    def _key(self, around: Surroundings, question: Question, store: FileStore) -> _Key | None:
        digest = self._digest(str(question.path), store)
        if not digest:
            return None
        return _Key(around, question.path, digest, question.line, question.column)

    def _digest(self, path: str, store: FileStore) -> bytes:
        """A digest of a file's bytes; of none where it can't be read."""
        try:
            key = store.key(Path(path))
            known = self._digests.get(path)
            if known is None or known[0] != key:
                digest = hashlib.blake2b(store.read(Path(path)), digest_size=16).digest()
                known = self._digests[path] = key, digest
        except OSError:
            return b""
        return known[1]


def _place(question: Question) -> tuple[Path, str, int]:
    function, offset = question.near
    return question.path, function, offset


class _Process:
    """A worker."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Where it is started must not matter: not in the project.
            cwd=_WORKER.parent,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._told: dict[str, Any] = {}
        assert self._process.stdout is not None and self._process.stdin is not None
        self._input = self._process.stdin
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    def _read(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(b"")

    def ask(self, request: Mapping[str, Any], deadline: float) -> _Reply:
        """The reply to a request, of which only what is new is sent. Raises `_Overrun`."""
        until = time.monotonic() + deadline
        news = {name: value for name, value in request.items() if self._told.get(name) != value}
        self._told.update(news)
        try:
            self._input.write(json.dumps(news).encode() + b"\n")
            self._input.flush()
            line = self._lines.get(timeout=max(until - time.monotonic(), 0.01))
        except (OSError, ValueError):
            raise _Overrun("jedi's process gave up, or was ended") from None
        except queue.Empty:
            raise _Overrun(f"jedi took more than {deadline:g} s") from None
        if not line:
            raise _Overrun("jedi's process gave up, or was ended")
        return _checked(line, request["id"])

    @property
    def has_ended(self) -> bool:
        """Whether it is no more, for whatever reason."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(OSError):
            self._input.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)


def _checked(line: bytes, number: int) -> _Reply:
    """A line as a reply. Raises `_Overrun` if it is none."""
    try:
        told = json.loads(line)
        reply = _Reply(
            tuple(map(_definition, told["found"])),
            list(map(str, told["reads"])),
            int(told["memory"]),
            str(told["error"]),
        )
        right = told["id"] == number
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _Overrun("jedi's process gave no proper answer") from error
    if not right:
        raise _Overrun("jedi's process gave the answer to another question")
    return reply


def _definition(found: Any) -> Definition:
    """A definition out of JSON. Raises `ValueError` or `TypeError` for what is none."""
    module, name, path, is_class, of = found
    return Definition(
        str(module), str(name), str(path), bool(is_class), _definition((*of, False, None)) if of else None
    )


def _text(store: FileStore, path: Path) -> str:
    try:
        return _decoded(store.read(path))
    except OSError:
        return ""


def _decoded(data: bytes) -> str:
    from django_uplift.text.source import DecodeError, decode

    try:
        return decode(data).text
    except DecodeError:
        return ""

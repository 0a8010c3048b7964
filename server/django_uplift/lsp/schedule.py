"""One thread that does all the analysis, the most urgent first.

The loop's thread never analyses, so that it can always take the next keystroke; one worker rather than
several because Python runs one thread at a time, and because the engine's caches then need no locks.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import itertools
import logging
import threading
from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

REST = 30.0
"""Seconds without a job after which what nobody needs any more is given back."""
_ROOM = 256
"""Jobs that may wait before those that were withdrawn are thrown out."""


class Priority(IntEnum):
    """Who goes first."""

    SETUP = 0
    """Settings: whatever comes later must see them."""
    ASKED = 1
    """Somebody waits for the answer."""
    TYPED = 2
    """The document that was just changed."""
    OPEN = 3
    """Other open documents."""
    BACKGROUND = 4
    """Files that nobody looks at."""


class Token:
    """Tells a job that nobody wants its result any more, or that something more urgent waits."""

    __slots__ = ("_future", "_yields")

    def __init__(self, future: asyncio.Future[Any], yields: Callable[[], bool]) -> None:
        self._future = future
        self._yields = yields

    @property
    def cancelled(self) -> bool:
        """Whether that is so. Any thread may ask."""
        return self._future.cancelled()

    def check(self) -> None:
        """Raise `asyncio.CancelledError` if so, or if the job was to make way and something more urgent waits."""
        if self.cancelled or self._yields():
            raise asyncio.CancelledError


class _Job(Generic[T]):
    __slots__ = ("future", "key", "order", "priority", "returns", "run", "token")

    def __init__(
        self,
        run: Callable[[Token], T],
        future: asyncio.Future[T],
        priority: Priority,
        key: Hashable,
        yields: Callable[[], bool],
        returns: bool,
    ) -> None:
        self.run, self.future, self.priority, self.key, self.returns = run, future, priority, key, returns
        self.order = 0
        self.token = Token(future, yields)


class Worker:
    """Runs jobs on its thread. `submit` is called on the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ready = threading.Condition()
        self._queue: list[tuple[Priority, int, _Job[Any]]] = []
        self._queued: dict[Hashable, _Job[Any]] = {}
        self._room = _ROOM
        self._order = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="analysis", daemon=True)
        self._thread.start()

    def submit(
        self,
        run: Callable[[Token], T],
        priority: Priority,
        key: Hashable = None,
        *,
        makes_way: bool = False,
        returns: bool = False,
    ) -> asyncio.Future[T]:
        """Have `run` called. Cancelling the future withdraws it; so does a new job with its `key`.

        One that `makes_way` is cancelled too when something more urgent waits at one of its checks; if it `returns`,
        it is called again after that instead.
        """
        queue = self._queue
        job = _Job(
            run,
            self._loop.create_future(),
            priority,
            key,
            (lambda: bool(queue) and queue[0][0] < priority) if makes_way else lambda: False,
            returns,
        )
        with self._ready:
            if key is not None:
                older = self._queued.get(key)
                if older is not None:
                    older.future.cancel()
                self._queued[key] = job
            job.order = next(self._order)
            heapq.heappush(queue, (priority, job.order, job))
            if len(queue) > self._room:
                # What was withdrawn waits for its turn like the rest, which never comes while more urgent jobs do.
                queue[:] = [entry for entry in queue if not entry[2].token.cancelled]
                heapq.heapify(queue)
                self._room = max(2 * len(queue), _ROOM)
            self._ready.notify()
        return job.future

    def stop(self) -> None:
        """Take no more jobs; the running one is left to the process's end."""
        with self._ready:
            self._stopped = True
            self._queue.clear()
            self._ready.notify()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            if not job.token.cancelled:
                self._run(job)

    def _next(self) -> _Job[Any] | None:
        """The next job, waited for; None once there are no more."""
        is_tidy = False
        while True:
            with self._ready:
                if not self._queue and not self._stopped:
                    self._ready.wait(None if is_tidy else REST)
                if self._stopped:
                    return None
                if self._queue:
                    _, _, job = heapq.heappop(self._queue)
                    if self._queued.get(job.key) is job:
                        del self._queued[job.key]
                    return job
            if not is_tidy:
                # Trees lead back to themselves, and the collector comes to old ones only after very many new objects.
                gc.collect()
                is_tidy = True

    def _run(self, job: _Job[Any]) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.run(job.token)
        except asyncio.CancelledError:
            if job.returns and not job.token.cancelled:
                with self._ready:
                    if not self._stopped:
                        heapq.heappush(self._queue, (job.priority, job.order, job))
                return
            self._tell(job.future.cancel)
            return
        except BaseException as raised:  # the thread must outlive every job
            error = raised
        self._tell(_settle, job.future, result, error)

    def _tell(self, call: Callable[..., object], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            self._stopped = True  # The loop is closed: the process ends.


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, Exception) and not isinstance(error, StopIteration):
        future.set_exception(error)
    else:
        # What would end the loop, or what a future refuses to hold.
        replacement = RuntimeError(f"the analysis was ended by {error!r}")
        replacement.__cause__ = error
        future.set_exception(replacement)

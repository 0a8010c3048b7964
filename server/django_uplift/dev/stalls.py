"""Our server, with a look at its loop's thread: for how long it was busy at one time at most.

``python -m django_uplift.dev.stalls FILE`` serves one client over standard input and output as ``--stdio`` does, and
leaves what it saw in the file, as JSON, when the client has gone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast


class Stall(NamedTuple):
    """Milliseconds of the thread's own CPU, and of the clock, which runs while others have the interpreter."""

    cpu: float = 0.0
    clock: float = 0.0
    what: str = ""


class Recorder:
    """Times every step of an event loop."""

    def __init__(self) -> None:
        self.longest = Stall()
        self.first = Stall()
        """The answer to ``initialize``, before which nobody types."""

    def watch(self) -> None:
        """Begin. It is for a process that does nothing else: asyncio has no hook for this, so it is given one."""
        handle = cast("Any", asyncio.Handle)
        run: Callable[[object], None] = handle._run

        def timed(step: object) -> None:
            cpu, clock = time.thread_time(), time.perf_counter()
            run(step)
            spent = (time.thread_time() - cpu) * 1000
            if spent > self.longest.cpu:
                what = repr(step)
                stall = Stall(spent, (time.perf_counter() - clock) * 1000, what[:300])
                if "'method': 'initialize'" in what:
                    self.first = stall
                else:
                    self.longest = stall

        handle._run = timed


def main(argv: Sequence[str] | None = None) -> int:
    """Serve one client."""
    (place,) = sys.argv[1:] if argv is None else argv
    recorder = Recorder()
    recorder.watch()
    from django_uplift.cli.main import main as serve

    try:
        return serve(["--stdio"])
    finally:
        Path(place).write_text(json.dumps([recorder.first, recorder.longest]), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

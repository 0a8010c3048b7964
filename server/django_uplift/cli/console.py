"""The two streams: a report to standard output or a file, everything else to standard error."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import IO, TextIO

from django_uplift.report.style import Style, clean


class Console:
    """Where a run writes. Progress never mixes with either stream's lines."""

    def __init__(self, color: str, *, quiet: bool = False, verbose: bool = False) -> None:
        for stream in (sys.stdout, sys.stderr):
            # A character that the terminal's encoding lacks must not end the run.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        self.style = Style(enabled=wants_color(color, sys.stdout))
        self._errors = Style(enabled=wants_color(color, sys.stderr))
        self._verbose = verbose
        self.progress = Progress(enabled=not quiet and sys.stderr.isatty())

    def error(self, message: str) -> None:
        """Say what went wrong."""
        self._say(f"{self._errors('error:', 'bold', 'red')} {_clean(message)}")

    def internal_error(self, error: BaseException) -> None:
        """Say that we made a mistake; the details are for who reports it."""
        import traceback

        frames = "".join(traceback.format_exception(error))
        self.error(f"a mistake in django-uplift ended the run; please report it with these lines:\n{frames}")

    def warning(self, message: str) -> None:
        """Say what may be wrong."""
        self._say(f"{self._errors('warning:', 'bold', 'yellow')} {_clean(message)}")

    def note(self, message: str) -> None:
        """Say what is done, if the user wants to know."""
        if self._verbose:
            self._say(self._errors(_clean(message), "dim"))

    def say(self, message: str) -> None:
        """Say something that is no part of the report."""
        self._say(_clean(message))

    def _say(self, message: str) -> None:
        self.progress.clear()
        print(
            "\n".join(clean(line) if "\x1b" not in line else line for line in message.split("\n")),
            file=sys.stderr,
        )

    def write(self, chunks: Iterable[str], file: TextIO | None = None) -> None:
        """Write text as it comes."""
        stream = file or sys.stdout
        for chunk in chunks:
            self.progress.clear()
            stream.write(chunk)
        stream.flush()

    def write_bytes(self, data: bytes) -> None:
        """Write bytes to standard output as they are."""
        self.progress.clear()
        sys.stdout.flush()
        binary: IO[bytes] | None = getattr(sys.stdout, "buffer", None)
        if binary is None:
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            binary.write(data)
            binary.flush()


def _clean(message: str) -> str:
    return "\n".join(map(clean, message.split("\n")))


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether a stream gets colours (https://no-color.org, https://force-color.org)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Progress:
    """One line on standard error that counts files, once a run takes longer than a moment."""

    _PATIENCE = 0.7
    _PAUSE = 0.1

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._next = time.monotonic() + self._PATIENCE
        self._shown = False

    def show(self, done: int, total: int, doing: str) -> None:
        """Tell how far the run is."""
        if self._enabled and (now := time.monotonic()) >= self._next:
            self._next = now + self._PAUSE
            self._shown = True
            sys.stderr.write(f"\r\x1b[K{doing} {done}/{total} files")
            sys.stderr.flush()

    def say(self, doing: str) -> None:
        """Tell what is done where there is nothing to count."""
        if self._enabled and time.monotonic() >= self._next:
            self._shown = True
            sys.stderr.write(f"\r\x1b[K{doing}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

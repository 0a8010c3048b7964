"""What the client shows of work that takes long; its user may cancel by it."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING

from lsprotocol import types

from django_uplift.lsp.protocol import Refused

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer

_PAUSE = 0.1
"""Seconds between two reports."""

_PATIENCE = 5.0
"""Seconds that a client may take to let us show progress."""

_serials = itertools.count(1)


class Progress:
    """Counts files, where the client can show that.

    With a `token` the client has asked for it. Work that nobody asked for is shown once it has taken a while: what is
    done in no time would only flicker.
    """

    def __init__(
        self,
        ls: UpliftServer,
        title: str,
        cancelled: str,
        *,
        token: int | str | None = None,
        after: float | None = None,
    ) -> None:
        self._ls = ls
        self._title = title
        self._cancelled = cancelled
        self._is_asked_for = token is not None
        self._token = f"django-uplift-{next(_serials)}" if token is None else token
        self._shown = self._ended = False
        self._begins = None if after is None else time.monotonic() + after
        self._next = 0.0

    async def begin(self) -> None:
        """Show it."""
        ls = self._ls
        if not self._is_asked_for:
            if not ls.session.abilities.progress:
                return
            try:
                await asyncio.wait_for(ls.work_done_progress.create_async(self._token), _PATIENCE)
            except Exception:  # The client has its reasons. It goes without.
                return
            if self._ended:
                ls.work_done_progress.tokens.pop(self._token, None)
                return
        self._shown = True
        begin = types.WorkDoneProgressBegin(self._title, cancellable=True, percentage=0)
        ls.work_done_progress.begin(self._token, begin)

    def report(self, done: int, total: int) -> None:
        """Tell how far it is. Raises `Refused` if the user has cancelled it."""
        if not self._shown:
            if self._begins is not None and time.monotonic() >= self._begins:
                self._begins = None
                self._ls.publisher.start(self.begin())
            return
        if self._ls.work_done_progress.tokens[self._token].cancelled():
            raise Refused(types.LSPErrorCodes.RequestCancelled, self._cancelled)
        if (now := time.monotonic()) >= self._next:
            self._next = now + _PAUSE
            message = f"{done}/{total} files"
            report = types.WorkDoneProgressReport(message=message, percentage=100 * done // max(total, 1))
            self._ls.work_done_progress.report(self._token, report)

    def end(self) -> None:
        """Take it away."""
        self._ended = True
        if self._shown:
            self._ls.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._ls.work_done_progress.tokens.pop(self._token, None)

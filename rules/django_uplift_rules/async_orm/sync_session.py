from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class SyncSession(AsyncEvent):
    """The session is used by async code through its sync methods."""

    kinds = ("session",)

    def message(self, event: Event, ctx: Context) -> str:
        """Names the async method where there is one."""
        instead = (
            f"Use 'await request.session.{event.twin}(...)'."
            if ctx.target >= (5, 1)
            else "Use it in a thread with sync_to_async; Django 5.1 has async session methods."
        )
        return f"Using {event.what} loads it from the database: {RAISES}. {instead}"


rule = SyncSession(
    "DUA105", link="https://docs.djangoproject.com/en/stable/topics/http/sessions/#using-sessions-in-views"
)

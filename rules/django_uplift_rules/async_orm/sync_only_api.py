from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class SyncOnlyApi(AsyncEvent):
    """A part of Django that queries and has no async form, used by async code."""

    kinds = ("sync-only",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says why it queries, where that is known."""
        why = event.extra.get("why")
        because = f" ({why})" if why else ""
        return f"{event.what} queries{because} and has no async form: {RAISES}. Run it in a thread with sync_to_async."


rule = SyncOnlyApi("DUA108", link="https://docs.djangoproject.com/en/stable/topics/async/#async-safety")

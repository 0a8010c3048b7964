from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context, Severity
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class UnneededSyncToAsync(AsyncEvent):
    """`sync_to_async` around something that Django offers async itself."""

    kinds = ("boilerplate",)
    default_severity = Severity.INFORMATION

    def message(self, event: Event, ctx: Context) -> str:
        """Names what Django has."""
        what = "'async for' over querysets" if event.twin == "async for" else f"{event.twin}()"
        return f"sync_to_async is not needed here: Django has {what} since {event.since}."


rule = UnneededSyncToAsync(
    "DUA301", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm"
)

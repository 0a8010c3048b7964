from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class AsyncApiTooNew(AsyncEvent):
    """An async method that the target version does not have."""

    kinds = ("too-new",)

    def message(self, event: Event, ctx: Context) -> str:
        """Names the release that has it."""
        text = f"{event.what} came with Django {event.since}, and the project's target is {ctx.target}"
        return f"{text}: it raises AttributeError there."


rule = AsyncApiTooNew("DUA206", link="https://docs.djangoproject.com/en/stable/topics/async/")

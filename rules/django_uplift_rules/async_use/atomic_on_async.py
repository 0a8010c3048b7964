from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class AtomicOnAsync(AsyncEvent):
    """`@transaction.atomic` on an async function."""

    kinds = ("atomic-on-async",)

    def message(self, event: Event, ctx: Context) -> str:
        """Says what it does instead."""
        return (
            "transaction.atomic is not async: on an async function it opens and closes its transaction on the event "
            "loop when the coroutine is made, before any of it runs. Put the queries into a sync function and run that "
            "with sync_to_async."
        )


rule = AtomicOnAsync("DUA205", link="https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm")

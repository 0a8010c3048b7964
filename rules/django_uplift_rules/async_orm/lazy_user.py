from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context
from django_uplift_rules.kinds.async_event import RAISES, AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class LazyUser(AsyncEvent):
    """`request.user` is read by async code."""

    kinds = ("user",)

    def message(self, event: Event, ctx: Context) -> str:
        """Names auser() where there is one."""
        instead = (
            "Use 'await request.auser()'."
            if ctx.target >= (5, 0)
            else "Read it in a thread with sync_to_async; Django 5.0 has request.auser()."
        )
        return f"Reading request.user loads the session and the user: {RAISES}. {instead}"


rule = LazyUser(
    "DUA104",
    link="https://docs.djangoproject.com/en/stable/ref/request-response/#django.http.HttpRequest.auser",
)

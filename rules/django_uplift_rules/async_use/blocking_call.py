from __future__ import annotations

from typing import TYPE_CHECKING

from django_uplift.api import Context, Severity
from django_uplift_rules.kinds.async_event import AsyncEvent

if TYPE_CHECKING:
    from django_uplift.api import Event


class BlockingCall(AsyncEvent):
    """A call that stops the event loop without any error."""

    kinds = ("blocking",)
    default_severity = Severity.WARNING

    def message(self, event: Event, ctx: Context) -> str:
        """Says what to use."""
        instead = event.extra.get("instead", "")
        if event.extra.get("through"):
            cause = event.extra.get("cause", "a blocking call")
            text = f"{event.what} leads to {cause}, which stops the event loop until it returns."
            return f"{text} Run it in a thread with sync_to_async."
        text = f"{event.what} stops the event loop until it returns: no other request is served meanwhile."
        return f"{text} {instead[:1].upper()}{instead[1:]}."


rule = BlockingCall("DUA401", link="https://docs.djangoproject.com/en/stable/topics/async/")

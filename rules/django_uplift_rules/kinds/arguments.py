"""Base of the kinds that look at a call's arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django_uplift.api import Call, Context, Finding, Found, Rule, canonical


class Arguments(Rule):
    """Calls of some callables, by any spelling of their names.

    `keywords` are identifiers without which a file needs no look.
    """

    def __init__(
        self, code: str, callables: Sequence[str], keywords: Sequence[str] = (), **versions: Any
    ) -> None:
        super().__init__(code, **versions)
        self.shown = {canonical(name): name for name in callables}
        self.calls = tuple(self.shown)
        self.words = tuple(keywords)

    def call(self, call: Call, ctx: Context) -> Found:
        """Ask about the call, under the name that the rule's author wrote."""
        yield from self.arguments(call, self.shown[call.name], ctx)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """What is wrong with the arguments of a call of `name`."""
        raise NotImplementedError

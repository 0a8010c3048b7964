"""Base of the kinds that look at a call's arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from django_uplift.api import Call, Context, Finding, Found, Rule, canonical, glimpse


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
        self._shown_by_word: dict[bytes, list[str]] = {}
        for name, shown in self.shown.items():
            self._shown_by_word.setdefault(name.rpartition(".")[2].encode(), []).append(shown)

    def prefilter(self, data: bytes) -> bool:
        """Whether a call stands in the bytes that could be one to report."""
        return any(
            glimpse.renamed(word, data)
            or any(
                call is None or any(self.may_concern(call, name) for name in names)
                for call in glimpse.calls(word, data)
            )
            for word, names in self._shown_by_word.items()
            if word in data
        )

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether `arguments` could find something wrong with these; the names in them are not resolved yet."""
        return True

    def call(self, call: Call, ctx: Context) -> Found:
        """Ask about the call, under the name that the rule's author wrote."""
        yield from self.arguments(call, self.shown[call.name], ctx)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """What is wrong with the arguments of a call of `name`."""
        raise NotImplementedError


def unpacked(node: ast.Call, word: str) -> ast.Constant | None:
    """The key of an argument in ``**{"word": value}``; None where no dictionary is written out."""
    for keyword in node.keywords:
        if keyword.arg is None and isinstance(keyword.value, ast.Dict):
            for key in keyword.value.keys:
                if isinstance(key, ast.Constant) and key.value == word:
                    return key
    return None

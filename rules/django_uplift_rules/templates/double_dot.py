from __future__ import annotations

import re
from collections.abc import Iterator

from django_uplift.api import Context, Edit, Release, Span, Template
from django_uplift_rules.templates import Spot, TemplateRule

_LOOKUP = re.compile(r"\w(\.{2,})(?=\w)")


class DoubleDot(TemplateRule):
    """``{{ a..b }}``: an empty name between two dots."""

    pattern = re.compile(rb"\{\{[ \t]*[\w.]*\w\.\.+\w")

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """There is no word for it: every file is asked."""
        return b".." in data and self.pattern.search(data) is not None

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """Variables; in the arguments of filters and tags Django says nothing."""
        message = f"Two dots in a row in a template variable, which {self.since(ctx.target)}: write one"
        for token in template.tokens:
            if token.kind != "variable" or not token.bits:
                continue
            variable = token.bits[0]
            name = variable.text.partition("|")[0]
            if name[:1] in "\"'" or name.startswith("_("):
                continue
            for found in _LOOKUP.finditer(name):
                start, end = (variable.span.start + at for at in found.span(1))
                yield Spot(Span(start, end), message, "Write one dot", (Edit(start, end, "."),), _WHY)


_WHY = "two dots look up an empty name, one does not"


rule = DoubleDot(
    "DUT0006",
    deprecated_in="6.1",
    removed_in="7.0",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

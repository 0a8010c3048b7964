from __future__ import annotations

import re
from collections.abc import Iterator

from django_uplift.api import Bit, Context, Edit, Span, Template, Token
from django_uplift_rules.templates import Spot, TemplateRule

_FILTER = re.compile(r"\|length_is:(\"[^\"]*\"|'[^']*'|[\w.]+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LOGIC = frozenset({"and", "or", "not", "if", "elif"})


class LengthIs(TemplateRule):
    """``value|length_is:"4"``."""

    pattern = re.compile(rb"\|length_is\b")

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """Every use of the filter."""
        message = (
            f"The template filter length_is {self.since(ctx.target)}: compare the length, as in a|length == 4"
        )
        for token in template.tokens:
            for position, bit in enumerate(token.bits if token.kind != "comment" else ()):
                for found in re.finditer(r"\|(length_is)\b", _without_strings(bit.text)):
                    start = bit.span.start + found.start(1)
                    edits, unsafe = _fix(token, position, bit)
                    yield Spot(
                        Span(start, start + len("length_is")), message, "Compare the length", edits, unsafe
                    )


def _without_strings(text: str) -> str:
    """The text with as many blanks in place of what stands in quotes."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def _fix(token: Token, position: int, bit: Bit) -> tuple[tuple[Edit, ...], str]:
    """The edits and what they may change, in conditions that ask nothing else of the value."""
    match = _FILTER.search(bit.text)
    around = [token.bits[at].text for at in (position - 1, position + 1) if 0 <= at < len(token.bits)]
    if token.name not in ("if", "elif") or match is None or not _LOGIC.issuperset(around):
        return (), ""
    if match.end() != len(bit.text) or bit.text.count("length_is") != 1:
        return (), ""
    wanted = match[1].strip("\"'")
    start = bit.span.start + match.start()
    edit = Edit(start, bit.span.end, f"|length == {wanted}")
    if wanted.isdecimal() and wanted != "0":
        return (edit,), ""
    # int() was called on the argument; what has no length was never equal, and has length 0 now.
    return (edit,), "the result may differ for text, or for what has no length"


rule = LengthIs(
    "DUT0005",
    "length_is",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

import re
from collections.abc import Iterator

from django_uplift.api import Context, Edit, Template
from django_uplift_rules.templates import Spot, TemplateRule, has_library


class LoadFromFuture(TemplateRule):
    """What was the future is what Django does."""

    pattern = re.compile(rb"\{%\s*load\b[^%]*\bfuture\s*%\}")

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """``{% load url from future %}``."""
        for token in template.tokens:
            words = [bit.text for bit in token.bits]
            if token.name != "load" or words[-1] != "future" or has_library("future", ctx):
                continue
            message = f"The template library future {self.since(ctx.target)}: its tags are Django's own"
            edits = (Edit(*token.span, ""),) if len(words) == 2 or "from" in words else ()
            yield Spot(token.bits[-1].span, message, "Remove it", edits)


rule = LoadFromFuture(
    "DUT0009",
    "future",
    deprecated_in="1.7",
    removed_in="1.9",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/1.9/releases/1.9/#features-removed-in-1-9",
)

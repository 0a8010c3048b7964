import re
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Span, Template
from django_uplift_rules.templates import Spot, TemplateRule

_READ = re.compile(r"(?<![\w.])request\.is_ajax\b(?![\w.])")


class RequestIsAjax(TemplateRule):
    """A template asks the request: what is not there is empty, and so false."""

    pattern = re.compile(rb"\brequest\.is_ajax\b")
    sure = Confidence.LIKELY

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """Every tag or variable that reads it."""
        message = (
            f"request.is_ajax {self.since(ctx.target)}: a template takes it for false, without an error; "
            "decide in the view, or look at request.headers"
        )
        for token in template.tokens:
            if token.kind not in ("tag", "variable"):
                continue
            for match in _READ.finditer(template.text, *token.span):
                yield Spot(Span(*match.span()), message)


rule = RequestIsAjax(
    "DUT0010",
    "is_ajax",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

import re
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Edit, Span, Template
from django_uplift_rules.templates import Spot, TemplateRule

_FORM = re.compile(r"(?:\w+_)?(form|formset)")


class FormAsTable(TemplateRule):
    """What is called a form is taken for one; forms and renderers may have templates of their own."""

    pattern = re.compile(rb"\{\{\s*(?:\w+_)?form(?:set)?\s*\}\}")
    sure = Confidence.LIKELY

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """``{{ form }}``, alone."""
        found = [
            bit.span
            for token in template.tokens
            for bit in token.bits[:1]
            if token.kind == "variable" and len(token.bits) == 1 and _FORM.fullmatch(bit.text)
        ]
        if not found or ctx.set_anywhere("FORM_RENDERER"):
            return
        for span in found:
            name = template.text[slice(*span)]
            message = (
                f"{{{{ {name} }}}} makes the rows of a table before Django 5.0 (deprecated since 4.1), and blocks from "
                "then on: say as_table or as_div"
            )
            edit = Edit(span.end, span.end, ".as_table")
            yield Spot(
                Span(*span),
                message,
                "Say as_table",
                (edit,),
                "a template that the form sets for itself is left out",
            )


rule = FormAsTable(
    "DUT0008",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

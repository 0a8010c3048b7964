import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import declared, name_span
from django_uplift_rules.kinds.receivers import word_for


class AssignmentTag(Rule):
    """`simple_tag` takes ``as variable`` too."""

    nodes = (ast.Attribute,)
    words = ("assignment_tag",)
    any_words = ("assignment_tag",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access to the attribute, with or without a call."""
        assert isinstance(node, ast.Attribute)
        if node.attr != "assignment_tag" or ctx.guarded(node, node.attr):
            return
        proven = declared(node.value, ctx) in ("django.template.Library", "django.template.library.Library")
        if not proven and word_for(node.value) != "register":
            return
        message = f"Library.assignment_tag {self.since(ctx.target)}: use simple_tag"
        place = name_span(node, ctx)
        fix = ctx.fix("Replace with simple_tag", Edit(*place, "simple_tag"))
        yield self.finding(
            ctx, place, message, fix, confidence=Confidence.PROVEN if proven else Confidence.LIKELY
        )


rule = AssignmentTag(
    "DUR2004",
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

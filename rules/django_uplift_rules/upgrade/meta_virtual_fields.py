import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import name_span


class MetaVirtualFields(Rule):
    """Fields such as `GenericForeignKey`, which have no column, are called private."""

    nodes = (ast.Attribute,)
    words = ("virtual_fields", "_meta")
    any_words = ("virtual_fields",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access through ``_meta``."""
        assert isinstance(node, ast.Attribute)
        owner = node.value
        if node.attr != "virtual_fields" or not isinstance(owner, ast.Attribute) or owner.attr != "_meta":
            return
        if ctx.guarded(node, node.attr):
            return
        place = name_span(node, ctx)
        message = f"_meta.virtual_fields {self.since(ctx.target)}: it is called private_fields"
        fix = ctx.fix("Rename to private_fields", Edit(*place, "private_fields"))
        yield self.finding(ctx, place, message, fix, confidence=Confidence.LIKELY)


rule = MetaVirtualFields(
    "DUR2023",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

import ast

from django_uplift.api import Confidence, Context, Found, Rule, parent
from django_uplift_rules.kinds import name_span


class MetaHasAutoField(Rule):
    """A model's options keep the field itself."""

    nodes = (ast.Attribute,)
    words = ("has_auto_field",)
    any_words = ("has_auto_field",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access through ``_meta``."""
        assert isinstance(node, ast.Attribute)
        owner = node.value
        if node.attr != "has_auto_field" or not isinstance(owner, ast.Attribute) or owner.attr != "_meta":
            return
        if not isinstance(node.ctx, ast.Load) or ctx.guarded(node, node.attr):
            return
        message = f"_meta.has_auto_field {self.since(ctx.target)}: ask whether _meta.auto_field is not None"
        place = name_span(node, ctx)
        fix = None
        if "#" not in ctx.source(node):
            text = f"{ctx.source(owner)}.auto_field is not None"
            alone = isinstance(parent(node), (ast.If, ast.While, ast.Assign, ast.Return))
            fix = ctx.fix("Ask for auto_field", ctx.replace(node, text if alone else f"({text})"))
        yield self.finding(ctx, place, message, fix, confidence=Confidence.LIKELY)


rule = MetaHasAutoField(
    "DUR2112",
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

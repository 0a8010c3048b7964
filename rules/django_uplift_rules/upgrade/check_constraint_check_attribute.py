import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import is_instance, name_span

_CHECKS = frozenset({"django.db.models.CheckConstraint", "django.db.models.constraints.CheckConstraint"})


class CheckConstraintCheckAttribute(Rule):
    """The attribute, on what is known to be such a constraint; the argument is another rule's."""

    nodes = (ast.Attribute,)
    words = ("CheckConstraint", "check")
    any_words = ("CheckConstraint",)

    def prefilter(self, data: bytes) -> bool:
        """Whether something has an attribute of that name."""
        return b".check" in data

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access to the attribute."""
        assert isinstance(node, ast.Attribute)
        if node.attr != "check" or not is_instance(node.value, ctx, _CHECKS) or ctx.guarded(node, "check"):
            return
        message = f"CheckConstraint.check {self.since(ctx.target)}: it is called condition"
        place = name_span(node, ctx)
        fix = ctx.fix("Rename to condition", Edit(*place, "condition"))
        yield self.finding(ctx, place, message, fix, confidence=Confidence.PROVEN)


rule = CheckConstraintCheckAttribute(
    "DUR6028",
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

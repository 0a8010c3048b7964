import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule, glimpse
from django_uplift_rules.kinds import defines, name_span


class SelectRelatedWithoutFields(Rule):
    """Which relations are followed depends on what each model declares: nobody sees it."""

    methods = ("select_related",)

    def prefilter(self, data: bytes) -> bool:
        """Nearly all calls name a relation."""
        return any(
            call is None or not (call.args or call.keywords)
            for call in glimpse.calls(b"select_related", data)
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A call without arguments."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if call.node.args or call.node.keywords:
            return
        if any(defines(cls, "select_related") for cls in ctx.tree.nodes(ast.ClassDef)):
            return
        message = f"select_related() without fields {self.since(ctx.target)}: name the relations to follow"
        yield self.finding(ctx, name_span(function, ctx), message, confidence=Confidence.LIKELY)


rule = SelectRelatedWithoutFields(
    "DUR7017",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

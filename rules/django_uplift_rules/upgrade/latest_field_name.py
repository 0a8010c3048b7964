import ast

from django_uplift.api import Call, Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import defines


class LatestFieldName(Rule):
    """The methods take any number of fields, by position."""

    methods = ("earliest", "latest")
    words = ("field_name",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call with the old keyword."""
        keyword = call.keyword("field_name")
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if keyword is None or any(defines(cls, function.attr) for cls in ctx.tree.nodes(ast.ClassDef)):
            return
        message = f"The argument field_name of {function.attr}() {self.since(ctx.target)}: pass the field by position"
        fix = None
        if len(call.node.keywords) == 1 and not call.node.args:
            edit = Edit(ctx.span(keyword).start, ctx.outer_span(keyword.value).start, "")
            fix = ctx.fix("Pass the field by position", [edit])
        yield self.finding(ctx, call.keyword_span(keyword), message, fix, confidence=Confidence.LIKELY)


rule = LatestFieldName(
    "DUR3015",
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

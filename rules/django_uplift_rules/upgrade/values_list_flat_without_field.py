import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule, glimpse
from django_uplift_rules.kinds import defines, name_span


class ValuesListFlatWithoutField(Rule):
    """The first field of the model is taken, which need not be the primary key."""

    methods = ("values_list",)
    words = ("flat",)

    def prefilter(self, data: bytes) -> bool:
        """Nearly all calls name a field."""
        return any(
            call is None or (not call.args and any(keyword.arg == "flat" for keyword in call.keywords))
            for call in glimpse.calls(b"values_list", data)
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A call with nothing but ``flat=True``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        flat = call.keyword("flat")
        if flat is None or call.node.args or call.unpacks:
            return
        if not isinstance(flat.value, ast.Constant) or flat.value.value is not True:
            return
        if any(defines(cls, "values_list") for cls in ctx.tree.nodes(ast.ClassDef)):
            return
        message = (
            f"values_list(flat=True) without a field {self.since(ctx.target)}: name the field, such as 'pk'"
        )
        yield self.finding(ctx, name_span(function, ctx), message, confidence=Confidence.LIKELY)


rule = ValuesListFlatWithoutField(
    "DUR7019",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

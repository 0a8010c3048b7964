import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import queried


class JsonfieldNone(Rule):
    """``None`` means the JSON value null today, and SQL's later, as for other fields."""

    methods = ("filter", "exclude", "get")

    def prefilter(self, data: bytes) -> bool:
        """Something is compared with it."""
        return b"objects" in data and b"=None" in data.replace(b" ", b"")

    def method(self, call: Call, ctx: Context) -> Found:
        """A lookup of a field that is known to be one for JSON."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        asked = [
            keyword
            for keyword in call.node.keywords
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is None and keyword.arg
        ]
        model = queried(function.value, ctx) if asked else None
        fields = ctx.fields_of(model) if model else None
        for keyword in asked if fields else ():
            name = (keyword.arg or "").removesuffix("__exact")
            field = fields.get(name) if fields else None
            if field is not None and field.type == "JSONField":
                message = (
                    f"{keyword.arg}=None for a JSONField means JSON's null, which {self.since(ctx.target)}: ask for "
                    f"JSONNull(), or for {name}__isnull=True"
                )
                yield self.finding(ctx, keyword.value, message, confidence=Confidence.PROVEN)


rule = JsonfieldNone(
    "DUR7026",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

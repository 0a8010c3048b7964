import ast
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import queried

# Parentheses inside of the call's are seen one level deep.
_ASKED = re.compile(rb"\.\s*(?:filter|exclude|get)\s*\((?:[^()]|\([^()]*\))*?=\s*None\b")


class JsonfieldNone(Rule):
    """``None`` means the JSON value null today, and SQL's later, as for other fields."""

    methods = ("filter", "exclude", "get")

    def prefilter(self, data: bytes) -> bool:
        """A call of such a method gets `None`."""
        return b"objects" in data and _ASKED.search(data) is not None

    def method(self, call: Call, ctx: Context) -> Found:
        """A lookup of a field that is known to be one for JSON."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        asked = [
            keyword
            for keyword in call.node.keywords
            if keyword.arg
            and _is_none(keyword.value)
            and ctx.may_be_field(keyword.arg.removesuffix("__exact"), "JSONField")
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


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


rule = JsonfieldNone(
    "DUR7026",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

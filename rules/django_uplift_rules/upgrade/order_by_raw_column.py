import ast
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import queried

_COLUMN = re.compile(r"-?\w+\.\w[\w.]*")


_WRITTEN = re.compile(rb"order_by\s*\([^)]*['\"]-?\w+\.\w")


class OrderByRawColumn(Rule):
    """Names of fields have no dots: they are names of columns."""

    methods = ("order_by",)

    def prefilter(self, data: bytes) -> bool:
        """A text with a dot stands behind it; other libraries' queries have such a method too."""
        return b"objects" in data and _WRITTEN.search(data) is not None

    def method(self, call: Call, ctx: Context) -> Found:
        """A queryset of a model is ordered."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        columns = [
            (argument, argument.value)
            for argument in call.node.args
            if isinstance(argument, ast.Constant)
            and isinstance(argument.value, str)
            and _COLUMN.fullmatch(argument.value)
        ]
        model = queried(function.value, ctx) if columns else None
        if model is None or ctx.fields_of(model) is None:
            return
        for node, column in columns:
            message = f"order_by() of the column {column} {self.since(ctx.target)}: use RawSQL(), or a field"
            yield self.finding(ctx, node, message, confidence=Confidence.PROVEN)


rule = OrderByRawColumn(
    "DUR4025",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.8",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

import ast
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import queried

_NAMED = re.compile(rb"\*\*\s*\{[^}]*%")


class AliasPercent(Rule):
    """Only a dictionary can give such a name."""

    methods = ("annotate", "alias")

    def prefilter(self, data: bytes) -> bool:
        """Such a name stands in the file."""
        return _NAMED.search(data) is not None

    def method(self, call: Call, ctx: Context) -> Found:
        """An annotation with names from a dictionary that is written out."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        for keyword in call.node.keywords:
            if keyword.arg is not None or not isinstance(keyword.value, ast.Dict):
                continue
            for key in keyword.value.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and "%" in key.value:
                    sure = Confidence.PROVEN if queried(function.value, ctx) else Confidence.LIKELY
                    message = (
                        f"A percent sign in the name of an annotation {self.since(ctx.target)}: leave it out"
                    )
                    yield self.finding(ctx, key, message, confidence=sure)


rule = AliasPercent(
    "DUR7023",
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

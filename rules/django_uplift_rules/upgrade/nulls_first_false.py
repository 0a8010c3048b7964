import ast
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule

_FALSE = re.compile(rb"nulls_(?:first|last)[\s\\]*=[\s\\(]*(?:#|False\b)")


class NullsFirstFalse(Rule):
    """``nulls_first`` and ``nulls_last`` are True or not given."""

    methods = ("asc", "desc")
    calls = ("django.db.models.OrderBy",)

    def prefilter(self, data: bytes) -> bool:
        """Orderings are frequent, these arguments are not."""
        return _FALSE.search(data) is not None

    def method(self, call: Call, ctx: Context) -> Found:
        """``expression.asc(nulls_last=False)``."""
        yield from self._check(call, Confidence.LIKELY, ctx)

    def call(self, call: Call, ctx: Context) -> Found:
        """``OrderBy(expression, nulls_last=False)``."""
        yield from self._check(call, Confidence.PROVEN, ctx)

    def _check(self, call: Call, sure: Confidence, ctx: Context) -> Found:
        for name in ("nulls_first", "nulls_last"):
            keyword = call.keyword(name)
            if (
                keyword is None
                or not isinstance(keyword.value, ast.Constant)
                or keyword.value.value is not False
            ):
                continue
            message = f"{name}=False {self.since(ctx.target)}: leave it out, or set the other one to True"
            fix = ctx.fix(f"Remove {name}", call.remove(keyword))
            yield self.finding(ctx, keyword.value, message, fix, confidence=sure)


rule = NullsFirstFalse(
    "DUR5012",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

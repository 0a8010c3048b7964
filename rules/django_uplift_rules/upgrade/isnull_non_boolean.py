import ast
import re

from django_uplift.api import Confidence, Context, Found, Rule, parent

_LOOKUPS = ("filter", "exclude", "get", "Q", "When", "aget", "get_object_or_404", "get_list_or_404")

_OTHER_VALUE = re.compile(
    rb"__isnull(?:[\s\\]|#[^\r\n]*[\r\n])*=(?:[\s\\(]|#[^\r\n]*[\r\n])*(?!True\b|False\b)[\w'\"]"
)


class IsnullNonBoolean(Rule):
    """``__isnull`` takes True or False; the fix writes the one that the value meant."""

    nodes = (ast.keyword,)
    any_words = _LOOKUPS

    def prefilter(self, data: bytes) -> bool:
        """The lookups alone are in every file, and nearly all say True or False."""
        return _OTHER_VALUE.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A keyword argument of a lookup."""
        assert isinstance(node, ast.keyword)
        value = node.value
        if node.arg is None or not node.arg.endswith("__isnull") or not isinstance(value, ast.Constant):
            return
        if isinstance(value.value, bool) or not _looks_up(parent(node)) or ctx.guarded(node):
            return
        truth = bool(value.value)
        message = f"A value other than True and False for {node.arg} {self.since(ctx.target)}"
        fix = ctx.fix(f"Replace with {truth}", ctx.replace(value, str(truth)))
        yield self.finding(ctx, value, message, fix, confidence=Confidence.LIKELY)


def _looks_up(call: ast.AST | None) -> bool:
    if not isinstance(call, ast.Call):
        return False
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _LOOKUPS


rule = IsnullNonBoolean(
    "DUR4017",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

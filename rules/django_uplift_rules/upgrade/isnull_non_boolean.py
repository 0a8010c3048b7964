import ast
import re

from django_uplift.api import Confidence, Context, Found, Rule, parent

_LOOKUPS = ("filter", "exclude", "get", "Q", "When", "aget", "get_object_or_404", "get_list_or_404")

_OTHER_VALUE = re.compile(
    rb"__isnull['\"]?(?:[\s\\]|#[^\r\n]*[\r\n])*[=:](?:[\s\\(]|#[^\r\n]*[\r\n])*(?!True\b|False\b)[\w'\"]"
)


class IsnullNonBoolean(Rule):
    """``__isnull`` takes True or False; the fix writes the one that the value meant."""

    nodes = (ast.keyword, ast.Dict)
    any_words = (*_LOOKUPS, "limit_choices_to")

    def prefilter(self, data: bytes) -> bool:
        """The lookups alone are in every file, and nearly all say True or False."""
        return _OTHER_VALUE.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A keyword argument of a lookup, or a dictionary of such."""
        if isinstance(node, ast.keyword):
            given: list[tuple[str, ast.expr]] = (
                [(node.arg or "", node.value)] if _looks_up(parent(node)) else []
            )
        else:
            assert isinstance(node, ast.Dict)
            if not _is_looked_up(node):
                return
            given = [
                (key.value, value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            ]
        for lookup, value in given:
            if not lookup.endswith("__isnull") or not isinstance(value, ast.Constant):
                continue
            if isinstance(value.value, bool) or ctx.guarded(node):
                continue
            truth = bool(value.value)
            message = f"A value other than True and False for {lookup} {self.since(ctx.target)}"
            fix = ctx.fix(f"Replace with {truth}", ctx.replace(value, str(truth)))
            yield self.finding(ctx, value, message, fix, confidence=Confidence.LIKELY)


def _looks_up(call: ast.AST | None) -> bool:
    if not isinstance(call, ast.Call):
        return False
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _LOOKUPS


def _is_looked_up(node: ast.Dict) -> bool:
    """Whether a dictionary is one of lookups, as ``filter(**{...})`` has it, and not a query string's."""
    keyword = parent(node)
    if not isinstance(keyword, ast.keyword):
        return False
    return keyword.arg == "limit_choices_to" or (keyword.arg is None and _looks_up(parent(keyword)))


rule = IsnullNonBoolean(
    "DUR4017",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

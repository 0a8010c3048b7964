import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import PackageRule, declared
from django_uplift_rules.rest_framework import REST_FRAMEWORK


class RouterBaseName(PackageRule, Rule):
    """``register(..., base_name=...)`` of routers."""

    methods = ("register",)
    words = ("base_name",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A `register()` with the old argument, which nothing else has."""
        keyword = call.keyword("base_name")
        if keyword is None or ctx.guarded(call.node):
            return
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        confidence = _is_router(function.value, ctx)
        if confidence is None:
            return
        fix = None
        if call.keyword("basename") is None:
            fix = ctx.fix("Rename to basename", call.rename_keyword(keyword, "basename"))
        message = f"The argument base_name of a router's register() {self.since(ctx.target)}: it is called basename now"
        yield self.finding(ctx, call.keyword_span(keyword), message, fix, confidence=confidence)


def _is_router(node: ast.expr, ctx: Context) -> Confidence | None:
    made_by = declared(node, ctx) or ctx.resolve(node) or ""
    if made_by.startswith("rest_framework.routers."):
        return Confidence.PROVEN
    word = made_by or (node.attr if isinstance(node, ast.Attribute) else "")
    return Confidence.LIKELY if word.lower().endswith("router") else None


rule = RouterBaseName(
    "DUP1004",
    package=REST_FRAMEWORK,
    deprecated="3.9",
    removed="3.11",
    link="https://www.django-rest-framework.org/community/3.11-announcement/",
)

import ast

from django_uplift.api import Call, Context, Edit, Fix, Found, Rule, parent
from django_uplift_rules.kinds import REQUESTS, name_span, receiver


class RequestIsAjax(Rule):
    """The method compared one header; the fix does so in its place."""

    methods = ("is_ajax",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call without arguments, on what is called a request."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if call.node.args or call.node.keywords:
            return
        sure = receiver(function.value, "is_ajax", ctx, on=REQUESTS, called=("request", "req", "context"))
        if sure is not None:
            message = f"HttpRequest.is_ajax() {self.since(ctx.target)}: look at the header, or ask accepts()"
            yield self.finding(
                ctx, name_span(function, ctx), message, self._fix(call, function, ctx), confidence=sure
            )

    def _fix(self, call: Call, function: ast.Attribute, ctx: Context) -> Fix:
        header = f'{ctx.source(function.value)}.headers.get("x-requested-with")'
        up = parent(call.node)
        if isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not):
            inner = isinstance(parent(up), (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Await))
            text = f'{header} != "XMLHttpRequest"'
            edit = ctx.replace(up, f"({text})" if inner else text)
            if ctx.outer_span(call.node) != ctx.span(call.node):
                edit = Edit(*ctx.span(call.node), f'{header} == "XMLHttpRequest"')
        else:
            inner = isinstance(
                up, (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Subscript, ast.Await)
            )
            text = f'{header} == "XMLHttpRequest"'
            edit = ctx.replace(call.node, f"({text})" if inner else text)
        return ctx.fix("Compare the header", edit)


rule = RequestIsAjax(
    "DUR4008",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

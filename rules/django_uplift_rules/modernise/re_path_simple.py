import ast

from django_uplift.api import Call, Change, Context, Found, Rule, Severity
from django_uplift_rules.kinds import PATH_UNSAFE, name_span, route_of


class RePathSimple(Rule):
    """`re_path()` with an expression that `path()` can say."""

    calls = ("django.urls.re_path",)
    default = False
    default_severity = Severity.INFORMATION

    def call(self, call: Call, ctx: Context) -> Found:
        """A call whose expression has a route."""
        route = route_of(call, "route", ctx)
        regex = call.argument("route", 0)
        function = call.node.func
        if route is None or regex is None or not isinstance(function, (ast.Name, ast.Attribute)):
            return
        literal = route.written(ctx.source(regex))

        def build() -> Change | None:
            written, needs = ctx.reference_to("django.urls.path", function)
            return Change((ctx.replace(function, written), ctx.replace(regex, literal)), needs)

        unsafe = "" if route.exact else PATH_UNSAFE
        message = f"path({literal}) says the same without a regular expression"
        yield self.finding(
            ctx, name_span(function, ctx), message, ctx.fix("Replace with path()", build, unsafe=unsafe)
        )


rule = RePathSimple(
    "DUM004",
    introduced_in="2.0",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#simplified-url-routing-syntax",
)

import ast
from collections.abc import Iterator

from django_uplift.api import Call, Change, Context, Finding, Fix
from django_uplift_rules.kinds import Arguments


class FormatHtmlWithoutArguments(Arguments):
    """Without arguments nothing is escaped."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether there is one argument."""
        return len(node.args) == 1 and not node.keywords

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call with the format alone."""
        if call.unpacks or len(call.node.args) != 1 or call.node.keywords:
            return
        message = f"format_html() without arguments {self.since(ctx.target)}: give it the values, or use mark_safe()"
        yield self.finding(ctx, call.node.func, message, self._fix(call, ctx))

    def _fix(self, call: Call, ctx: Context) -> Fix | None:
        text = call.node.args[0]
        if (
            not isinstance(text, ast.Constant)
            or not isinstance(text.value, str)
            or set("{}") & set(text.value)
        ):
            # Anything but a constant may hold what a user wrote.
            return None

        def build() -> Change | None:
            written, needs = ctx.reference_to("django.utils.safestring.mark_safe", call.node, direct=True)
            return Change((ctx.replace(call.node.func, written),), needs)

        return ctx.fix("Replace with mark_safe", build)


rule = FormatHtmlWithoutArguments(
    "DUR6006",
    ("django.utils.html.format_html",),
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

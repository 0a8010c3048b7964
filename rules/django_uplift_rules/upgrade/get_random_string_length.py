import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Edit, Finding
from django_uplift_rules.kinds import Arguments


class GetRandomStringLength(Arguments):
    """The length was 12 where none was given."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether the length may be missing."""
        return not node.args and all(keyword.arg not in (None, "length") for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call without a length."""
        if call.node.args or call.unpacks or call.keyword("length"):
            return
        message = f"get_random_string() without a length {self.since(ctx.target)}: pass one; it was 12"
        if call.node.keywords:
            first = min(ctx.span(keyword).start for keyword in call.node.keywords)
            edit = Edit(first, first, "12, ")
        else:
            end = ctx.span(call.node).end - 1
            edit = Edit(end, end, "12")
        yield self.finding(ctx, call.node.func, message, ctx.fix("Pass the length 12", edit))


rule = GetRandomStringLength(
    "DUR4013",
    ("django.utils.crypto.get_random_string",),
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

import ast
import re
from collections.abc import Iterator

from django_uplift.api import Call, Confidence, Context, Edit, Finding, Found, Reference, parent
from django_uplift_rules.kinds import Arguments

_AS_DEFAULT = re.compile(rb"\bdefault\s*=\s*[\w.]*get_random_string\b")


class GetRandomStringLength(Arguments):
    """The length was 12 where none was given."""

    names = ("django.utils.crypto.get_random_string",)

    def prefilter(self, data: bytes) -> bool:
        """A call without a length, or the function as a default."""
        return _AS_DEFAULT.search(data) is not None or super().prefilter(data)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """The function itself as a field's default: it is called without arguments."""
        node = reference.node
        places = list(ctx.uses(node)) if isinstance(node, ast.alias) else [node]
        for place in places:
            keyword = parent(place)
            if isinstance(keyword, ast.keyword) and keyword.arg == "default":
                message = (
                    f"get_random_string as a default {self.since(ctx.target)}, as it is called without a length: "
                    "name a function of your own that passes one"
                )
                yield self.finding(ctx, place, message, confidence=Confidence.LIKELY)

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

import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments


class ImpliedAlgorithm(Arguments):
    """The default is about to change, and with it every value that was signed."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether the algorithm may be missing."""
        return all(keyword.arg not in (None, "algorithm") for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call that leaves the algorithm to Django."""
        if call.unpacks or call.argument("algorithm", 3) is not None:
            return
        function = name.rpartition(".")[2]
        message = (
            f"{function}() without algorithm {self.since(ctx.target)}: the default becomes sha256, "
            "which makes other values; say which one you mean"
        )
        fix = ctx.fix('Add algorithm="sha1"', [call.add_keyword("algorithm", '"sha1"')])
        yield self.finding(ctx, call.node.func, message, fix)


rule = ImpliedAlgorithm(
    "DUR7012",
    ("django.utils.crypto.salted_hmac", "django.core.signing.base64_hmac"),
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="3.1",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

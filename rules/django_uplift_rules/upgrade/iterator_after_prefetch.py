import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import name_span


class IteratorAfterPrefetch(Rule):
    """Related rows are fetched for each chunk of rows, so the size of a chunk has to be said."""

    methods = ("iterator",)
    words = ("prefetch_related",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call without arguments behind ``prefetch_related("...")``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if call.node.args or call.node.keywords or not _prefetches(function.value, ctx):
            return
        message = (
            f"iterator() without chunk_size after prefetch_related() {self.since(ctx.target)}: "
            "say how many rows to fetch at a time"
        )
        fix = ctx.fix(
            "Add chunk_size=2000",
            [call.add_keyword("chunk_size", "2000")],
            unsafe="related rows are prefetched, which releases before 5.0 left out here",
        )
        yield self.finding(ctx, name_span(function, ctx), message, fix, confidence=Confidence.LIKELY)


def _prefetches(node: ast.expr, ctx: Context) -> bool:
    """Whether the last ``prefetch_related()`` of a chain of calls, or of the variable that it starts with, adds any."""
    seen: set[ast.expr] = set()
    while node not in seen:
        seen.add(node)
        if isinstance(node, ast.Name):
            bindings = ctx.names.lookup(node.id, node)
            value = bindings[0].value if len(bindings) == 1 else None
            if value is None:
                return False
            node = value
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        if node.func.attr == "prefetch_related":
            return any(
                not isinstance(argument, ast.Starred)
                and not (isinstance(argument, ast.Constant) and argument.value is None)
                for argument in node.args
            )
        node = node.func.value
    return False


rule = IteratorAfterPrefetch(
    "DUR5017",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

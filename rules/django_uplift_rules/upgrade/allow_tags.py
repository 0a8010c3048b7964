import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule, Span, parent


class AllowTags(Rule):
    """``function.allow_tags = True`` on a callable that the admin shows."""

    nodes = (ast.Attribute,)
    words = ("allow_tags",)
    any_words = ("allow_tags",)

    def prefilter(self, data: bytes) -> bool:
        """Other libraries have attributes of this name: the admin must be there."""
        return b"admin" in data

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An assignment to the attribute."""
        assert isinstance(node, ast.Attribute)
        statement = parent(node)
        if node.attr != "allow_tags" or not isinstance(statement, ast.Assign) or ctx.guarded(node):
            return
        if not isinstance(node.value, ast.Name) or not isinstance(statement.value, ast.Constant):
            return
        message = (
            f"allow_tags {self.since(ctx.target)} and is ignored: return format_html(...) from the function"
        )
        end = ctx.span(node).end
        place = Span(end - len(node.attr), end)
        fix = None
        if not statement.value.value:
            edits: list[Edit] = ctx.remove(statement)
            fix = ctx.fix("Remove allow_tags", edits)
        yield self.finding(ctx, place, message, fix, confidence=Confidence.LIKELY)


rule = AllowTags(
    "DUR2008",
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

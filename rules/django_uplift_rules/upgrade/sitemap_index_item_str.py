import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import declared

_ITEM = "django.contrib.sitemaps.views.SitemapIndexItem"


class SitemapIndexItemStr(Rule):
    """The items of a sitemap's index are no longer texts."""

    nodes = (ast.Call, ast.FormattedValue)
    words = ("SitemapIndexItem",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """``str(item)``, and an item in an f-string."""
        if isinstance(node, ast.Call):
            if ctx.resolve(node.func) not in ("str", "builtins.str") and not _is_str(node.func):
                return
            value = node.args[0] if len(node.args) == 1 and not node.keywords else None
        else:
            assert isinstance(node, ast.FormattedValue)
            value = node.value if node.conversion == -1 and node.format_spec is None else None
        if isinstance(value, ast.Name) and declared(value, ctx) == _ITEM:
            message = f"A SitemapIndexItem as text {self.since(ctx.target)}: use its location"
            end = ctx.span(value).end
            fix = ctx.fix("Use location", Edit(end, end, ".location"))
            yield self.finding(ctx, value, message, fix, confidence=Confidence.PROVEN)


def _is_str(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "str"


rule = SitemapIndexItemStr(
    "DUR5022",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

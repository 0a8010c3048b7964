import ast

from django_uplift.api import Call, Context, Found, Rule
from django_uplift_rules.kinds import declared, defines, inherits, name_span

_SITEMAPS = frozenset({"django.contrib.sitemaps.Sitemap", "django.contrib.sitemaps.GenericSitemap"})


class SitemapProtocol(Rule):
    """Outside of a request, which has a scheme of its own: URLs that the code asks a sitemap for."""

    methods = ("get_urls",)

    def prefilter(self, data: bytes) -> bool:
        """The admin has a method of that name too."""
        return b"itemap" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """A call on an instance of a sitemap whose class says nothing."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if call.unpacks or call.argument("protocol", 2) is not None:
            return
        name = declared(function.value, ctx)
        if (
            name is None
            or not inherits(name, ctx, _SITEMAPS)
            or not self._is_silent(function.value, name, ctx)
        ):
            return
        message = (
            "A sitemap's get_urls() without a protocol makes http addresses before Django 5.0 (deprecated since 4.0), "
            "and https from then on: set protocol in the class"
        )
        yield self.finding(ctx, name_span(function, ctx), message)

    def _is_silent(self, node: ast.expr, name: str, ctx: Context) -> bool:
        """Whether neither the class nor the call that makes the instance gives a protocol."""
        if name in _SITEMAPS:
            made = node
            if isinstance(node, ast.Name):
                value = ctx.names.lookup(node.id, node)[0].value
                made = value if value is not None else node
            return isinstance(made, ast.Call) and not any(
                keyword.arg in ("protocol", None) for keyword in made.keywords
            )
        for cls in ctx.tree.nodes(ast.ClassDef):
            if ctx.resolve(cls) == name:
                own = ctx.ancestry(cls).names - _SITEMAPS
                return not own and not defines(cls, "protocol") and not defines(cls, "get_protocol")
        return False


rule = SitemapProtocol(
    "DUR5021",
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="1.4",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

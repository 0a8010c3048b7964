import ast
import re

from django_uplift.api import Context, Edit, Fix, Found, Rule, Span

_PATH = re.compile(r"(?<![\w/])django/forms/(?:formsets/)?(default)\.html(?![\w])")


class DefaultFormTemplates(Rule):
    """The paths, in templates that include or extend them, and in Python that names them."""

    languages = ("python", "template")
    nodes = (ast.Constant,)
    any_words = ("default",)

    def prefilter(self, data: bytes) -> bool:
        """The path stands in the file."""
        return b"django/forms/" in data and b"default.html" in data

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A text that is the path."""
        assert isinstance(node, ast.Constant)
        if not isinstance(node.value, str) or not _PATH.fullmatch(node.value):
            return
        source = _PATH.search(ctx.source(node))
        start = ctx.span(node).start
        fix = None
        if source is not None:
            fix = self._fix(Span(start + source.start(1), start + source.end(1)), ctx)
        yield self.finding(ctx, node, self._message(node.value, ctx), fix)

    def file(self, ctx: Context) -> Found:
        """A template's tags."""
        if ctx.template is None:
            return
        for token in ctx.template.tokens:
            for bit in token.bits if token.kind == "tag" else ():
                match = _PATH.search(bit.text)
                if match is not None:
                    start = bit.span.start
                    fix = self._fix(Span(start + match.start(1), start + match.end(1)), ctx)
                    yield self.finding(ctx, bit.span, self._message(match[0], ctx), fix)

    def _message(self, path: str, ctx: Context) -> str:
        return f"The template {path} {self.since(ctx.target)}: it was table.html, and div.html is the default now"

    def _fix(self, place: Span, ctx: Context) -> Fix:
        return ctx.fix("Replace with table.html", Edit(*place, "table"))


rule = DefaultFormTemplates(
    "DUT0007",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

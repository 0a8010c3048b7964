import ast

from django_uplift.api import Change, Context, Fix, Found, Reference, Rule, parent
from django_uplift_rules.kinds import decorates, name_span, without_decorator


class Python2UnicodeCompatible(Rule):
    """The decorator returned the class as it was; the fix takes its lines out."""

    names = (
        "django.utils.encoding.python_2_unicode_compatible",
        "django.utils.six.python_2_unicode_compatible",
    )

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node = reference.node
        message = f"{reference.name} {self.since(ctx.target)}: it does nothing on Python 3"
        uses: list[ast.AST] = list(ctx.uses(node)) if isinstance(node, ast.alias) else [node]
        marked = [ctx.span(use) for use in uses] if isinstance(node, ast.alias) else []
        yield self.finding(ctx, name_span(node, ctx), message, self._fix(node, uses, ctx), uses=marked)

    def _fix(self, node: ast.AST, uses: list[ast.AST], ctx: Context) -> Fix | None:
        if not all(decorates(use) for use in uses):
            return None
        if isinstance(node, ast.alias) and (ctx.exported(node) or isinstance(parent(node), ast.Import)):
            return None

        def build() -> Change | None:
            edits = [without_decorator(use, ctx) for use in uses]
            return Change(tuple(edits), drops=(node,) if isinstance(node, ast.alias) else ())

        return ctx.fix("Remove the decorator", build)


rule = Python2UnicodeCompatible(
    "DUR3003",
    removed_in="3.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#removed-private-python-2-compatibility-apis",
)

import ast

from django_uplift.api import Change, Context, Fix, Found, Reference, Rule, parent
from django_uplift_rules.kinds import name_span, utc_written


class TimezoneUtc(Rule):
    """`django.utils.timezone.utc` was an alias of `datetime.timezone.utc`."""

    names = ("django.utils.timezone.utc",)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node = reference.node
        message = f"django.utils.timezone.utc {self.since(ctx.target)}: use datetime.timezone.utc"
        if isinstance(node, ast.alias):
            uses = ctx.uses(node)
            fix = None if any(_pytz_only(use) for use in uses) else self._fix_import(node, ctx)
            yield self.finding(ctx, node, message, fix, uses=[ctx.span(use) for use in uses])
        elif isinstance(node, (ast.Attribute, ast.Name)):
            fix = None if _pytz_only(node) else self._fix_use(node, ctx)
            yield self.finding(ctx, name_span(node, ctx), message, fix)

    def _fix_import(self, alias: ast.alias, ctx: Context) -> Fix | None:
        statement = parent(alias)
        if not isinstance(statement, ast.ImportFrom) or ctx.exported(alias):
            return None
        uses = ctx.uses(alias)

        def build() -> Change | None:
            if not uses:
                return Change((), (), drops=(alias,))
            written, needs = utc_written(uses[0], ctx)
            return Change(tuple(ctx.replace(use, written) for use in uses), needs, drops=(alias,))

        return ctx.fix("Replace with datetime.timezone.utc", build)

    def _fix_use(self, node: ast.Attribute | ast.Name, ctx: Context) -> Fix:
        def build() -> Change | None:
            written, needs = utc_written(node, ctx)
            return Change((ctx.replace(node, written),), needs)

        return ctx.fix("Replace with datetime.timezone.utc", build)


def _pytz_only(use: ast.AST) -> bool:
    """Whether the code asks for what only pytz's UTC had: ``utc.localize(...)``."""
    up = parent(use)
    return isinstance(up, ast.Attribute) and up.attr in ("localize", "normalize", "zone")


rule = TimezoneUtc(
    "DUR5004",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

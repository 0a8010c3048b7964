import ast

from django_uplift.api import Change, Context, Fix, Found, Reference, Rule, parent
from django_uplift_rules.kinds import name_span, utc_written
from django_uplift_rules.pytz import UNSAFE, PytzRule, needs_pytz


class PytzUtc(PytzRule, Rule):
    """`pytz.utc` and `pytz.UTC` are `datetime.timezone.utc`."""

    names = ("pytz.utc", "pytz.UTC")

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node = reference.node
        message = f"{reference.name} {self.since(ctx.target)}: use datetime.timezone.utc"
        if isinstance(node, ast.alias):
            uses = ctx.uses(node)
            fix = self._fix(node, uses, ctx) if uses and not ctx.exported(node) else None
            yield self.finding(ctx, node, message, fix, uses=[ctx.span(use) for use in uses])
        elif isinstance(node, (ast.Attribute, ast.Name)):
            yield self.finding(ctx, name_span(node, ctx), message, self._fix(node, [node], ctx))

    def _fix(
        self, node: ast.AST, uses: list[ast.Name] | list[ast.Attribute | ast.Name], ctx: Context
    ) -> Fix | None:
        if needs_pytz(ctx):
            return None

        def build() -> Change | None:
            written, needs = utc_written(uses[0], ctx)
            imported = isinstance(node, ast.alias) and isinstance(parent(node), ast.ImportFrom)
            drops = (node,) if isinstance(node, ast.alias) and imported else ()
            return Change(tuple(ctx.replace(use, written) for use in uses), needs, drops=drops)

        return ctx.fix("Replace with datetime.timezone.utc", build, unsafe=UNSAFE)


rule = PytzUtc(
    "DUP4002",
    deprecated_in="4.0",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#zoneinfo-default-timezone-implementation",
)

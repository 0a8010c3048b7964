import ast

from django_uplift.api import Change, Context, Fix, Found, Need, Reference, Rule, ancestors, parent
from django_uplift_rules.kinds import name_span


class TimezoneUtc(Rule):
    """`django.utils.timezone.utc` was an alias of `datetime.timezone.utc`.

    `django.utils.timezone` takes the name that the standard library's class has, so the fix writes what the
    file's other imports suggest: ``datetime.timezone.utc`` with ``import datetime``, else an import of the
    class, as ``dt_timezone`` where ``timezone`` is taken.
    """

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
            written, needs = _written(uses[0], ctx)
            return Change(tuple(ctx.replace(use, written) for use in uses), needs, drops=(alias,))

        return ctx.fix("Replace with datetime.timezone.utc", build)

    def _fix_use(self, node: ast.Attribute | ast.Name, ctx: Context) -> Fix:
        def build() -> Change | None:
            written, needs = _written(node, ctx)
            return Change((ctx.replace(node, written),), needs)

        return ctx.fix("Replace with datetime.timezone.utc", build)


def _pytz_only(use: ast.AST) -> bool:
    """Whether the code asks for what only pytz's UTC had: ``utc.localize(...)``."""
    up = parent(use)
    return isinstance(up, ast.Attribute) and up.attr in ("localize", "normalize", "zone")


def _written(at: ast.AST, ctx: Context) -> tuple[str, tuple[Need, ...]]:
    """How code at `at` says ``datetime.timezone.utc``, and the import that it needs."""
    from_datetime = False
    for alias in ctx.tree.nodes(ast.alias):
        statement = parent(alias)
        if isinstance(statement, ast.Import) and alias.name == "datetime":
            return f"{alias.asname or 'datetime'}.timezone.utc", ()
        if isinstance(statement, ast.ImportFrom) and statement.module == "datetime" and not statement.level:
            top = not any(isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)) for up in ancestors(alias))
            if alias.name == "timezone" and top:
                return f"{alias.asname or 'timezone'}.utc", ()
            from_datetime = from_datetime or top
    if not from_datetime and not ctx.names.bindings("datetime"):
        return "datetime.timezone.utc", (Need("datetime"),)
    if not ctx.names.bindings("timezone"):
        return "timezone.utc", (Need("datetime", "timezone"),)
    return "dt_timezone.utc", (Need("datetime", "timezone", "dt_timezone"),)


rule = TimezoneUtc(
    "DUR5004",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

import ast

from django_uplift.api import Change, Context, Edit, Fix, parent
from django_uplift_rules.kinds import MovedName


class PostgresStringAgg(MovedName):
    """The general `StringAgg` takes its delimiter as an expression: a plain string would name a field."""

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """Only where every use is a call with a delimiter that can be wrapped."""
        uses: list[ast.AST] = list(ctx.uses(alias))
        if not uses or not all(_wrappable(use, ctx) for use in uses):
            return None
        return self._wrapping(super().fix_import(alias, new, ctx), uses, ctx)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """A call through the module."""
        return self._wrapping(super().fix_use(node, new, ctx), [node], ctx) if _wrappable(node, ctx) else None

    def _wrapping(self, plain: Fix, uses: list[ast.AST], ctx: Context) -> Fix:
        def build() -> Change | None:
            change = plain.build()
            if change is None:
                return None
            edits, needs = list(change.edits), list(change.needs)
            near = needs[0].near if needs else None
            for use in uses:
                delimiter = _delimiter(use, ctx)
                if isinstance(delimiter, ast.Constant):
                    value, needed = ctx.reference_to("django.db.models.Value", use, near=near)
                    edits.append(Edit(*ctx.span(delimiter), f"{value}({ctx.source(delimiter)})"))
                    needs += needed
            return Change(tuple(edits), tuple(dict.fromkeys(needs)), change.drops)

        return ctx.fix(plain.title, build)


def _delimiter(use: ast.AST, ctx: Context) -> ast.expr | None:
    call = parent(use)
    if not isinstance(call, ast.Call) or call.func is not use:
        return None
    return ctx.call_of(call).argument("delimiter", 1)


def _wrappable(use: ast.AST, ctx: Context) -> bool:
    """Whether the delimiter is a constant, or an expression already."""
    delimiter = _delimiter(use, ctx)
    if isinstance(delimiter, ast.Call):
        return (ctx.resolve(delimiter.func) or "") == "django.db.models.Value"
    return isinstance(delimiter, ast.Constant) and isinstance(delimiter.value, str)


rule = PostgresStringAgg(
    "DUR7002",
    {"django.contrib.postgres.aggregates.StringAgg": "django.db.models.StringAgg"},
    through_module=True,
    note=", with Value() round the delimiter",
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

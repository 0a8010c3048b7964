import ast

from django_uplift.api import Call, Change, Context, Edit, Fix, parent
from django_uplift_rules.kinds import MovedName

_BOOLEAN = "django.db.models.BooleanField"


class NullBooleanField(MovedName):
    """`NullBooleanField()` was `BooleanField(null=True, blank=True)`."""

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """Only where every use is a call: a subclass or an `isinstance()` test says something else."""
        calls = [_call_of(use, ctx) for use in ctx.uses(alias)]
        if not calls or any(call is None for call in calls):
            return None
        plain = super().fix_import(alias, _BOOLEAN, ctx)

        def build() -> Change | None:
            change = plain.build()
            if change is None:
                return None
            arguments = [edit for call in calls if call for edit in _nullable(call, ctx)]
            return Change((*change.edits, *arguments), change.needs, change.drops)

        return ctx.fix(plain.title, build)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """A call through the module, or through a star import."""
        call = _call_of(node, ctx)
        if call is None:
            return None
        plain = super().fix_use(node, _BOOLEAN, ctx)

        def build() -> Change | None:
            change = plain.build()
            return change and Change((*change.edits, *_nullable(call, ctx)), change.needs)

        return ctx.fix(plain.title, build)


def _call_of(use: ast.AST, ctx: Context) -> Call | None:
    call = parent(use)
    return ctx.call_of(call) if isinstance(call, ast.Call) and call.func is use else None


def _nullable(call: Call, ctx: Context) -> list[Edit]:
    """The field set both arguments itself, whatever it was given."""
    edits: list[Edit] = []
    missing: list[str] = []
    for name in ("null", "blank"):
        keyword = call.keyword(name)
        if keyword is None:
            missing.append(f"{name}=True")
        elif not (isinstance(keyword.value, ast.Constant) and keyword.value.value is True):
            edits.append(ctx.replace(keyword.value, "True"))
    if missing and not call.unpacks_keywords:
        name, _, value = ", ".join(missing).partition("=")
        edits.append(call.add_keyword(name, value))
    return edits


rule = NullBooleanField(
    "DUR4005",
    {"django.db.models.NullBooleanField": _BOOLEAN},
    note=" with null=True",
    through_module=True,
    in_migrations=False,
    importable=("django.db.models.NullBooleanField",),
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="2.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

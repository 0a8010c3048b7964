import ast

from django_uplift.api import Change, Context, Fix
from django_uplift_rules.kinds import MovedName
from django_uplift_rules.pytz import UNSAFE, PytzRule, needs_pytz


class PytzTimezone(PytzRule, MovedName):
    """`pytz.timezone(...)` and what stands around it."""

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix:
        """Only where the file asks nothing of pytz that zoneinfo lacks."""
        return _where_possible(super().fix_import(alias, new, ctx), ctx)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix:
        """As `fix_import`."""
        return _where_possible(super().fix_use(node, new, ctx), ctx)


def _where_possible(plain: Fix, ctx: Context) -> Fix:
    def build() -> Change | None:
        return None if needs_pytz(ctx) else plain.build()

    return ctx.fix(plain.title, build, unsafe=plain.reason)


rule = PytzTimezone(
    "DUP4001",
    {
        "pytz.timezone": "zoneinfo.ZoneInfo",
        "pytz.UnknownTimeZoneError": "zoneinfo.ZoneInfoNotFoundError",
        "pytz.exceptions.UnknownTimeZoneError": "zoneinfo.ZoneInfoNotFoundError",
    },
    unsafe=UNSAFE,
    deprecated_in="4.0",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#zoneinfo-default-timezone-implementation",
)

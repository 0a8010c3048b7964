import ast

from django_uplift.api import Context, Fix
from django_uplift_rules.kinds import MovedName
from django_uplift_rules.pytz import UNSAFE, PytzRule, needs_pytz


class PytzTimezone(PytzRule, MovedName):
    """`pytz.timezone(...)` and what stands around it."""

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """Only where the file asks nothing of pytz that zoneinfo lacks."""
        return None if needs_pytz(ctx) else super().fix_import(alias, new, ctx)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """As `fix_import`."""
        return None if needs_pytz(ctx) else super().fix_use(node, new, ctx)


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

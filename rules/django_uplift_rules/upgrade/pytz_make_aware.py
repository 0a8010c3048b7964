import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments, declared, last

_PYTZ = ("pytz.timezone", "pytz.tzfile.DstTzInfo")
_TRUNC = "Second Minute Hour Day Week Month Quarter Year"


class PytzMakeAware(Arguments):
    """Such zones have to localise a time; Django only attaches the zone to it now."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A zone that pytz made."""
        zone = call.argument("timezone", 1) if name.endswith("make_aware") else call.keyword("tzinfo")
        value = zone.value if isinstance(zone, ast.keyword) else zone
        if value is None or declared(value, ctx) not in _PYTZ:
            return
        message = (
            f"A zone of pytz for {last(name)}() {self.since(ctx.target)}: times come out minutes or hours "
            "wrong, without an error; use zoneinfo.ZoneInfo"
        )
        yield self.finding(ctx, value, message)


rule = PytzMakeAware(
    "DUR5026",
    (
        "django.utils.timezone.make_aware",
        "django.db.models.functions.Trunc",
        *(f"django.db.models.functions.Trunc{unit}" for unit in _TRUNC.split()),
    ),
    ("pytz",),
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

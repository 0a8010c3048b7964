from typing import ClassVar

from django_uplift.api import Release, Severity
from django_uplift_rules.kinds import MovedName

_ANY = "django.db.backends.postgresql.psycopg_any"


class Psycopg2Ranges(MovedName):
    """Values of psycopg2, of which psycopg 3 knows nothing."""

    default_severity: ClassVar[Severity] = Severity.HINT

    def since(self, target: Release) -> str:
        """Why psycopg2's own class is in the way."""
        return "works with psycopg2 alone, and Django 4.2 and newer prefer psycopg 3"


rule = Psycopg2Ranges(
    "DUP6001",
    {
        f"psycopg2.extras.{name}": f"{_ANY}.{name}"
        for name in ("DateRange", "DateTimeRange", "DateTimeTZRange", "Inet", "NumericRange")
    },
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/4.2/releases/4.2/#psycopg-3-support",
)

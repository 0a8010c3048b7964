from typing import ClassVar

from django_uplift.api import Release, Severity
from django_uplift_rules.kinds import RemovedName

_LEVELS = {
    "ISOLATION_LEVEL_READ_UNCOMMITTED": "READ_UNCOMMITTED",
    "ISOLATION_LEVEL_READ_COMMITTED": "READ_COMMITTED",
    "ISOLATION_LEVEL_REPEATABLE_READ": "REPEATABLE_READ",
    "ISOLATION_LEVEL_SERIALIZABLE": "SERIALIZABLE",
}


class Psycopg2IsolationLevel(RemovedName):
    """Isolation levels for DATABASES, by psycopg2's numbers."""

    default_severity: ClassVar[Severity] = Severity.HINT

    def since(self, target: Release) -> str:
        """Why psycopg2's own constant is in the way."""
        return "works with psycopg2 alone, and Django 4.2 and newer prefer psycopg 3"


rule = Psycopg2IsolationLevel(
    "DUP6002",
    {
        f"psycopg2.extensions.{old}": f"use IsolationLevel.{new} of django.db.backends.postgresql.psycopg_any"
        for old, new in _LEVELS.items()
    },
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/4.2/ref/databases/#isolation-level",
)

"""The oldest versions of databases that Django releases work with."""

from __future__ import annotations

from collections.abc import Mapping

from django_uplift.django.releases import Release

# As each release's own source has them: minimum_database_version in django/db/backends/*/features.py.
OLDEST: Mapping[Release, Mapping[str, str]] = {
    Release(4, 2): {"PostgreSQL": "12", "MySQL": "8", "MariaDB": "10.4", "Oracle": "19c", "SQLite": "3.21"},
    Release(5, 0): {
        "PostgreSQL": "12",
        "MySQL": "8.0.11",
        "MariaDB": "10.4",
        "Oracle": "19c",
        "SQLite": "3.27",
    },
    Release(5, 2): {
        "PostgreSQL": "14",
        "MySQL": "8.0.11",
        "MariaDB": "10.5",
        "Oracle": "19c",
        "SQLite": "3.31",
    },
    Release(6, 1): {
        "PostgreSQL": "15",
        "MySQL": "8.4",
        "MariaDB": "10.11",
        "Oracle": "19c",
        "SQLite": "3.37",
    },
}


def risen(before: Release, after: Release) -> tuple[str, ...]:
    """The databases, with their oldest versions, of which these differ between two releases: "PostgreSQL 14".

    Empty where nothing is known of `after`; all, where nothing is known of `before`.
    """
    old = OLDEST.get(before, {})
    return tuple(
        f"{database} {version}"
        for database, version in OLDEST.get(after, {}).items()
        if old.get(database) != version
    )

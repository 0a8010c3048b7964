"""The ORM's methods: what runs a query, what only prepares one, and which has an async twin since when.

Twins and releases come from introspection of Django 4.1 to 6.1.
"""

from __future__ import annotations

from django_uplift.django.releases import Release

V41, V42, V50, V51, V52, V60, V61 = (
    Release(4, 1), Release(4, 2), Release(5, 0), Release(5, 1), Release(5, 2), Release(6, 0), Release(6, 1),
)  # fmt: skip

# Prepare a query, run none.
LAZY = frozenset(
    [
        "all",
        "filter",
        "exclude",
        "order_by",
        "reverse",
        "distinct",
        "values",
        "values_list",
        "dates",
        "datetimes",
        "none",
        "union",
        "intersection",
        "difference",
        "select_related",
        "prefetch_related",
        "annotate",
        "alias",
        "extra",
        "defer",
        "only",
        "using",
        "select_for_update",
        "raw",
        "complex_filter",
    ]
)
# Run a query; what they give.
TERMINAL: dict[str, str] = {
    "get": "instance",
    "first": "instance-or-none",
    "last": "instance-or-none",
    "earliest": "instance",
    "latest": "instance",
    "create": "instance",
    "get_or_create": "pair",
    "update_or_create": "pair",
    "count": "int",
    "exists": "bool",
    "contains": "bool",
    "aggregate": "dict",
    "in_bulk": "by-key",
    "bulk_create": "list",
    "bulk_update": "int",
    "update": "int",
    "delete": "other",
    "explain": "str",
}
# On related managers, beside the above.
RELATED: dict[str, Release] = {"add": V42, "remove": V42, "clear": V42, "set": V42}
ASYNC: dict[str, str] = {f"a{name}": kind for name, kind in TERMINAL.items()}
NOT_ON_MANAGERS = frozenset({"delete", "adelete"})
# Given nothing, these never reach the database.
FREE_WHEN_EMPTY = frozenset(
    {"count", "exists", "first", "last", "update", "aggregate", "contains", "in_bulk", "explain"}
)
# A filled result cache answers these.
FREE_WHEN_CACHED = frozenset({"count", "exists", "contains"})

INSTANCE: dict[str, Release] = {"save": V42, "delete": V42, "refresh_from_db": V42}
# Validation queries where something is unique or related.
VALIDATION = frozenset({"full_clean", "validate_unique", "clean_fields", "validate_constraints"})

# The async twin goes past an override of the sync method here.
_BYPASSED_ON_MANAGERS = frozenset(TERMINAL) | {"iterator"}


def queryset_twin(name: str) -> tuple[str, Release] | None:
    """The async twin of a queryset's or manager's method."""
    if name in TERMINAL or name == "iterator":
        return f"a{name}", V41
    if name in RELATED:
        return f"a{name}", RELATED[name]
    return None


def instance_twin(name: str) -> tuple[str, Release] | None:
    """The async twin of a model instance's method."""
    since = INSTANCE.get(name)
    return (f"a{name}", since) if since else None


def bypasses_override(name: str, *, on_manager: bool) -> bool:
    """Whether the twin of `name` ignores a project's override of it."""
    return name in _BYPASSED_ON_MANAGERS if on_manager else name == "iterator"

"""Which model an expression is an instance of, or queries: by what the file itself says."""

from __future__ import annotations

import ast
from collections.abc import Collection

from django_uplift.api import Context, canonical
from django_uplift_rules.kinds.receivers import declared

_MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
_GIVE_ONE = frozenset(
    {
        "get",
        "create",
        "create_user",
        "create_superuser",
        "first",
        "last",
        "latest",
        "earliest",
        "aget",
        "acreate",
        "afirst",
        "alast",
    }
)


def instance_of(node: ast.expr, ctx: Context) -> str | None:
    """The class of an instance: ``self`` in it, or a local name for ``Model(...)``, ``Model.objects.get(...)``."""
    if isinstance(node, ast.Name) and node.id == "self":
        cls = ctx.class_of(node)
        return ctx.resolve(cls) if cls is not None else None
    if isinstance(node, ast.Name):
        bindings = ctx.names.lookup(node.id, node)
        value = bindings[0].value if len(bindings) == 1 else None
        if isinstance(value, ast.Await):
            value = value.value
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in _GIVE_ONE
        ):
            return queried(value.func.value, ctx)
    return declared(node, ctx)


def queried(node: ast.expr, ctx: Context) -> str | None:
    """The model that a chain of queryset methods starts at: of ``Model.objects.filter(...).exclude(...)`` Model."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("values", "values_list", "annotate", "alias", "union", "raw", "aggregate"):
            # Names may mean something else behind these.
            return None
        node = node.func.value
    if isinstance(node, ast.Attribute) and node.attr in _MANAGERS:
        return ctx.resolve(node.value)
    return None


def inherits(name: str, ctx: Context, wanted: Collection[str]) -> bool:
    """Whether a class, by its qualified name, is one of `wanted` or inherits from one, through the project's."""
    pending, seen = [name], set[str]()
    while pending:
        current = canonical(pending.pop())
        if current in wanted:
            return True
        if current not in seen:
            seen.add(current)
            pending += ctx.modules.bases_of(current) or ()
    return False

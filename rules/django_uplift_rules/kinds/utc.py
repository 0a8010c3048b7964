"""How a file says ``datetime.timezone.utc``."""

from __future__ import annotations

import ast

from django_uplift.api import Context, Need, ancestors, parent


def utc_written(at: ast.AST, ctx: Context) -> tuple[str, tuple[Need, ...]]:
    """How code at `at` says ``datetime.timezone.utc``, and the import that it needs.

    As its other imports suggest: ``datetime.timezone.utc`` with ``import datetime``, else an import of the class, as
    ``dt_timezone`` where ``timezone`` is taken.
    """
    from_datetime = False
    for alias in ctx.tree.nodes(ast.alias):
        statement = parent(alias)
        if isinstance(statement, ast.Import) and alias.name == "datetime":
            return f"{alias.asname or 'datetime'}.timezone.utc", ()
        if isinstance(statement, ast.ImportFrom) and statement.module == "datetime" and not statement.level:
            top = not any(isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)) for up in ancestors(alias))
            if alias.name == "timezone" and top:
                return f"{alias.asname or 'timezone'}.utc", ()
            from_datetime = from_datetime or top
    if not from_datetime and not ctx.names.bindings("datetime"):
        return "datetime.timezone.utc", (Need("datetime"),)
    if not ctx.names.bindings("timezone"):
        return "timezone.utc", (Need("datetime", "timezone"),)
    return "dt_timezone.utc", (Need("datetime", "timezone", "dt_timezone"),)

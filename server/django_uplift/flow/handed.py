"""Functions that a GraphQL schema is handed away from where they stand: `resolver=get_orders`, `set_field(...)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from django_uplift.flow import sdl
from django_uplift.types.program import Mod

FIELDS = frozenset(
    {
        *("strawberry.field", "strawberry.mutation", "strawberry.subscription", "strawberry.tools.field"),
        *("strawberry.federation.field", "strawberry.relay.connection", "strawberry.relay.node"),
    }
)
_WORDS = (b"resolver=", b"set_field(", b"set_type_resolver(")


class Handed(NamedTuple):
    """How a schema uses a function."""

    mod: Mod
    annotation: ast.expr | None = None
    """Of the field that it resolves, in Strawberry."""
    bindable: str = ""
    """The type that has the field, in a schema of Ariadne's."""
    field: str = ""


def handed(session: Any) -> dict[tuple[str, int, int], Handed]:
    """By module, line and column: the functions that the project's schemas are handed."""
    if session.handed is None:
        session.handed = {}
        for mod in session.modules_with(_WORDS):
            for function, use in _of(mod, session.program):
                found = _located(function, mod, session.program)
                if found is not None:
                    session.handed.setdefault(found, use)
    known: dict[tuple[str, int, int], Handed] = session.handed
    return known


def _of(mod: Mod, program: Any) -> Iterator[tuple[ast.expr, Handed]]:
    for node in ast.walk(mod.module):
        if isinstance(node, (ast.AnnAssign, ast.Assign)) and isinstance(node.value, ast.Call):
            call = node.value
            given = next((k.value for k in call.keywords if k.arg == "resolver"), None)
            if given is not None and program.qualified(call.func, mod) in FIELDS:
                yield given, Handed(mod, getattr(node, "annotation", None))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in ("set_field", "set_type_resolver"):
                owner = sdl.bindable(node.func.value, mod, program)
                first = node.args[0]
                name = first.value if isinstance(first, ast.Constant) else ""
                if owner:
                    yield node.args[-1], Handed(mod, None, owner, str(name))


def _located(node: ast.expr, mod: Mod, program: Any) -> tuple[str, int, int] | None:
    """Where the function stands that an expression names, or is."""
    if isinstance(node, ast.Lambda):
        return mod.name, node.lineno, node.col_offset
    name = program.qualified(node, mod)
    found = program.locate(name) if name else None
    if found is None or len(found[1]) != 1:
        return None
    function = found[0].names.get(found[1][0])
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    return found[0].name, function.lineno, function.col_offset

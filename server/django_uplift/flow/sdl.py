"""Schemas that are written in GraphQL's own language, as Ariadne takes them, and what is bound to their types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from django_uplift.project.files import FileStore
from django_uplift.types.program import Assigned, Mod, Program

_WORDS = (b"ariadne",)
_TYPE = re.compile(r"\b(?:type|interface)\s+(\w+)[^{}]*\{([^{}]*)\}")
_FIELD = re.compile(r"(\w+)\s*(?:\([^)]*\))?\s*:\s*([\[\]!\w]+)")
_IGNORED = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|#[^\n]*')
_BINDABLE = {
    "ariadne.QueryType": "Query",
    "ariadne.MutationType": "Mutation",
    "ariadne.SubscriptionType": "Subscription",
}
_NAMED = frozenset({"ariadne.ObjectType", "ariadne.InterfaceType", "ariadne.UnionType"})
_BINDS = frozenset({"field", "set_field", "set_alias"})
_MAX_FILES = 64


class Field(NamedTuple):
    """A field of a type: the type of what it holds, and where that is written."""

    of: str
    many: bool
    mod: Mod
    node: ast.AST


class Schema(NamedTuple):
    """All types of a project's schemas."""

    fields: dict[str, dict[str, Field]]
    resolved: set[tuple[str, str]]
    """The fields with a resolver of their own."""


def of(session: Any) -> Schema:
    """The schemas of a project; read when a resolver first asks for them."""
    if session.schema is None:
        session.schema = Schema({}, set())
        for mod in session.modules_with(_WORDS):
            for node in ast.walk(mod.module):
                _take(node, mod, session)
    known: Schema = session.schema
    return known


def snake_case(name: str) -> str:
    """``customerName`` as Ariadne converts it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def bindable(node: ast.expr, mod: Mod, program: Program) -> str:
    """The type that a name stands for to which resolvers are bound; '' where it is none."""
    where: Mod | None = mod
    identifier = node.id if isinstance(node, ast.Name) else ""
    name = program.qualified(node, mod) or ""
    if name and name != f"{mod.name}.{identifier}":
        module, _, identifier = name.rpartition(".")
        where = program.mod(module)
    binding = where.names.get(identifier) if where is not None else None
    call = binding.value if isinstance(binding, Assigned) else None
    if not isinstance(call, ast.Call) or where is None:
        return ""
    kind = program.qualified(call.func, where) or ""
    if kind in _NAMED and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return _BINDABLE.get(kind, "")


def _take(node: ast.AST, mod: Mod, session: Any) -> None:
    schema = session.schema
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" in node.value:
        _read(node.value, mod, node, schema)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        first = node.args[0].value
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "load_schema_from_path" and isinstance(first, str):
            for text in _files(first, mod, session.program.modules.store):
                _read(text, mod, node, schema)
        elif isinstance(node.func, ast.Attribute) and called in _BINDS:
            owner = bindable(node.func.value, mod, session.program)
            if owner:
                schema.resolved.add((owner, str(first)))


def _files(path: str, mod: Mod, store: FileStore) -> Iterator[str]:
    """The texts of the schema's files: the path is relative to where the server is started, above the module."""
    for folder in mod.path.parents[:4]:
        place = folder / path
        with suppress(OSError, UnicodeDecodeError, ValueError):
            if store.is_file(place):
                yield store.read(place).decode()
                return
            if store.is_folder(place):
                files = sorted(file for file in store.below(place) if file.suffix == ".graphql")
                for file in files[:_MAX_FILES]:
                    yield store.read(file).decode()
                return


def _read(text: str, mod: Mod, node: ast.AST, schema: Schema) -> None:
    for match in _TYPE.finditer(_IGNORED.sub(" ", text)):
        fields = schema.fields.setdefault(match[1], {})
        for name, written in _FIELD.findall(match[2]):
            fields[name] = Field(written.strip("[]!"), "[" in written, mod, node)

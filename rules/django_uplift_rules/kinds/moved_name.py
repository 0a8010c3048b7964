"""A name that has another name, or another module, now."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import Any

from django_uplift.api import (
    Change,
    Context,
    Edit,
    Fix,
    Found,
    Need,
    Reference,
    Rule,
    canonical,
    parent,
)
from django_uplift_rules.kinds.places import beside, in_annotation, is_imported, last, makes_one, name_span


class MovedName(Rule):
    """References to an old name become references to a new one.

    `moves` maps qualified names to qualified names, in any spelling that Django ever had. `note` is put
    behind the message. `unsafe` says what the fix may change. `through_module` writes ``models.JSONField``
    where the new name's module is imported already; otherwise an import of the bare name becomes an import
    of the bare new name. With `in_migrations` unset, migrations are left as they are: Django keeps the old
    name for them.
    """

    def __init__(
        self,
        code: str,
        moves: Mapping[str, str],
        *,
        note: str = "",
        unsafe: str = "",
        through_module: bool = False,
        in_migrations: bool = True,
        importable: Collection[str] = (),
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.moves = {canonical(old): (old, new) for old, new in moves.items()}
        self.names = tuple(self.moves)
        self.strings = tuple(moves)
        self.note = note
        self.unsafe = unsafe
        self.through_module = through_module
        self.in_migrations = in_migrations
        self.importable = frozenset(map(canonical, importable))

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access; the fix of an import renames its uses too."""
        if ctx.in_migration and not self.in_migrations:
            return
        old, new = self.moves[reference.name]
        node = reference.node
        if reference.name in self.importable and not makes_one(node, ctx):
            return
        shown = last(new) if last(new) != last(old) and new.startswith("django.") else new
        message = f"{old} {self.since(ctx.target)}: use {shown}{self.note}"
        if isinstance(node, ast.alias):
            if isinstance(parent(node), ast.ImportFrom):
                uses = [ctx.span(use) for use in ctx.uses(node)]
                yield self.finding(ctx, node, message, self.fix_import(node, new, ctx), uses=uses)
        elif isinstance(node, (ast.Attribute, ast.Name)):
            yield self.finding(ctx, name_span(node, ctx), message, self.fix_use(node, new, ctx))

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A path that a call imports."""
        if not is_imported(node):
            return
        old, new = self.moves[canonical(str(node.value))]
        message = f"{old} {self.since(ctx.target)}: use {new}{self.note}"
        span, source = ctx.span(node), ctx.source(node)
        start = span.start + source.find(str(node.value))
        edit = Edit(start, start + len(str(node.value)), new)
        is_plain = source[1:-1] == node.value
        fix = ctx.fix(f"Replace with {last(new)}", edit, unsafe=self.unsafe) if is_plain else None
        yield self.finding(ctx, node, message, fix)

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix:
        """Import the new name in place of the old one; its uses are renamed where nobody else knows it."""

        def build() -> Change | None:
            statement = parent(alias)
            if not isinstance(statement, ast.ImportFrom):
                return None
            module, _, name = new.rpartition(".")
            near = beside(statement, module, ctx)
            if self._stays(alias, ctx):
                need = Need(module, name, alias.asname or alias.name, near=near)
                return Change((), (need,), drops=(alias,))
            written, needs = ctx.reference_to(
                new, alias, near=near, without=(alias,), direct=not self.through_module
            )
            edits = tuple(ctx.replace(use, written) for use in ctx.uses(alias))
            return Change(edits, needs, drops=(alias,))

        return ctx.fix(f"Replace with {last(new)}", build, unsafe=self.unsafe)

    def _stays(self, alias: ast.alias, ctx: Context) -> bool:
        """Whether users of the import must find it under the name that they know."""
        uses = ctx.uses(alias)
        name = alias.asname or alias.name
        return (
            alias.asname is not None
            or not uses
            or ctx.exported(alias)
            or any(len(ctx.names.lookup(name, use)) > 1 for use in uses)
            or in_annotation(name, ctx)
        )

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix:
        """Write the new name in place of an attribute access (or of a name that a star import gives)."""

        def build() -> Change | None:
            if isinstance(node, ast.Attribute):
                base = ctx.names.resolve(node.value)
                if base and canonical(f"{base}.{last(new)}") == canonical(new):
                    return Change((Edit(*name_span(node, ctx), last(new)),))
            written, needs = ctx.reference_to(new, node)
            return Change((ctx.replace(node, written),), needs)

        return ctx.fix(f"Replace with {last(new)}", build, unsafe=self.unsafe)

"""A name that has another name, or another module, now."""

from __future__ import annotations

import ast
from typing import Any

from django_uplift.api import Change, Context, Edit, Fix, Found, Need, Reference, Rule, Span, parent


class MovedName(Rule):
    """`old` -> `new`, both qualified. References to the old name become references to the new one."""

    def __init__(self, code: str, moves: dict[str, str], *, unsafe: str = "", **versions: Any) -> None:
        super().__init__(code, **versions)
        self.moves = moves
        self.names = tuple(moves)
        self.unsafe = unsafe

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access; the fix of an import renames its uses too."""
        new = self.moves[reference.name]
        old_name, new_name = _last(reference.name), _last(new)
        node = reference.node
        shown = new_name if new_name != old_name else new
        message = f"{reference.name} {self.since(ctx.target)}: use {shown}"
        if isinstance(node, ast.alias):
            if isinstance(parent(node), ast.Import):
                yield self.finding(ctx, node, message)
                return
            uses = [ctx.span(use) for use in ctx.uses(node)]
            yield self.finding(ctx, node, message, self._fix_import(node, new, ctx), uses=uses)
        elif isinstance(node, (ast.Attribute, ast.Name)):
            yield self.finding(ctx, _name_span(node, ctx), message, self._fix_use(node, new, ctx))

    def _fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix:
        def build() -> Change | None:
            statement = parent(alias)
            if not isinstance(statement, ast.ImportFrom):
                return None
            module, _, name = new.rpartition(".")
            uses = ctx.uses(alias)
            if alias.asname or not uses or ctx.exported(alias):
                # Whoever uses the name goes on under the name that they know.
                need = Need(module, name, alias.asname or alias.name, near=statement)
                return Change((), (need,), drops=(alias,))
            written, needs = ctx.reference_to(new, alias, near=statement, without=(alias,), direct=True)
            edits = tuple(ctx.replace(use, written) for use in uses)
            return Change(edits, needs, drops=(alias,))

        return ctx.fix(f"Replace with {_last(new)}", build, unsafe=self.unsafe)

    def _fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix:
        def build() -> Change | None:
            if isinstance(node, ast.Attribute) and ctx.names.resolve(node.value) == new.rpartition(".")[0]:
                return Change((Edit(*_name_span(node, ctx), _last(new)),))
            written, needs = ctx.reference_to(new, node)
            return Change((ctx.replace(node, written),), needs)

        return ctx.fix(f"Replace with {_last(new)}", build, unsafe=self.unsafe)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _name_span(node: ast.Attribute | ast.Name, ctx: Context) -> Span:
    span = ctx.span(node)
    if isinstance(node, ast.Attribute):
        return span._replace(start=span.end - len(node.attr))
    return span

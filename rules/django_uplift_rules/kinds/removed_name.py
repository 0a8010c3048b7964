"""A name or a module that is gone, and that nothing replaces word for word."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from django_uplift.api import Context, Found, Reference, Rule, Span, canonical, parent
from django_uplift_rules.kinds.places import imported_here, is_imported, makes_one, name_span


class RemovedName(Rule):
    """References to a name are reported, with what to do instead.

    `advice` maps qualified names of functions, classes, constants or modules to an imperative without a
    final full stop. With `importable` the names are classes that can still be imported, but not be used.
    """

    def __init__(
        self,
        code: str,
        advice: Mapping[str, str],
        *,
        in_migrations: bool = True,
        importable: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.advice = {canonical(name): (name, text) for name, text in advice.items()}
        self.names = tuple(self.advice)
        self.strings = tuple(advice)
        self.in_migrations = in_migrations
        self.importable = importable

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A path that a call imports."""
        if is_imported(node) and not self.importable:
            name, advice = self.advice[canonical(str(node.value))]
            yield self.finding(ctx, node, f"{name} {self.since(ctx.target)}: {advice}")

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access that no import of the name explains."""
        if ctx.in_migration and not self.in_migrations:
            return
        node = reference.node
        if self.importable and not makes_one(node, ctx):
            return
        name, advice = self.advice[reference.name]
        message = f"{name} {self.since(ctx.target)}: {advice}"
        if isinstance(node, ast.Attribute) and imported_here(name, ctx):
            return
        uses: tuple[Span, ...] = ()
        if isinstance(node, ast.alias) and isinstance(parent(node), ast.ImportFrom):
            uses = tuple(ctx.span(use) for use in ctx.uses(node))
        yield self.finding(ctx, name_span(node, ctx), message, uses=uses)

"""A module that has another name now."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django_uplift.api import Change, Context, Edit, Fix, Found, Need, Reference, Rule, parent
from django_uplift_rules.kinds.places import beside, dotted, imported_here, last, module_span


class MovedModule(Rule):
    """Imports of a module, and of names from it, become imports of the module that has them now.

    `moves` maps dotted names of modules. `without` are names that the new one lacks: imports of them are
    reported without a fix.
    """

    def __init__(
        self,
        code: str,
        moves: Mapping[str, str],
        *,
        without: Collection[str] = (),
        unsafe: str = "",
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.moves = dict(moves)
        self.names = tuple(moves)
        self.without = frozenset(without)
        self.unsafe = unsafe

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import statement; ``a.b.c`` in the code goes with its ``import a.b.c``."""
        old, node = reference.name, reference.node
        new = self.moves[old]
        message = f"The module {old} {self.since(ctx.target)}: import from {new}"
        title = f"Import from {new}"
        if isinstance(node, ast.ImportFrom):
            if not node.level:
                lacking = self.without.intersection(alias.name for alias in node.names)
                fix = None if lacking else ctx.fix(title, self._moved(node, new, ctx), unsafe=self.unsafe)
                yield self.finding(ctx, module_span(node, ctx), message, fix)
        elif isinstance(node, ast.alias):
            yield self.finding(ctx, node, message, self._fix(title, node, old, new, ctx))
        elif isinstance(node, ast.Attribute) and not imported_here(old, ctx) and dotted(node) == old:
            yield self.finding(ctx, node, message)

    def _moved(self, node: ast.ImportFrom, new: str, ctx: Context) -> Callable[[], Change]:
        """A plain import on one line goes where imports of the new module stand; any other keeps its place and form."""

        def build() -> Change:
            source = ctx.source(node)
            near = beside(node, new, ctx)
            if near is node or "(" in source or "\\" in source or node.names[0].name == "*":
                return Change((Edit(*module_span(node, ctx), new),))
            needs = tuple(Need(new, alias.name, alias.asname) for alias in node.names)
            return Change((), needs, drops=tuple(node.names))

        return build

    def _fix(self, title: str, alias: ast.alias, old: str, new: str, ctx: Context) -> Fix | None:
        statement = parent(alias)

        def build() -> Change | None:
            if isinstance(statement, ast.ImportFrom):
                package, _, name = new.rpartition(".")
                wanted = alias.asname or alias.name
                if not package:
                    near = beside(statement, new, ctx)
                    return Change((), (Need(new, None, wanted, near=near),), drops=(alias,))
                return Change(
                    (), (Need(package, name, wanted, near=beside(statement, package, ctx)),), drops=(alias,)
                )
            start = ctx.span(alias).start
            edits = [Edit(start, start + len(alias.name), new)]
            if alias.asname is None:
                edits += [
                    ctx.replace(node, new)
                    for node in ctx.tree.nodes(ast.Attribute)
                    if node.attr == last(old) and dotted(node) == old and ctx.names.resolve(node) == old
                ]
            return Change(tuple(edits))

        return ctx.fix(title, build, unsafe=self.unsafe)

"""A dotted path that settings name, or code imports, and that leads nowhere any more."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from django_uplift.api import Context, Edit, Fix, Found, Reference, canonical, parent
from django_uplift_rules.kinds.moved_name import MovedName
from django_uplift_rules.kinds.places import imported_here, last, name_span


class DottedPath(MovedName):
    """String literals that equal a path (MIDDLEWARE, PASSWORD_HASHERS, STORAGES, ...), and imports of it.

    `paths` maps paths to the ones that do the same, or to None where a person must choose; `advice` says
    what.
    """

    def __init__(
        self,
        code: str,
        paths: Mapping[str, str | None],
        *,
        advice: str = "",
        key: str = "",
        unsafe: str = "",
        **versions: Any,
    ) -> None:
        super().__init__(code, {old: new or "" for old, new in paths.items()}, unsafe=unsafe, **versions)
        self.strings = tuple(paths)
        self.paths = dict(paths)
        self.advice = advice
        self.key = key

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A literal that is nothing but the path; comparisons with it only ask."""
        if isinstance(parent(node), ast.Compare) or _in_compared_tuple(node):
            return
        if self.key and not _under(node, self.key):
            return
        path = str(node.value)
        yield self.finding(ctx, node, self._message(path, ctx), self._fix(node, path, ctx))

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """An import or an attribute access."""
        old, new = self.moves[reference.name]
        if new:
            yield from super().reference(reference, ctx)
            return
        node = reference.node
        if isinstance(node, ast.Attribute) and imported_here(old, ctx):
            return
        uses = [ctx.span(use) for use in ctx.uses(node)] if isinstance(node, ast.alias) else []
        yield self.finding(ctx, name_span(node, ctx), self._message(old, ctx), uses=uses)

    def _message(self, path: str, ctx: Context) -> str:
        new = self.moves[canonical(path)][1]
        return f"{path} {self.since(ctx.target)}: {self.advice or f'use {new}'}"

    def _fix(self, node: ast.Constant, path: str, ctx: Context) -> Fix | None:
        new = self.paths[path]
        span = ctx.span(node)
        source = ctx.source(node)
        if new is None or source.count(path) != 1 or source[0] not in "'\"":
            return None
        start = span.start + source.index(path)
        return ctx.fix(f"Replace with {last(new)}", Edit(start, start + len(path), new), unsafe=self.unsafe)


def _in_compared_tuple(node: ast.AST) -> bool:
    up = parent(node)
    return isinstance(up, (ast.Tuple, ast.List, ast.Set)) and isinstance(parent(up), ast.Compare)


def _under(node: ast.AST, key: str) -> bool:
    """Whether a value stands in a dictionary under `key`, or is given by that keyword."""
    up = parent(node)
    while isinstance(up, ast.Call):
        # ``os.environ.get("ENGINE", default)``
        node, up = up, parent(up)
    if isinstance(up, ast.keyword) and up.arg == "default":
        return _under(up, key)
    if isinstance(up, ast.keyword):
        return up.arg == key
    if isinstance(up, ast.Assign):
        return any(
            isinstance(target, ast.Subscript)
            and isinstance(target.slice, ast.Constant)
            and target.slice.value == key
            for target in up.targets
        )
    if not isinstance(up, ast.Dict):
        return False
    return any(
        value is node and isinstance(name, ast.Constant) and name.value == key
        for name, value in zip(up.keys, up.values, strict=True)
    )

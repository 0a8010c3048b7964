"""One module's names: where each is bound, and what a node's qualified name is.

Work is done per question: binding sites are found for the identifiers that somebody asks about, and no others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple, cast

from django_uplift.names.canonical import canonical
from django_uplift.syntax.tree import (
    COMPREHENSIONS,
    SCOPES,
    FunctionNode,
    NodesByType,
    ScopeNode,
    Tree,
    ancestors,
    parent,
    scope_of,
)

_MAX_ALIAS_DEPTH = 8


class Binding(NamedTuple):
    """One place that gives a name its value.

    `target` is the qualified name that an import binds. `value` is the expression of a plain assignment.
    """

    node: ast.AST
    scope: ScopeNode
    target: str | None = None
    value: ast.expr | None = None


class ModuleNames:
    """Scopes and bindings of one module.

    `name` is the module's dotted name, empty where it is unknown; `package` is what relative imports start from.
    `unsure` are identifiers that code which does not parse may bind: they resolve to nothing.
    """

    def __init__(
        self, tree: Tree, name: str = "", *, is_package: bool = False, unsure: frozenset[str] = frozenset()
    ) -> None:
        self.tree = tree
        self._unsure = unsure
        self.name = name
        self.package = name if is_package else name.rpartition(".")[0]
        self._bindings: dict[str, list[Binding]] = {}
        self._sites: dict[str, dict[ScopeNode | None, list[ast.AST]]] = {}
        self._seen: dict[tuple[str, ScopeNode], list[Binding]] = {}
        self._uses: dict[Binding, list[ast.Name]] = {}
        self._stars: list[str] | None = None

    # Bindings

    def bindings(self, identifier: str) -> list[Binding]:
        """Every place in the module that binds `identifier`, in any scope."""
        known = self._bindings.get(identifier)
        if known is None:
            sites = [
                (site, scope or self.tree.module)
                for scope, found in self._sites_of(identifier).items()
                for site in found
            ]
            sites.sort(key=lambda item: _place(item[0]))
            known = self._bindings[identifier] = [self._binding(*item) for item in sites]
        return known

    def lookup(self, identifier: str, at: ast.AST) -> list[Binding]:
        """The bindings that `identifier` may refer to when it is evaluated at `at`; empty for builtins and unknowns."""
        return self._seen_from(identifier, scope_of(at)) if self._sites_of(identifier) else []

    def _seen_from(self, identifier: str, at: ScopeNode) -> list[Binding]:
        """What `lookup` finds for all that is evaluated in one scope."""
        known = self._seen.get((identifier, at))
        if known is None:
            sites, scope = self._sites_of(identifier), at
            while True:
                if scope is at or not isinstance(scope, ast.ClassDef):
                    found = sites.get(None if isinstance(scope, ast.Module) else scope, [])
                    if found or isinstance(scope, ast.Module):
                        break
                scope = scope_of(scope)
            known = self._seen[identifier, at] = [self._binding(site, scope) for site in found]
        return known

    def _sites_of(self, identifier: str) -> dict[ScopeNode | None, list[ast.AST]]:
        """The nodes that bind `identifier`, by scope; None is the module."""
        known = self._sites.get(identifier)
        if known is None:
            known = self._sites[identifier] = {}
            declared = self.tree.grouped(_declarations, identifier)
            for site, scope in self.tree.grouped(_placed_sites, identifier):
                declaration = next((d for d in declared if _scope(d) is scope), None)
                if declaration is not None and not isinstance(site, ast.arg):
                    # It moves the binding outwards.
                    scope = None if isinstance(declaration, ast.Global) or scope is None else _scope(scope)
                known.setdefault(scope, []).append(site)
        return known

    def uses(self, binding: Binding) -> list[ast.Name]:
        """The names that read `binding`, and only it or its rivals in the same scope."""
        identifier = bound_identifier(binding.node)
        if identifier is None:
            return []
        known = self._uses.get(binding)
        if known is not None:
            return known
        found = [
            use
            for use, scope in self.tree.grouped(_reads, identifier)
            if binding in self._seen_from(identifier, scope or self.tree.module)
        ]
        found.sort(key=lambda use: (use.lineno, use.col_offset))
        self._uses[binding] = found
        return found

    @property
    def star_imports(self) -> list[str]:
        """The modules whose public names are imported with ``*`` at module level."""
        if self._stars is None:
            self._stars = [
                self.absolute(node)
                for node in self.tree.nodes(ast.ImportFrom)
                if any(alias.name == "*" for alias in node.names)
            ]
        return self._stars

    def absolute(self, node: ast.ImportFrom) -> str:
        """The module that an import statement names, relative ones resolved; a leading dot stays where it can't be."""
        return absolute_module(node, self.package)

    # Qualified names

    def resolve(self, node: ast.AST) -> str | None:
        """The one qualified name of an expression or an import alias; None where there is none, or several."""
        names = self.resolve_all(node)
        return names[0] if len(names) == 1 else None

    def resolve_all(self, node: ast.AST) -> tuple[str, ...]:
        """The qualified names that an expression may have (several after ``try``/``except ImportError``)."""
        return tuple(dict.fromkeys(canonical(name) for name in self._resolve(node, _MAX_ALIAS_DEPTH)))

    def _resolve(self, node: ast.AST, depth: int) -> list[str]:
        if isinstance(node, ast.Attribute):
            return [f"{base}.{node.attr}" for base in self._resolve(node.value, depth)]
        if isinstance(node, ast.Name):
            if node.id in self._unsure:
                return []
            bindings = self.lookup(node.id, node)
            if bindings:
                return self._targets(bindings, depth)
            return [f"{module}.{node.id}" for module in self.star_imports] if not _is_builtin(node.id) else []
        if isinstance(node, ast.alias):
            target = self._import_target(node)
            return [target] if target else []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return self._definition(node)
        return []

    def _targets(self, bindings: list[Binding], depth: int) -> list[str]:
        imported = [b.target for b in bindings if b.target is not None]
        others = [b for b in bindings if b.target is None]
        if imported:
            # `except ImportError: name = None` leaves the import's meaning as it is.
            return imported if all(_is_fallback(b) for b in others) else []
        if len(others) != 1 or depth == 0:
            return []
        (binding,) = others
        if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return self._definition(binding.node)
        if isinstance(binding.value, (ast.Name, ast.Attribute)):
            return self._resolve(binding.value, depth - 1)
        return []

    def _definition(self, node: FunctionNode | ast.ClassDef) -> list[str]:
        parts = [node.name]
        for up in ancestors(node):
            if isinstance(up, ast.ClassDef):
                parts.append(up.name)
            elif isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                return []
        return [".".join((self.name or "__main__", *reversed(parts)))]

    # Sites

    def _binding(self, node: ast.AST, scope: ScopeNode) -> Binding:
        if isinstance(node, ast.alias):
            return Binding(node, scope, target=self._import_target(node))
        return Binding(node, scope, value=_assigned_value(node))

    def _import_target(self, alias: ast.alias) -> str | None:
        statement = parent(alias)
        if isinstance(statement, ast.ImportFrom):
            module = self.absolute(statement)
            known = alias.name != "*" and not module.startswith(".")
            return f"{module}.{alias.name}" if known else None
        if alias.asname:
            return alias.name
        return alias.name.partition(".")[0]


def absolute_module(node: ast.ImportFrom, package: str) -> str:
    """The dotted name of the module that `node` imports from, in a module of `package`."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    keep = len(parts) - (node.level - 1)
    if keep < 1:
        return "." * node.level + (node.module or "")
    return ".".join([*parts[:keep], *([node.module] if node.module else [])])


def bound_identifier(node: ast.AST) -> str | None:
    """The identifier that a binding node gives a value to."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.alias):
        if node.asname:
            return node.asname
        if node.name == "*":
            return None
        return node.name.partition(".")[0]
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.MatchMapping):
        return node.rest
    if isinstance(
        node,
        (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
    ):
        return node.name
    return None


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _reads(nodes: NodesByType) -> dict[str, list[tuple[ast.Name, ScopeNode | None]]]:
    """The names that are read or deleted, by identifier, with their scopes; None is the module."""
    reads: dict[str, list[tuple[ast.Name, ScopeNode | None]]] = {}
    for name in cast("list[ast.Name]", nodes.get(ast.Name, ())):
        if not isinstance(name.ctx, ast.Store):
            scope = scope_of(name)
            reads.setdefault(name.id, []).append((name, None if isinstance(scope, ast.Module) else scope))
    return reads


def _placed_sites(nodes: NodesByType) -> dict[str, list[tuple[ast.AST, ScopeNode | None]]]:
    """The nodes that bind something, by identifier, in order of place, and the scope that each stands in."""
    sites: dict[str, list[ast.AST]] = {}
    for node in _binding_nodes(nodes):
        identifier = bound_identifier(node)
        if identifier is not None:
            sites.setdefault(identifier, []).append(node)
    for found in sites.values():
        found.sort(key=_place)
    return {name: [(node, _scope(node)) for node in found] for name, found in sites.items()}


def _scope(node: ast.AST) -> ScopeNode | None:
    """The scope whose name a node binds unless that is declared otherwise; None is the module.

    Not the module itself: it is another one after an edit, and what stands in its parts stays.
    """
    scope: ScopeNode = scope_of(node)
    if isinstance(node, ast.arg):
        owner = parent(parent(node) or node)
        if isinstance(owner, SCOPES):
            scope = owner
    elif isinstance(parent(node), ast.NamedExpr):
        # PEP 572: a walrus in a comprehension binds in the function around it.
        while isinstance(scope, COMPREHENSIONS):
            scope = scope_of(scope)
    return None if isinstance(scope, ast.Module) else scope


def _declarations(nodes: NodesByType) -> dict[str, list[ast.Global | ast.Nonlocal]]:
    """`global` and `nonlocal` statements, by the identifiers in them."""
    found: dict[str, list[ast.Global | ast.Nonlocal]] = {}
    for cls in (ast.Global, ast.Nonlocal):
        for node in cast("list[ast.Global | ast.Nonlocal]", nodes.get(cls, ())):
            for identifier in node.names:
                found.setdefault(identifier, []).append(node)
    return found


def _binding_nodes(nodes: NodesByType) -> Iterable[ast.AST]:
    for name in cast("list[ast.Name]", nodes.get(ast.Name, ())):
        if isinstance(name.ctx, ast.Store):
            yield name
    for cls in (
        ast.alias,
        ast.arg,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.ExceptHandler,
        ast.MatchAs,
        ast.MatchStar,
        ast.MatchMapping,
    ):
        yield from nodes.get(cls, ())


def _assigned_value(node: ast.AST) -> ast.expr | None:
    statement = parent(node)
    if isinstance(statement, ast.Assign) and node in statement.targets:
        return statement.value
    if isinstance(statement, (ast.AnnAssign, ast.NamedExpr)) and statement.target is node:
        return statement.value
    return None


def _is_fallback(binding: Binding) -> bool:
    """Whether the binding only stands in for an import that failed."""
    return any(
        isinstance(up, ast.ExceptHandler) and catches_import_error(up) for up in ancestors(binding.node)
    )


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Whether a handler runs when an import fails."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(t, ast.Name)
        and t.id in ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")
        for t in types
    )


def _is_builtin(identifier: str) -> bool:
    import builtins

    return hasattr(builtins, identifier)

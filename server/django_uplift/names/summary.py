"""What other files can see of one module: small, and kept when the tree is dropped."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from django_uplift.names.module import ModuleNames


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """A module's interface: what its top-level names stand for.

    `names` maps each name to the qualified name that it was imported or aliased from, or to None where the module
    defines it itself. `stars` are the modules that it imports with ``*``.
    """

    name: str
    names: dict[str, str | None] = field(default_factory=dict)
    stars: tuple[str, ...] = ()


def summarise(names: ModuleNames) -> ModuleSummary:
    """The summary of one module."""
    bound: dict[str, str | None] = {}
    stack: list[ast.stmt] = list(reversed(names.tree.module.body))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == "*":
                    continue
                identifier = alias.asname or alias.name.partition(".")[0]
                bound.setdefault(identifier, names.resolve(alias))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound[node.name] = None
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            alias_of = names.resolve(node.value) if isinstance(node.value, (ast.Name, ast.Attribute)) else None
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        bound.setdefault(name.id, alias_of)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            for part in ("finalbody", "orelse", "handlers", "body"):
                for child in reversed(getattr(node, part, [])):
                    stack += reversed(child.body) if isinstance(child, ast.ExceptHandler) else [child]
    return ModuleSummary(names.name, bound, tuple(names.star_imports))

"""What other files can see of one module: small, and kept when the tree is dropped."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from django_uplift.names.module import ModuleNames


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """A module's interface: what its top-level names stand for.

    `names` maps each name to the qualified name that it was imported or aliased from, or to None where the
    module defines it itself. `stars` are the modules that it imports with ``*``. `bases` are the qualified names of
    each class's bases, empty strings for those that have none.
    """

    name: str
    names: dict[str, str | None] = field(default_factory=dict)
    stars: tuple[str, ...] = ()
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def lacks(self, name: str) -> bool:
        """Whether nothing in the module can bind a name."""
        return name not in self.names and not self.stars


def summarise(names: ModuleNames) -> ModuleSummary:
    """The summary of one module."""
    bound: dict[str, str | None] = {}
    bases: dict[str, tuple[str, ...]] = {}
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
            if isinstance(node, ast.ClassDef):
                bases[node.name] = base_names(node, names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            alias_of = (
                names.resolve(node.value) if isinstance(node.value, (ast.Name, ast.Attribute)) else None
            )
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        bound.setdefault(name.id, alias_of)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            for part in ("finalbody", "orelse", "handlers", "body"):
                for child in reversed(getattr(node, part, [])):
                    stack += reversed(child.body) if isinstance(child, ast.ExceptHandler) else [child]
    return ModuleSummary(names.name, bound, tuple(names.star_imports), bases)


def base_names(node: ast.ClassDef, names: ModuleNames) -> tuple[str, ...]:
    """The qualified names of a class's bases; an empty string where a base has none (it is computed, or unknown)."""
    found: list[str] = []
    for base in node.bases:
        # A generic base: `ModelAdmin[Order]`.
        expression = base.value if isinstance(base, ast.Subscript) else base
        if not (isinstance(expression, ast.Name) and expression.id == "object"):
            found.append(names.resolve(expression) or "")
    return tuple(found)

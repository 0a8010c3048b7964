"""pytz: Django works with the standard library's zoneinfo."""

from __future__ import annotations

import ast

from django_uplift.api import Context, Release, Rule

UNSAFE = "the new zones have no localize() and normalize(), and arithmetic follows the wall clock"
_ONLY_PYTZ = frozenset({"localize", "normalize", "zone", "_utcoffset"})


class PytzRule(Rule):
    """Mixin: Django 4.0 deprecates pytz's zones, and 5.0 no longer supports them, though pytz itself still works."""

    def since(self, target: Release) -> str:
        """What Django thinks of pytz at the target."""
        if target >= Release(5, 0):
            return "belongs to pytz, whose time zones Django no longer supports since 5.0"
        return "belongs to pytz, whose time zones Django deprecates since 4.0 and drops in 5.0"


def needs_pytz(ctx: Context) -> bool:
    """Whether the file asks for what only pytz's zones have: then a person must rewrite it."""
    return any(node.attr in _ONLY_PYTZ for node in ctx.tree.nodes(ast.Attribute)) or any(
        keyword.arg == "is_dst" for keyword in ctx.tree.nodes(ast.keyword)
    )

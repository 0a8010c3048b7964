"""A rule with a mistake."""

import ast
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Rule


class Raises(Rule):
    """Raises at the name `probe_raise`."""

    nodes = (ast.Name,)
    any_words = ("probe_raise",)

    def node(self, node: ast.AST, ctx: Context) -> Iterator[Finding]:
        """Never ends well."""
        if isinstance(node, ast.Name) and node.id == "probe_raise":
            raise LookupError("a mistake in a rule")
        return iter(())


rule = Raises("PRB003")

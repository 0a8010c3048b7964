"""A rule with alternative fixes, of which the first is not safe."""

import ast
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Rule


class ManyWays(Rule):
    """Reports the name `probe_ways`."""

    nodes = (ast.Name,)
    any_words = ("probe_ways",)

    def node(self, node: ast.AST, ctx: Context) -> Iterator[Finding]:
        """One finding a name."""
        if isinstance(node, ast.Name) and node.id == "probe_ways":
            yield self.finding(
                ctx,
                node,
                "probe_ways has several ways out",
                ctx.fix("Use risky", ctx.replace(node, "risky"), unsafe="it may be slower"),
                ctx.fix("Use first", ctx.replace(node, "first")),
                ctx.fix("Use second", ctx.replace(node, "second")),
                ctx.fix("Think", ctx.replace(node, "think"), display=True),
                ctx.fix("Impossible", lambda: None),
            )


rule = ManyWays("PRB001")

"""A rule whose findings have a trace through two files."""

import ast
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Hop, Rule


class WithTrace(Rule):
    """Reports the name `probe_trace`."""

    nodes = (ast.Name,)
    any_words = ("probe_trace",)

    def node(self, node: ast.AST, ctx: Context) -> Iterator[Finding]:
        """One finding a name; its trace starts on the first line here and ends in ``far.py``."""
        if isinstance(node, ast.Name) and node.id == "probe_trace":
            trace = [
                Hop(ctx.path, 0, 5, "it starts here"),
                Hop(ctx.path.parent / "far.py", 1, 5, "and ends here"),
            ]
            yield self.finding(ctx, node, "probe_trace goes far", trace=trace)


rule = WithTrace("PRB002")

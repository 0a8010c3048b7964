import ast

from django_uplift.api import Change, Context, Found, Rule, Severity
from django_uplift_rules.kinds.removal import remove_all

_ALWAYS = frozenset(
    {
        "absolute_import", "division", "generators", "nested_scopes", "print_function", "unicode_literals",
        "with_statement",
    }
)  # fmt: skip


class FutureImport(Rule):
    """What Python 2 had to be asked for, Python 3 does anyway."""

    nodes = (ast.ImportFrom,)
    words = ("__future__",)
    default = False
    default_severity = Severity.INFORMATION

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """One finding for each statement."""
        assert isinstance(node, ast.ImportFrom)
        if node.module != "__future__" or ctx.oldest < (2, 0):
            return
        # Pythons before 3.7 have to be asked for this one; Django 4.0 needs 3.8.
        known = _ALWAYS | {"generator_stop"} if ctx.oldest >= (4, 0) else _ALWAYS
        gone = tuple(alias for alias in node.names if alias.name in known and alias.asname is None)
        if gone:
            message = f"{', '.join(alias.name for alias in gone)}: Python 3 does so without being asked"
            fix = ctx.fix("Remove the import", lambda: _without(node, gone, ctx))
            yield self.finding(ctx, gone[0], message, fix, uses=[ctx.span(alias) for alias in gone[1:]])


def _without(node: ast.ImportFrom, gone: tuple[ast.alias, ...], ctx: Context) -> Change:
    if len(gone) == len(node.names) and "#" not in ctx.source(node):
        return Change(tuple(remove_all([node], ctx)[node]))
    return Change((), drops=gone)


rule = FutureImport(
    "DUC005", introduced_in="2.0", link="https://docs.python.org/3/library/__future__.html#module-contents"
)

import ast

from django_uplift.api import Change, Context, Edit, Found, Rule, Severity
from django_uplift_rules.kinds.blocks import removed, stands_alone

# What a decorator skips on: the outcome of its test that leaves the test out.
_SKIPS = {"unittest.skipIf": True, "unittest.skipUnless": False, "pytest.mark.skipif": True}


class VersionSkip(Rule):
    """A test that is skipped on some Djangos, of which the project meets all or none."""

    nodes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    words = ("django", "VERSION")
    any_words = ("skipIf", "skipUnless", "skipif")
    default = False
    default_severity = Severity.INFORMATION

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A decorated function or class."""
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for decorator in node.decorator_list:
            if not isinstance(decorator, ast.Call):
                continue
            skips = _SKIPS.get(ctx.resolve(decorator.func) or "")
            test = ctx.call_of(decorator).argument("condition", 0)
            if skips is None or test is None or _has_effects(test):
                continue
            outcome = ctx.settled(test)
            if outcome is None:
                continue
            if outcome is skips:
                message = f"{node.name} is skipped on every Django from {ctx.oldest} on"
                fix = ctx.fix(f"Remove {node.name}", lambda: _without_test(node, ctx))
            else:
                message = f"{node.name} is skipped on no Django from {ctx.oldest} on"
                fix = ctx.fix("Remove the decorator", _without_decorator(decorator, ctx))
            yield self.finding(ctx, test, message, fix)


def _has_effects(test: ast.expr) -> bool:
    return any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr)) for node in ast.walk(test))


def _without_test(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ctx: Context) -> Change | None:
    identifiers = ctx.names.lookup(node.name, node)
    if any(ctx.names.uses(binding) for binding in identifiers if binding.node is node):
        # Something else is made of it.
        return None
    return Change(tuple(removed(node, ctx))) if stands_alone(node, ctx) else None


def _without_decorator(decorator: ast.Call, ctx: Context) -> list[Edit]:
    """Remove the decorator's lines; a comment behind it stays on a line of its own."""
    start, end = ctx.outer_span(decorator)
    start = ctx.text.rindex("@", 0, start)
    lines = ctx.tree.lines
    line = lines.line_of(end)
    rest = ctx.text[end : lines.line_span(line).end]
    if rest.strip():
        return [Edit(start, end + len(rest) - len(rest.lstrip()), "")]
    return [Edit(lines.starts[lines.line_of(start)], lines.starts[line + 1], "")]


rule = VersionSkip("DUC002", link="https://docs.python.org/3/library/unittest.html#unittest.skipIf")

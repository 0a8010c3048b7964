import ast
from collections.abc import Sequence

from django_uplift.api import Context, Edit, Found, Rule, Severity, parent
from django_uplift_rules.kinds.blocks import keep_branch

_EFFECTS = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)


class VersionBranch(Rule):
    """A test of `django.VERSION` that comes out the same on every Django which the project still meets."""

    nodes = (ast.If, ast.IfExp, ast.BoolOp)
    words = ("django", "VERSION")
    default = False
    default_severity = Severity.INFORMATION

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A test, or a part of one."""
        if isinstance(node, ast.BoolOp):
            yield from self._part(node, ctx)
            return
        assert isinstance(node, (ast.If, ast.IfExp))
        outcome = ctx.settled(node.test)
        if outcome is None or any(isinstance(inner, _EFFECTS) for inner in ast.walk(node.test)):
            return
        if isinstance(node, ast.If):
            edits = keep_branch(node, outcome, ctx)
        else:
            edits = _expression(node, node.body if outcome else node.orelse, ctx)
        fix = ctx.fix("Keep the live branch", edits) if edits else None
        yield self.finding(ctx, node.test, f"{_always(outcome, ctx)}: one branch is dead", fix)

    def _part(self, node: ast.BoolOp, ctx: Context) -> Found:
        """``VERSION >= (4, 2) and more``: the part that is decided goes, if it does not decide the whole."""
        neutral = isinstance(node.op, ast.And)
        up = parent(node)
        if ctx.settled(node) is not None or not isinstance(up, (ast.If, ast.IfExp, ast.While, ast.BoolOp)):
            return
        outcomes = [ctx.settled(value) for value in node.values]
        for number, (value, outcome) in enumerate(zip(node.values, outcomes, strict=True)):
            if outcome is neutral and not any(isinstance(inner, _EFFECTS) for inner in ast.walk(value)):
                edit = _without(node.values, number, outcomes, neutral, ctx)
                fix = ctx.fix("Remove the test", edit) if edit else None
                yield self.finding(ctx, value, _always(neutral, ctx), fix)


def _always(outcome: bool, ctx: Context) -> str:
    return f"this is always {outcome} from Django {ctx.oldest} on"


def _without(
    values: Sequence[ast.expr], number: int, outcomes: Sequence[bool | None], neutral: bool, ctx: Context
) -> Edit | None:
    """The edit that takes one part out of ``a and b``; the last part that stays is found by the next ones."""
    spans = [ctx.outer_span(value) for value in values]
    kept_before = any(outcome is not neutral for outcome in outcomes[:number])
    if kept_before:
        edit = Edit(spans[number - 1].end, spans[number].end, "")
    else:
        edit = Edit(spans[number].start, spans[number + 1].start, "")
    return None if "#" in ctx.text[edit.start : edit.end] else edit


def _expression(node: ast.IfExp, live: ast.expr, ctx: Context) -> list[Edit] | None:
    if "#" in ctx.text[slice(*ctx.outer_span(node))]:
        return None
    atom = isinstance(live, (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript))
    span = ctx.outer_span(node) if atom else ctx.span(node)
    return [Edit(*span, ctx.text[slice(*ctx.outer_span(live))])]


rule = VersionBranch("DUC001", link="https://docs.djangoproject.com/en/stable/releases/")

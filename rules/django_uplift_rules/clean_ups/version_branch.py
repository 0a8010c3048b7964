import ast
from collections.abc import Sequence

from django_uplift.api import Context, Edit, Found, Rule, Severity, Span, parent
from django_uplift_rules.kinds.blocks import (
    else_of,
    has_siblings,
    is_elif,
    is_pass,
    lifted,
    lines_end,
    removed,
    replaced,
    stands_alone,
)

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
            edits = _branch(node, outcome, ctx)
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
                yield self.finding(ctx, value, _always(outcome, ctx), fix)


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
    source = ctx.source(node)
    if "\n" in source and "#" in source:
        return None
    return [ctx.replace(node, ctx.text[slice(*ctx.outer_span(live))])]


def _branch(node: ast.If, outcome: bool, ctx: Context) -> list[Edit] | None:
    test = ctx.outer_span(node.test)
    if is_elif(node, ctx):
        return _elif(node, outcome, test, ctx)
    if not stands_alone(node, ctx):
        return None
    if outcome:
        return _instead(node, node.body, test.end, ctx)
    if not node.orelse:
        return removed(node, ctx)
    word = else_of(node, ctx)
    if word is not None:
        return _instead(node, node.orelse, word.end, ctx)
    start = ctx.span(node).start
    return [Edit(start, ctx.span(node.orelse[0]).start + len("el"), "")] if _has_elif(node, ctx) else None


def _instead(node: ast.If, body: list[ast.stmt], header: int, ctx: Context) -> list[Edit] | None:
    if is_pass(body) and has_siblings(node):
        return removed(node, ctx)
    text = lifted(header, body, node, ctx)
    return None if text is None else [replaced(node, text, ctx)]


def _elif(node: ast.If, outcome: bool, test: Span, ctx: Context) -> list[Edit] | None:
    start, end = ctx.span(node)
    if outcome:
        edits = [Edit(start, test.end, "else")]
        if node.orelse:
            edits.append(Edit(lines_end(ctx.span(node.body[-1]).end, ctx), lines_end(end, ctx), ""))
        return edits
    if _has_elif(node, ctx):
        return [Edit(start, ctx.span(node.orelse[0]).start, "")]
    word = else_of(node, ctx)
    if word is not None:
        return [Edit(start, word.start, "")]
    if node.orelse:
        return None
    lines = ctx.tree.lines
    return [Edit(lines_end(lines.starts[lines.line_of(start)] - 1, ctx), lines_end(end, ctx), "")]


def _has_elif(node: ast.If, ctx: Context) -> bool:
    first = node.orelse[0] if len(node.orelse) == 1 else None
    return isinstance(first, ast.If) and is_elif(first, ctx)


rule = VersionBranch("DUC001", link="https://docs.djangoproject.com/en/stable/releases/")

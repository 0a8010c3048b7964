import ast
import re

from django_uplift.api import Change, Context, Edit, Fix, Found, Reference, Rule, parent
from django_uplift_rules.kinds import name_span

# The argument is a call of one name: it holds no strings.
_COMMENT = re.compile(r"#[^\r\n]*")


class AvailableAttrs(Rule):
    """``wraps(f, assigned=available_attrs(f))`` is ``wraps(f)`` on Python 3."""

    names = ("django.utils.decorators.available_attrs",)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node = reference.node
        message = (
            f"django.utils.decorators.available_attrs {self.since(ctx.target)}: leave wraps()'s assigned out"
        )
        uses: list[ast.AST] = list(ctx.uses(node)) if isinstance(node, ast.alias) else [node]
        marked = [ctx.span(use) for use in uses] if isinstance(node, ast.alias) else []
        yield self.finding(ctx, name_span(node, ctx), message, self._fix(node, uses, ctx), uses=marked)

    def _fix(self, node: ast.AST, uses: list[ast.AST], ctx: Context) -> Fix | None:
        found = [_argument_of(use, ctx) for use in uses]
        arguments = [item for item in found if item is not None]
        if len(arguments) != len(uses) or (isinstance(node, ast.alias) and ctx.exported(node)):
            return None

        def build() -> Change | None:
            edits = [
                _keep_comments(edit, argument, ctx)
                for call, argument in arguments
                for edit in ctx.call_of(call).remove(argument)
            ]
            return Change(tuple(edits), drops=(node,) if isinstance(node, ast.alias) else ())

        return ctx.fix("Remove the argument", build)


def _keep_comments(edit: Edit, argument: ast.expr | ast.keyword, ctx: Context) -> Edit:
    """The removal of an argument, with the comments that stand inside of it left where it was."""
    span = ctx.span(argument)
    comments = _COMMENT.findall(ctx.source(argument))
    if not comments or edit.text or not edit.start <= span.start < edit.end:
        return edit
    lines = "".join(comment + ctx.newline for comment in comments)
    own_line = edit.start in ctx.tree.lines.starts
    return edit._replace(text=lines if own_line else ctx.newline + lines)


def _argument_of(use: ast.AST, ctx: Context) -> tuple[ast.Call, ast.expr | ast.keyword] | None:
    """The call of `wraps` and its argument that the use is."""
    inner = parent(use)
    if not isinstance(inner, ast.Call) or inner.func is not use:
        return None
    up = parent(inner)
    call = parent(up) if isinstance(up, ast.keyword) else up
    if not isinstance(call, ast.Call) or ctx.resolve(call.func) != "functools.wraps":
        return None
    if isinstance(up, ast.keyword):
        return (call, up) if up.arg == "assigned" else None
    return (call, inner) if call.args[-1] is inner and len(call.args) == 2 else None


rule = AvailableAttrs(
    "DUR3006",
    removed_in="3.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#removed-private-python-2-compatibility-apis",
)

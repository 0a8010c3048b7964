import ast

from django_uplift.api import Call, Context, Edit, Fix, Found, Rule, parent
from django_uplift_rules.kinds import name_span, receiver

_CONTEXTS = frozenset(
    f"django.template.{module}{name}"
    for module in ("", "context.")
    for name in ("Context", "RequestContext", "BaseContext", "RenderContext")
)


class ContextHasKey(Rule):
    """Dictionaries have no such method on Python 3: what is called ``context`` is a template's."""

    methods = ("has_key",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call with a key."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        key = call.positional(0)
        if key is None or len(call.node.args) != 1 or call.node.keywords:
            return
        sure = receiver(function.value, "has_key", ctx, on=_CONTEXTS, called=("context",))
        if sure is not None:
            message = f"has_key() of a template's context {self.since(ctx.target)}: use the operator in"
            yield self.finding(
                ctx,
                name_span(function, ctx),
                message,
                self._fix(call.node, function, key, ctx),
                confidence=sure,
            )

    def _fix(self, call: ast.Call, function: ast.Attribute, key: ast.expr, ctx: Context) -> Fix | None:
        owner = ctx.source(function.value)
        if not isinstance(key, (ast.Constant, ast.Name, ast.Attribute)) or "#" in owner:
            return None
        if "\n" not in ctx.source(call) and isinstance(
            parent(call), (ast.If, ast.While, ast.Assign, ast.Return)
        ):
            return ctx.fix("Use the operator in", ctx.replace(call, f"{ctx.source(key)} in {owner}"))
        start, end = ctx.span(call)
        opening = ctx.text.index("(", ctx.span(function).end)
        inside = ctx.outer_span(key)
        comma = ctx.text[inside.end : end].lstrip()[:1] == ","
        edits = [Edit(start, opening, ""), Edit(inside.end, inside.end, f" in {owner}")]
        if comma:
            at = ctx.text.index(",", inside.end)
            edits[1] = Edit(inside.end, at + 1, f" in {owner}")
        return ctx.fix("Use the operator in", edits)


rule = ContextHasKey(
    "DUR2016",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

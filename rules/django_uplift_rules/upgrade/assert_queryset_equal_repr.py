import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import TEST_CASES, receiver


class AssertQuerysetEqualRepr(Rule):
    """Objects were compared by their ``repr()`` where the other side was text."""

    methods = ("assertQuerysetEqual",)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call without `transform`, with texts that are no values of a field."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        values = call.argument("values", 1)
        if (
            values is None
            or call.unpacks
            or call.argument("transform", 2) is not None
            or not _are_reprs(values)
        ):
            return
        sure = receiver(function.value, function.attr, ctx, on=TEST_CASES, distinctive=True)
        if sure is not None:
            message = (
                f"Comparing a queryset with texts {self.since(ctx.target)}: assertQuerysetEqual() no longer calls "
                "repr(); compare with objects, or pass transform=repr"
            )
            fix = ctx.fix("Add transform=repr", call.add_keyword("transform", "repr"))
            yield self.finding(ctx, values, message, fix, confidence=min(sure, Confidence.LIKELY))


def _are_reprs(node: ast.expr) -> bool:
    if isinstance(node, (ast.List, ast.Tuple)) and node.elts:
        first = node.elts[0]
        if isinstance(first, ast.Call):
            return _is_repr(first.func)
        return (
            isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith("<")
        )
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return isinstance(node.elt, ast.Call) and _is_repr(node.elt.func)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("map", "list"):
        return bool(node.args) and (_is_repr(node.args[0]) or _are_reprs(node.args[0]))
    return False


def _is_repr(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "repr"


rule = AssertQuerysetEqualRepr(
    "DUR4107",
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="1.6",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)

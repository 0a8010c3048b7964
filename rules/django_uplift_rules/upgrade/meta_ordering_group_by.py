import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule, parent
from django_uplift_rules.kinds import members_of, name_span, queried

_AGGREGATES = frozenset(
    f"django.db.models.{name}" for name in ("Avg", "Count", "Max", "Min", "StdDev", "Sum", "Variance")
)


class MetaOrderingGroupBy(Rule):
    """``values()`` and then an aggregate: the model's ordering went into the groups."""

    methods = ("annotate",)

    def prefilter(self, data: bytes) -> bool:
        """Groups are made by values."""
        return b".values" in data and b"objects" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """An aggregate for each group, in a chain that no `order_by` is part of."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if not any(_is_aggregate(value, ctx) for value in _values(call.node)):
            return
        grouped, ordered, start = False, _is_ordered_later(call.node), function.value
        while isinstance(start, ast.Call) and isinstance(start.func, ast.Attribute):
            grouped = grouped or start.func.attr in ("values", "values_list")
            ordered = ordered or start.func.attr == "order_by"
            start = start.func.value
        model = queried(start, ctx)
        if not grouped or ordered or model is None or not _has_ordering(model, ctx):
            return
        message = (
            "The ordering of the model's Meta is part of these groups before Django 3.1 (deprecated since 2.2), and "
            "ignored from then on: say order_by() of what you mean"
        )
        yield self.finding(ctx, name_span(function, ctx), message, confidence=Confidence.PROVEN)


def _values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_aggregate(node: ast.expr, ctx: Context) -> bool:
    return isinstance(node, ast.Call) and ctx.resolve(node.func) in _AGGREGATES


def _is_ordered_later(node: ast.Call) -> bool:
    """Whether the chain goes on to an ordering, or ends in a name that something else may order."""
    while True:
        attribute = parent(node)
        if not isinstance(attribute, ast.Attribute):
            return isinstance(attribute, (ast.Assign, ast.AnnAssign, ast.NamedExpr))
        call = parent(attribute)
        if not isinstance(call, ast.Call):
            return False
        if attribute.attr in ("order_by", "aggregate", "count", "exists"):
            return True
        node = call


def _has_ordering(model: str, ctx: Context) -> bool:
    cls = ctx.class_named(model)
    if cls is None or ctx.fields_of(model) is None:
        return False
    metas = [
        statement
        for statement in cls.body
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta"
    ]
    return any(member.name == "ordering" for meta in metas for member in members_of(meta))


rule = MetaOrderingGroupBy(
    "DUR3108",
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="1.4",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

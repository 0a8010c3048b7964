import ast

from django_uplift.api import Call, Context, Found, glimpse
from django_uplift_rules.kinds import MODELS, KeywordOnly, descends, instance_of, is_super, members_of
from django_uplift_rules.kinds.instances import inherits

_NAMES = ("force_insert", "force_update", "using", "update_fields")


class ModelSavePositional(KeywordOnly):
    """``save()`` of what is known to be a model's: forms and serializers have one with other arguments."""

    methods = ("save", "asave")

    def prefilter(self, data: bytes) -> bool:
        """A call names nothing of what it passes on."""
        return any(
            method in data
            and any(
                call is None or (call.args and not isinstance(call.args[0], ast.Starred))
                for call in glimpse.calls(method, data)
            )
            for method in (b"save", b"asave")
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A call on ``super()``, or on an instance."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if not call.node.args:
            return
        if is_super(function.value):
            cls = ctx.class_of(call.node)
            known = cls is not None and descends(cls, ctx, MODELS) is not None
        else:
            known = _is_instance(function.value, ctx) and all(
                isinstance(each, ast.Constant) for each in call.node.args
            )
        if known:
            yield from self.positional(call, f"Model.{function.attr}()", 0, _NAMES, ctx)


def _is_instance(node: ast.expr, ctx: Context) -> bool:
    """Whether an expression is an instance of a model whose own `save()` takes Django's arguments, or is Django's."""
    model = instance_of(node, ctx)
    if model is None or not inherits(model, ctx, MODELS):
        return False
    cls = ctx.class_named(model)
    own = (
        [] if cls is None else [member.node for member in members_of(cls) if member.name in ("save", "asave")]
    )
    return all(
        isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
        and [arg.arg for arg in each.args.args[1:2]] == ["force_insert"]
        for each in own
    )


rule = ModelSavePositional(
    "DUR6007",
    {},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

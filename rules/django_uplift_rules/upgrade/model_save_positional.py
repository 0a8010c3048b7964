import ast

from django_uplift.api import Call, Context, Found, glimpse
from django_uplift_rules.kinds import MODELS, KeywordOnly, descends, is_super

_NAMES = ("force_insert", "force_update", "using", "update_fields")


class ModelSavePositional(KeywordOnly):
    """``super().save()`` in a model: other receivers may be forms or serializers, whose arguments differ."""

    methods = ("save", "asave")

    def prefilter(self, data: bytes) -> bool:
        """Overrides alone are looked at, and most of them name what they pass on."""
        return any(
            b"def %s" % method in data
            and b"super" in data
            and any(
                call is None or (call.args and not isinstance(call.args[0], ast.Starred))
                for call in glimpse.calls(method, data)
            )
            for method in (b"save", b"asave")
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A call on ``super()``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if not is_super(function.value):
            return
        cls = ctx.class_of(call.node)
        if cls is not None and descends(cls, ctx, MODELS) is not None:
            yield from self.positional(call, f"Model.{function.attr}()", 0, _NAMES, ctx)


rule = ModelSavePositional(
    "DUR6007",
    {},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

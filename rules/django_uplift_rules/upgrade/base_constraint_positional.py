import ast

from django_uplift.api import Call, Context, Found
from django_uplift_rules.kinds import KeywordOnly, is_super

_NAMES = ("name", "violation_error_message")


class BaseConstraintPositional(KeywordOnly):
    """The base's own arguments: other constraints of Django's took theirs by name before."""

    methods = ("__init__",)

    def prefilter(self, data: bytes) -> bool:
        """The class is one that the file names."""
        return b"BaseConstraint" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """``super().__init__(name)`` in a class whose base it is."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if not is_super(function.value):
            return
        cls = ctx.class_of(call.node)
        if cls is not None and _is_base(cls, ctx):
            yield from self.positional(call, "BaseConstraint", 0, _NAMES, ctx)


def _is_base(cls: ast.ClassDef, ctx: Context) -> bool:
    return len(cls.bases) == 1 and ctx.resolve(cls.bases[0]) in (
        "django.db.models.BaseConstraint",
        "django.db.models.constraints.BaseConstraint",
    )


rule = BaseConstraintPositional(
    "DUR6023",
    {"django.db.models.BaseConstraint": (0, _NAMES)},
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

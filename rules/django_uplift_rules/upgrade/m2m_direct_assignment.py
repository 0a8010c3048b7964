import ast
import re

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import instance_of

_MANY = frozenset({"m2m", "reverse-fk", "reverse-m2m", "generic"})
# Other packages' fields may take an assignment: modelcluster's do, which Wagtail's models are made of.
_DJANGOS = frozenset({"ManyToManyField", "ForeignKey", "GenericRelation"})
# An attribute is given something that can be many; cheap to ask of a file's bytes.
_LOOKS_SO = re.compile(rb"\.\w+\s*=[\s\\]*(?:\[|\(|set\(|list\(|\w[\w.]*\.(?:all|filter|exclude)\()")


class M2mDirectAssignment(Rule):
    """A manager of related objects can't be replaced: ``set()`` says that it saves."""

    nodes = (ast.Assign,)
    any_words = ("ManyToManyField", "objects", "_default_manager")

    def prefilter(self, data: bytes) -> bool:
        """Whether an attribute is assigned what can be many."""
        return _LOOKS_SO.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An assignment to a relation of an instance whose model is known."""
        assert isinstance(node, ast.Assign)
        (target, *others) = node.targets
        if others or not isinstance(target, ast.Attribute):
            return
        model = instance_of(target.value, ctx)
        fields = ctx.fields_of(model) if model else None
        field = fields.get(target.attr) if fields else None
        if field is None or field.kind not in _MANY:
            return
        declared = field
        if field.kind.startswith("reverse-"):
            others_fields = ctx.fields_of(field.target) if field.target else None
            declared = others_fields.get(field.back, field) if others_fields else field
        if declared.type not in _DJANGOS:
            return
        message = f"Assigning to the relation {target.attr} {self.since(ctx.target)}: call its set()"
        start, (value, end) = ctx.span(target).end, ctx.outer_span(node.value)
        fix = None
        if not isinstance(node.value, (ast.Tuple, ast.Yield, ast.YieldFrom)) or ctx.text[value] == "(":
            gap = ctx.text[start:value]
            if not gap.strip("=\\ \t\r\n"):
                fix = ctx.fix("Call set()", [Edit(start, value, ".set("), Edit(end, end, ")")])
        yield self.finding(ctx, target, message, fix, confidence=Confidence.PROVEN)


rule = M2mDirectAssignment(
    "DUR2015",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

import ast
import re

from django_uplift.api import Confidence, Context, Edit, Found, Rule, parent
from django_uplift_rules.kinds import name_span
from django_uplift_rules.kinds.receivers import word_for

_FIELD = re.compile(r"django\.(?:contrib\.gis\.)?db\.models\.(?:fields\.)?(?:\w+\.)?(?:\w*Field|ForeignKey)$")
_LISTS = frozenset({"fields", "local_fields", "many_to_many", "local_many_to_many", "concrete_fields"})


# What a relation has, and nothing else that is called so.
_OF_RELATIONS = frozenset(
    {"to", "through", "limit_choices_to", "get_related_field", "parent_link", "multiple"}
)
_FIELD_NAMES = frozenset({"field", "db_field", "dbfield", "model_field", "f", "rel_field", "fk"})
_READ = re.compile(
    rb"\.\s*rel\s*\.\s*(?:to|through|limit_choices_to|get_related_field|parent_link|multiple)\b"
)
_READ_OF_OPTIONS = re.compile(rb"\.\s*rel\b")


class FieldRel(Rule):
    """A field's relation, on what is known to be a field: many things have a ``rel``."""

    nodes = (ast.Attribute,)
    words = ("rel",)

    def prefilter(self, data: bytes) -> bool:
        """Whether something has an attribute of that name."""
        if b"django" in data and _READ.search(data) is not None:
            return True
        return b"_meta" in data and _READ_OF_OPTIONS.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access to the attribute."""
        assert isinstance(node, ast.Attribute)
        if node.attr != "rel" or ctx.guarded(node, "rel"):
            return
        if not _is_field(node.value, ctx) and not _is_called_field(node, ctx):
            return
        message = f"Field.rel {self.since(ctx.target)}: it is called remote_field"
        place = name_span(node, ctx)
        edits = [Edit(*place, "remote_field")]
        up = parent(node)
        if isinstance(up, ast.Attribute) and up.attr == "to":
            message += ", and its to is called model"
            edits.append(Edit(*name_span(up, ctx), "model"))
        fix = ctx.fix("Rename to remote_field", edits)
        yield self.finding(ctx, place, message, fix, confidence=Confidence.LIKELY)


def _is_called_field(node: ast.Attribute, ctx: Context) -> bool:
    """Whether something that is called a field has a ``rel`` with what relations have."""
    up = parent(node)
    if not isinstance(up, ast.Attribute) or up.attr not in _OF_RELATIONS:
        return False
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        # Widgets of the admin have a `rel` of their own, which is the relation.
        cls = ctx.class_of(node)
        return cls is not None and any(_FIELD.search(name) for name in ctx.ancestry(cls).names)
    return word_for(node.value) in _FIELD_NAMES


def _is_field(node: ast.expr, ctx: Context) -> bool:
    """Whether an expression comes out of a model's options: ``get_field()``, or a loop over their fields."""
    if isinstance(node, ast.Call):
        return _of_options(node.func, {"get_field"})
    if not isinstance(node, ast.Name):
        return False
    bindings = ctx.names.lookup(node.id, node)
    if len(bindings) != 1:
        return False
    (binding,) = bindings
    if isinstance(binding.value, ast.Call) and isinstance(
        parent(binding.node), (ast.Assign, ast.AnnAssign, ast.NamedExpr)
    ):
        return _is_field(binding.value, ctx)
    loop = parent(binding.node)
    if not isinstance(loop, (ast.For, ast.comprehension)):
        return False
    source = loop.iter
    return _of_options(source, _LISTS) or (
        isinstance(source, ast.Call) and _of_options(source.func, {"get_fields"})
    )


def _of_options(node: ast.expr, members: set[str] | frozenset[str]) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in members:
        return False
    return isinstance(node.value, ast.Attribute) and node.value.attr == "_meta"


rule = FieldRel(
    "DUR2014",
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

import ast
import re
from functools import lru_cache

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import instance_of, last, members_of
from django_uplift_rules.kinds.instances import inherits
from django_uplift_rules.kinds.places import dotted

# Fields that derive from these, such as those of modelcluster, may take an assignment.
_TO_MANY = frozenset({"ManyToManyField", "GenericRelation"})
# What other things are often given a list, so that files are not parsed for it.
_GIVEN = re.compile(
    rb"\.(?!(?:queryset|choices|return_value|side_effect|GET|POST|object_list|fields|errors|args|widgets)\b)\w+"
    rb"\s*=[\s\\]*(?:\[|set\(|list\(|\w[\w.]*\.(?:all|filter|exclude)\()"
)
_OF_DJANGO = {
    "django.contrib.auth.models.User": ("groups", "user_permissions"),
    "django.contrib.auth.models.AbstractUser": ("groups", "user_permissions"),
    "django.contrib.auth.models.PermissionsMixin": ("groups", "user_permissions"),
    "django.contrib.auth.models.Group": ("permissions",),
}
_LOCAL_NAME = re.compile(rb"(?:^|[^\w.\])])([a-z_]\w*)[\s\\]*$")


class M2mDirectAssignment(Rule):
    """A manager of related objects can't be replaced: ``set()`` says that it saves."""

    nodes = (ast.Assign,)
    any_words = ("ManyToManyField", "objects", "_default_manager")

    def prefilter(self, data: bytes) -> bool:
        """Whether an attribute of a local name is assigned what can be many."""
        for match in _GIVEN.finditer(data):
            owner = _LOCAL_NAME.search(data[max(match.start() - 80, 0) : match.start()])
            if owner and (owner[1] not in (b"self", b"cls") or b"ManyToManyField" in data):
                return True
        return False

    def glance(self, node: ast.AST) -> bool:
        """An assignment to one attribute."""
        assert isinstance(node, ast.Assign)
        return (
            len(node.targets) == 1
            and isinstance(node.targets[0], ast.Attribute)
            and not isinstance(node.value, ast.Constant)
        )

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An assignment to a relation of an instance whose model is known."""
        assert isinstance(node, ast.Assign)
        (target,) = node.targets
        assert isinstance(target, ast.Attribute)
        if _is_own_of_no_model(target.value, ctx) or not ctx.may_be_relation(target.attr):
            return
        model = instance_of(target.value, ctx)
        if model is None or not _leads_to_many(model, target.attr, ctx):
            return
        message = f"Assigning to the relation {target.attr} {self.since(ctx.target)}: call its set()"
        start, (value, end) = ctx.span(target).end, ctx.outer_span(node.value)
        fix = None
        if not isinstance(node.value, (ast.Tuple, ast.Yield, ast.YieldFrom)) or ctx.text[value] == "(":
            gap = ctx.text[start:value]
            if not gap.strip("=\\ \t\r\n"):
                fix = ctx.fix("Call set()", [Edit(start, value, ".set("), Edit(end, end, ")")])
        yield self.finding(ctx, target, message, fix, confidence=Confidence.PROVEN)


def _is_own_of_no_model(node: ast.expr, ctx: Context) -> bool:
    """Whether it is ``self`` where no relation is declared: a test case or a form, nearly always."""
    return isinstance(node, ast.Name) and node.id == "self" and not _declares(ctx.text)


@lru_cache(maxsize=1)
def _declares(text: str) -> bool:
    return "ManyToManyField" in text


def _leads_to_many(model: str, name: str, ctx: Context) -> bool:
    """Whether an attribute of a model is a relation of Django's to many, from either of its sides.

    The class itself is asked first: that takes reading one file.
    """
    if any(name in names and inherits(model, ctx, (owner,)) for owner, names in _OF_DJANGO.items()):
        return True
    cls = ctx.class_named(model)
    if cls is None:
        return False
    values = [member.value for member in members_of(cls) if member.name == name]
    if values:
        return any(isinstance(value, ast.Call) and last(dotted(value.func)) in _TO_MANY for value in values)
    fields = ctx.fields_of(model)
    if fields is None:
        return False
    if name in fields:
        return fields[name].type in _TO_MANY
    relation = (ctx.fields_of(model, reverse=True) or {}).get(name)
    if relation is None or relation.kind not in ("reverse-fk", "reverse-m2m"):
        return False
    field = (ctx.fields_of(relation.target or "") or {}).get(relation.back)
    return field is not None and field.type in ("ForeignKey", "ManyToManyField")


rule = M2mDirectAssignment(
    "DUR2015",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

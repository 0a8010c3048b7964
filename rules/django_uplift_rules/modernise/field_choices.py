import ast

from django_uplift.api import Call, Context, Edit, Found, Rule, Severity
from django_uplift_rules.kinds import name_span

_FIELDS = (
    "BigIntegerField", "CharField", "IntegerField", "PositiveBigIntegerField", "PositiveIntegerField",
    "PositiveSmallIntegerField", "SlugField", "SmallIntegerField", "TextField", "DateField", "DateTimeField",
    "DecimalField", "FloatField", "BooleanField", "EmailField", "URLField",
)  # fmt: skip
_CHOICES = frozenset(f"django.db.models.{name}" for name in ("Choices", "IntegerChoices", "TextChoices"))


class FieldChoices(Rule):
    """A field takes an enumeration as it is."""

    calls = tuple(f"django.db.models.{name}" for name in _FIELDS)
    words = ("choices",)
    default = False
    default_severity = Severity.INFORMATION

    def prefilter(self, data: bytes) -> bool:
        """Whether some attribute `choices` is read."""
        return b".choices" in data or b"choices\n" in data

    def call(self, call: Call, ctx: Context) -> Found:
        """A field whose choices are those of an enumeration."""
        keyword = call.keyword("choices")
        value = keyword.value if keyword is not None else None
        if not isinstance(value, ast.Attribute) or value.attr != "choices" or ctx.in_migration:
            return
        if not _is_enumeration(value.value, ctx):
            return
        enumeration = ctx.source(value.value)
        message = f"choices={enumeration} is enough: a field takes an enumeration as it is"
        start = ctx.outer_span(value.value).end
        dot = Edit(start, ctx.span(value).end, "")
        between = ctx.text[dot.start : name_span(value, ctx).start]
        fix = ctx.fix("Remove .choices", dot) if "#" not in between else None
        yield self.finding(ctx, name_span(value, ctx), message, fix)


def _is_enumeration(node: ast.expr, ctx: Context) -> bool:
    """Whether an expression names a subclass of Django's enumerations that does not make its choices itself."""
    name = ctx.resolve(node)
    if not name:
        return False
    for cls in ctx.tree.nodes(ast.ClassDef):
        if ctx.resolve(cls) == name:
            return _inherits(ctx.ancestry(cls).names) and not _own_choices(cls)
    bases = ctx.modules.bases_of(name)
    return bases is not None and _inherits(frozenset(bases))


def _inherits(names: frozenset[str]) -> bool:
    return not names.isdisjoint(_CHOICES)


def _own_choices(cls: ast.ClassDef) -> bool:
    nodes = [node for statement in cls.body for node in ast.walk(statement)]
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return "choices" in defined or any(isinstance(node, ast.Name) and node.id == "choices" for node in nodes)


rule = FieldChoices(
    "DUM005",
    introduced_in="5.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#more-options-for-declaring-field-choices",
)

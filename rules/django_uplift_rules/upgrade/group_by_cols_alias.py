from django_uplift_rules.kinds import AddedParameter

_EXPRESSIONS = (
    "Aggregate Avg Case Count Expression ExpressionWrapper F Func Max Min Subquery Sum Transform Value When"
)

rule = AddedParameter(
    "DUR4022",
    {"get_group_by_cols": ("alias=None", 1)},
    on=[f"django.db.models.{name}" for name in _EXPRESSIONS.split()],
    distinctive=True,
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="3.0",
    until="4.2",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

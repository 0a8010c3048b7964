from django_uplift_rules.kinds import RemovedParameter

_FIELDS = (
    "BigIntegerField BinaryField BooleanField CharField DateField DateTimeField DecimalField DurationField EmailField "
    "Field FileField FloatField ForeignKey ImageField IntegerField JSONField PositiveIntegerField SlugField "
    "SmallIntegerField TextField TimeField URLField UUIDField"
)

rule = RemovedParameter(
    "DUR3009",
    {"from_db_value": "context", "convert_value": "context"},
    on=[
        f"django.db.models.{name}"
        for name in (*_FIELDS.split(), "Expression", "Func", "Aggregate", "Transform")
    ],
    distinctive=True,
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

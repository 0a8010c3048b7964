from django_uplift_rules.kinds import RemovedMember

_FIELDS = (
    "BigIntegerField BinaryField BooleanField CharField DateField DateTimeField DecimalField DurationField EmailField "
    "Field FileField FloatField ForeignKey ImageField IntegerField JSONField PositiveIntegerField SlugField "
    "SmallIntegerField TextField TimeField URLField UUIDField"
)

rule = RemovedMember(
    "DUR7014",
    {"get_placeholder": "Django calls get_placeholder_sql(), which gives SQL and parameters"},
    on=[f"django.db.models.{name}" for name in _FIELDS.split()],
    instead={"get_placeholder": "get_placeholder_sql"},
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR7001",
    {
        f"django.contrib.postgres.aggregates.{name}": f"django.db.models.{name}"
        for name in ("BitAnd", "BitOr", "BitXor")
    },
    through_module=True,
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR7016",
    {
        "django.contrib.postgres.aggregates.mixins.OrderableAggMixin": "inherit from Aggregate of "
        "django.db.models, with allow_order_by = True"
    },
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

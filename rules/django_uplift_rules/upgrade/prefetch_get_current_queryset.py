from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR6010",
    {"get_current_queryset": "call get_current_querysets(), which gives a list or None"},
    on=("django.db.models.Prefetch",),
    distinctive=True,
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR4014",
    {
        "django.db.models.query_utils.InvalidQuery": "catch FieldDoesNotExist and FieldError of django.core.exceptions"
    },
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.8",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

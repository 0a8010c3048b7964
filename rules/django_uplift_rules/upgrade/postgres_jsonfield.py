from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4004",
    {
        "django.contrib.postgres.fields.JSONField": "django.db.models.JSONField",
        "django.contrib.postgres.forms.JSONField": "django.forms.JSONField",
    },
    through_module=True,
    in_migrations=False,
    importable=("django.contrib.postgres.fields.JSONField",),
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="3.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

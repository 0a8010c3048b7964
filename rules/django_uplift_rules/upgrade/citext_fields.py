from django_uplift_rules.kinds import RemovedName

_ADVICE = "use {} with a case-insensitive db_collation"

rule = RemovedName(
    "DUR5105",
    {
        "django.contrib.postgres.fields.CICharField": _ADVICE.format("CharField"),
        "django.contrib.postgres.fields.CIEmailField": _ADVICE.format("EmailField"),
        "django.contrib.postgres.fields.CITextField": _ADVICE.format("TextField"),
    },
    in_migrations=False,
    importable=True,
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

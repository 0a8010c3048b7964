from django_uplift_rules.kinds import RemovedName

_ADVICE = "give the field a case-insensitive db_collation"

rule = RemovedName(
    "DUR5111",
    {
        "django.contrib.postgres.fields.CIText": _ADVICE,
        "django.contrib.postgres.fields.citext.CIText": _ADVICE,
    },
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

from django_uplift_rules.kinds import RemovedKeyword

rule = RemovedKeyword(
    "DUR4009",
    {
        "django.dispatch.Signal": {"providing_args": 0},
        "django.db.models.signals.ModelSignal": {"providing_args": 0},
    },
    advice="it was documentation only; say it in a comment",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

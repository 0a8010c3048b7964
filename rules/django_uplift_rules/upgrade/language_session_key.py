from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR4015",
    {
        "django.utils.translation.LANGUAGE_SESSION_KEY": "the language is in the cookie settings.LANGUAGE_COOKIE_NAME",
    },
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="1.7",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

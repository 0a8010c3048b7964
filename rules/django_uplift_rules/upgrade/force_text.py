from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4001",
    {
        "django.utils.encoding.force_text": "django.utils.encoding.force_str",
        "django.utils.encoding.smart_text": "django.utils.encoding.smart_str",
    },
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

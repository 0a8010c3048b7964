from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR5007",
    {
        "django.utils.datetime_safe": "use datetime, whose strftime() works for all years on Python 3",
        "django.utils.baseconv": "copy what you need of it into the project",
    },
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

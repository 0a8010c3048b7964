from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR2106",
    {"django.test.runner.setup_databases": "django.test.utils.setup_databases"},
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

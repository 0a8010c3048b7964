from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR6008",
    {"django.db.models.enums.ChoicesMeta": "django.db.models.enums.ChoicesType"},
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

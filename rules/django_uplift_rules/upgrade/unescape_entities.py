from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4010",
    {"django.utils.text.unescape_entities": "html.unescape"},
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

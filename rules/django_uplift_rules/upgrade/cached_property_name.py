from django_uplift_rules.kinds import RemovedKeyword

rule = RemovedKeyword(
    "DUR5011",
    {"django.utils.functional.cached_property": {"name": 1}},
    advice="Python tells the name",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

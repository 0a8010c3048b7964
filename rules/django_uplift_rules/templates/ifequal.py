from django_uplift_rules.templates import ComparingTag

rule = ComparingTag(
    "DUT0003",
    "ifequal",
    "==",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

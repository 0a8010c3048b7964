from django_uplift_rules.kinds import KeywordValue

rule = KeywordValue(
    "DUR5110",
    {"django.contrib.postgres.aggregates.JSONBAgg": {"default": ["[]"]}},
    advice="encoded JSON is taken for a string; pass the list itself",
    replacement="[]",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

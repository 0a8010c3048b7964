from django_uplift_rules.kinds import RenamedKeyword

rule = RenamedKeyword(
    "DUR6101",
    {"django.contrib.staticfiles.finders.find": {"all": "find_all"}},
    deprecated_in="5.2",
    removed_in="6.1",
    replacement_since="5.2",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-removed-in-6-1",
)

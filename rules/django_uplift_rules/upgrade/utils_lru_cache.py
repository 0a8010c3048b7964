from django_uplift_rules.kinds import MovedModule

rule = MovedModule(
    "DUR3004",
    {"django.utils.lru_cache": "functools"},
    removed_in="3.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#removed-private-python-2-compatibility-apis",
)

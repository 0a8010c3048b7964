from django_uplift_rules.kinds import RenamedKeyword

rule = RenamedKeyword(
    "DUR4103",
    {"django.core.validators.EmailValidator": {"whitelist": "allowlist"}},
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)

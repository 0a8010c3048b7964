from django_uplift_rules.kinds import RenamedSetting

rule = RenamedSetting(
    "DUR4011",
    {"PASSWORD_RESET_TIMEOUT_DAYS": "PASSWORD_RESET_TIMEOUT"},
    value="{} * 60 * 60 * 24",
    note=", which counts seconds",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="3.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

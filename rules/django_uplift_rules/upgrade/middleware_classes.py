from django_uplift_rules.kinds import RenamedSetting

rule = RenamedSetting(
    "DUR2005",
    {"MIDDLEWARE_CLASSES": "MIDDLEWARE"},
    reads=False,
    unsafe="every middleware must be of the new style",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

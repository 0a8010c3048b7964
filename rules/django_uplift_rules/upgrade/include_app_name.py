from django_uplift_rules.kinds import RemovedKeyword

rule = RemovedKeyword(
    "DUR2012",
    {"django.conf.urls.include": {"app_name": 2}, "django.urls.include": {"app_name": 2}},
    advice="set app_name in the module that is included, or pass the tuple (patterns, app_name)",
    fix=False,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

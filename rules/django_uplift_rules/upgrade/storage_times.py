from django_uplift_rules.kinds import RemovedMethod

_ADVICE = "call get_{}(), which gives an aware time if USE_TZ is set"

rule = RemovedMethod(
    "DUR2026",
    {name: _ADVICE.format(name) for name in ("accessed_time", "created_time", "modified_time")},
    on=(
        "django.core.files.storage.Storage",
        "django.core.files.storage.FileSystemStorage",
        "django.core.files.storage.DefaultStorage",
        "django.contrib.staticfiles.storage.StaticFilesStorage",
        "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    ),
    called=("storage", "default_storage", "staticfiles_storage", "source_storage"),
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

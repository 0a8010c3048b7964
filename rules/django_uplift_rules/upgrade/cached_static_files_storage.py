from django_uplift_rules.kinds import DottedPath

rule = DottedPath(
    "DUR3105",
    {
        "django.contrib.staticfiles.storage.CachedStaticFilesStorage": (
            "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    },
    unsafe="collectstatic must run before the first request",
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="1.7",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

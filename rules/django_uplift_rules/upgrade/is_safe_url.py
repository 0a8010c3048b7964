from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4007",
    {"django.utils.http.is_safe_url": "django.utils.http.url_has_allowed_host_and_scheme"},
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="3.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

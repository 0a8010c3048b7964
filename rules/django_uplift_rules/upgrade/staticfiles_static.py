from django_uplift_rules.kinds import MovedName

_STATIC = "django.templatetags.static.static"

rule = MovedName(
    "DUR3007",
    {
        "django.contrib.staticfiles.templatetags.staticfiles.static": _STATIC,
        "django.contrib.admin.templatetags.admin_static.static": _STATIC,
    },
    deprecated_in="2.1",
    removed_in="3.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import MovedModule

rule = MovedModule(
    "DUR2001",
    {"django.core.urlresolvers": "django.urls"},
    without=("RegexURLPattern", "RegexURLResolver", "RegexURLMixin", "LocaleRegexURLResolver"),
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

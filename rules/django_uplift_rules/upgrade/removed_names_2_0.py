from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR2009",
    {
        "django.utils.functional.allow_lazy": "decorate the function with keep_lazy()",
        "django.utils.safestring.mark_for_escaping": "call conditional_escape() of django.utils.html",
        "django.views.i18n.javascript_catalog": "use JavaScriptCatalog.as_view()",
        "django.views.i18n.json_catalog": "use JSONCatalog.as_view()",
    },
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR2009",
    {
        "django.utils.functional.allow_lazy": "decorate the function with keep_lazy()",
        "django.utils.safestring.mark_for_escaping": "call conditional_escape() of django.utils.html",
        "django.views.i18n.javascript_catalog": "use JavaScriptCatalog.as_view()",
        "django.views.i18n.json_catalog": "use JSONCatalog.as_view()",
        "django.contrib.auth.tests.utils.skipIfCustomUser": "skip the test with unittest.skipIf()",
        "django.contrib.gis.geoip": "use GeoIP2 of django.contrib.gis.geoip2",
        "django.contrib.gis.utils.precision_wkt": "use WKTWriter of django.contrib.gis.geos",
        "django.db.models.fields.related.add_lazy_relation": "use lazy_related_operation() of the same module",
        "django.template.base.StringOrigin": "use Origin of django.template",
        "django.template.loader.LoaderOrigin": "use Origin of django.template",
        "django.template.loaders.eggs": "unpack the packages, and use the loader for app directories",
    },
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

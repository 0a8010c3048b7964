from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR5010",
    {
        "django.contrib.gis.admin.GeoModelAdmin": "use ModelAdmin, or GISModelAdmin",
        "django.contrib.gis.admin.OSMGeoAdmin": "use GISModelAdmin",
        "django.contrib.gis.admin.options.GeoModelAdmin": "use ModelAdmin, or GISModelAdmin",
        "django.contrib.gis.admin.options.OSMGeoAdmin": "use GISModelAdmin",
        "django.contrib.gis.admin.OpenLayersWidget": "use the widgets of django.contrib.gis.forms",
        "django.contrib.gis.admin.widgets.OpenLayersWidget": "use the widgets of django.contrib.gis.forms",
    },
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

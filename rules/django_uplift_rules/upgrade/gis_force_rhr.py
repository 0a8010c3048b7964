from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR3012",
    {
        "django.contrib.gis.db.models.functions.ForceRHR": "django.contrib.gis.db.models.functions.ForcePolygonCW"
    },
    deprecated_in="2.1",
    removed_in="3.0",
    replacement_since="2.1",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import RemovedName

_ADVICE = "leave it out: every manager can do what it did"

rule = RemovedName(
    "DUR2018",
    {
        "django.contrib.gis.db.models.GeoManager": _ADVICE,
        "django.contrib.gis.db.models.manager.GeoManager": _ADVICE,
        "django.contrib.gis.db.models.query.GeoQuerySet": "inherit from QuerySet",
    },
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

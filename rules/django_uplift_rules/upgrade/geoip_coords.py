from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR6022",
    {"coords": "call lon_lat(), which gives longitude and latitude"},
    on=("django.contrib.gis.geoip2.GeoIP2",),
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

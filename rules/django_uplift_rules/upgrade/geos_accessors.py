from django_uplift_rules.kinds import RemovedMethod

_GEOMETRIES = (
    "GEOSGeometry GeometryCollection LineString LinearRing MultiLineString MultiPoint MultiPolygon Point "
    "Polygon"
)
_PROPERTIES = ("srid", "x", "y", "z", "coords")

rule = RemovedMethod(
    "DUR2028",
    {
        **{f"get_{name}": f"read the property {name}" for name in _PROPERTIES},
        **{f"set_{name}": f"assign to the property {name}" for name in _PROPERTIES},
        "cascaded_union": "read the property unary_union",
    },
    on=[
        f"django.contrib.gis.geos.{module}{name}"
        for name in _GEOMETRIES.split()
        for module in ("", "point.", "geometry.", "collections.")
    ],
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

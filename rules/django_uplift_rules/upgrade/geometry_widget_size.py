from django_uplift_rules.kinds import RemovedMember

_WIDGETS = ("BaseGeometryWidget", "OSMWidget", "OpenLayersWidget")
_ADVICE = "Django ignores it; give the map its size with CSS"

rule = RemovedMember(
    "DUR5109",
    {"map_width": _ADVICE, "map_height": _ADVICE},
    on=[
        *(f"django.contrib.gis.forms.{name}" for name in _WIDGETS),
        *(f"django.contrib.gis.forms.widgets.{name}" for name in _WIDGETS),
    ],
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

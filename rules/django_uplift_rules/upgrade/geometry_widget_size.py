import ast

from django_uplift.api import Call, Context, Found, canonical
from django_uplift_rules.kinds import RemovedMember, last

_WIDGETS = ("BaseGeometryWidget", "OSMWidget", "OpenLayersWidget")
_ADVICE = "Django ignores it; give the map its size with CSS"
_NAMES = tuple(f"django.contrib.gis.forms.{module}{name}" for module in ("", "widgets.") for name in _WIDGETS)


class GeometryWidgetSize(RemovedMember):
    """Attributes of widgets, in their classes and in the `attrs` that they are made with."""

    calls = tuple(canonical(f"django.contrib.gis.forms.{name}") for name in _WIDGETS)

    def prefilter(self, data: bytes) -> bool:
        """Whether the size stands in the bytes; it is rare."""
        return b"map_width" in data or b"map_height" in data

    def call(self, call: Call, ctx: Context) -> Found:
        """A widget is made with a dictionary that says its size."""
        attrs = call.argument("attrs", 0)
        if not isinstance(attrs, ast.Dict):
            return
        for key in attrs.keys:
            if isinstance(key, ast.Constant) and key.value in self.advice:
                name = str(key.value)
                message = f"{name} of {last(call.name)} {self.since(ctx.target)}: {self.advice[name]}"
                yield self.finding(ctx, key, message)


rule = GeometryWidgetSize(
    "DUR5109",
    {"map_width": _ADVICE, "map_height": _ADVICE},
    on=_NAMES,
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import declared

_GEOMETRIES = (
    "OGRGeometry Point LineString LinearRing Polygon GeometryCollection "
    "MultiPoint MultiLineString MultiPolygon"
)
_CLASSES = frozenset(
    f"django.contrib.gis.gdal.{module}{name}"
    for module in ("", "geometries.")
    for name in _GEOMETRIES.split()
)
_FLAGS = {2: "False", 3: "True"}


class OgrCoordDim(Rule):
    """The dimension can be read only; `set_3d()` sets it."""

    nodes = (ast.Assign,)
    words = ("coord_dim", "gdal")
    any_words = ("coord_dim",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An assignment to the attribute of a geometry of GDAL's."""
        assert isinstance(node, ast.Assign)
        (target, *others) = node.targets
        if others or not isinstance(target, ast.Attribute) or target.attr != "coord_dim":
            return
        if declared(target.value, ctx) not in _CLASSES:
            return
        message = f"Assigning to coord_dim {self.since(ctx.target)}: call set_3d()"
        value = node.value
        number = value.value if isinstance(value, ast.Constant) else None
        flag = _FLAGS.get(number) if type(number) is int else None
        fix = None
        if flag is not None:
            start, end = ctx.span(target.value).end, ctx.outer_span(value).end
            if "#" not in ctx.text[start:end]:
                fix = ctx.fix("Call set_3d()", Edit(start, end, f".set_3d({flag})"))
        yield self.finding(ctx, target, message, fix, confidence=Confidence.PROVEN)


rule = OgrCoordDim(
    "DUR6027",
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

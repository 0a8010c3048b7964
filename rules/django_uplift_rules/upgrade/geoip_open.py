from django_uplift.api import Call, Context, Edit, Found, Rule
from django_uplift_rules.kinds import name_span


class GeoipOpen(Rule):
    """The class method did what the class does."""

    calls = ("django.contrib.gis.geoip2.GeoIP2.open",)

    def call(self, call: Call, ctx: Context) -> Found:
        """A call on the class."""
        place = name_span(call.node.func, ctx)
        message = f"GeoIP2.open() {self.since(ctx.target)}: call GeoIP2() itself"
        head = ctx.text.rfind(".", 0, place.start)
        fix = None
        if not ctx.text[head + 1 : place.start].strip():
            fix = ctx.fix("Call GeoIP2()", Edit(head, place.end, ""))
        yield self.finding(ctx, place, message, fix)


rule = GeoipOpen(
    "DUR6026",
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

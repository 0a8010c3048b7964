from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Edit, Finding
from django_uplift_rules.kinds import ClassMember, Member, PackageRule, defines, member_span
from django_uplift_rules.rest_framework import REST_FRAMEWORK


class RouterGetDefaultBaseName(PackageRule, ClassMember):
    """Routers that override `get_default_base_name()`."""

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The override, which nothing calls any more."""
        new = "get_default_basename"
        message = f"get_default_base_name() of routers {self.since(ctx.target)}: it is called {new}() now"
        place = member_span(member, ctx)
        fix = None
        if not defines(member.cls, new) and ctx.text.count(member.name) == 1:
            fix = ctx.fix(f"Rename to {new}", Edit(*place, new))
        yield self.finding(ctx, place, message, fix, confidence=confidence)


rule = RouterGetDefaultBaseName(
    "DUP1005",
    ("get_default_base_name",),
    on={f"rest_framework.routers.{name}" for name in ("BaseRouter", "SimpleRouter", "DefaultRouter")},
    distinctive=True,
    package=REST_FRAMEWORK,
    deprecated="3.9",
    removed="3.11",
    link="https://www.django-rest-framework.org/community/3.11-announcement/",
)

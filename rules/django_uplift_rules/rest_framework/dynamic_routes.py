from django_uplift.api import Call
from django_uplift_rules.kinds import MovedCall, PackageRule
from django_uplift_rules.rest_framework import REST_FRAMEWORK

_ROUTERS = "rest_framework.routers"


class DynamicRoutes(PackageRule, MovedCall):
    """The two classes for dynamic routes are one, with `detail`."""

    def takes(self, call: Call) -> bool:
        """`detail` stands before `initkwargs`: a call that gives that by position is left to a person."""
        return len(call.node.args) < 3 and not call.unpacks_positional


rule = DynamicRoutes(
    "DUP1003",
    {
        f"{_ROUTERS}.DynamicDetailRoute": f"{_ROUTERS}.DynamicRoute",
        f"{_ROUTERS}.DynamicListRoute": f"{_ROUTERS}.DynamicRoute",
    },
    adds={f"{_ROUTERS}.DynamicDetailRoute": "detail=True", f"{_ROUTERS}.DynamicListRoute": "detail=False"},
    package=REST_FRAMEWORK,
    deprecated="3.8",
    removed="3.10",
    link="https://www.django-rest-framework.org/community/3.8-announcement/",
)

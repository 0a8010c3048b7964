import ast

from django_uplift.api import Call, Context, parent
from django_uplift_rules.kinds import MovedCall, PackageRule
from django_uplift_rules.rest_framework import REST_FRAMEWORK

_DECORATORS = "rest_framework.decorators"


class ExtraActionRoutes(PackageRule, MovedCall):
    """`@detail_route` and `@list_route` are `@action` with `detail`."""

    def may_differ(self, call: Call, ctx: Context) -> str:
        """The old decorators made the route's name from its path, the new one makes it from the method's name."""
        path = call.keyword("url_path")
        if path is None or call.keyword("url_name") is not None:
            return ""
        plain = isinstance(path.value, ast.Constant) and path.value.value == _method(call)
        return "" if plain else "the route's name follows from the method, no longer from url_path"


def _method(call: Call) -> str:
    """The name of the method that a call decorates; empty if it decorates none."""
    node = parent(call.node)
    return node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""


rule = ExtraActionRoutes(
    "DUP1002",
    {
        f"{_DECORATORS}.detail_route": f"{_DECORATORS}.action",
        f"{_DECORATORS}.list_route": f"{_DECORATORS}.action",
    },
    adds={f"{_DECORATORS}.detail_route": "detail=True", f"{_DECORATORS}.list_route": "detail=False"},
    package=REST_FRAMEWORK,
    deprecated="3.8",
    removed="3.10",
    link="https://www.django-rest-framework.org/community/3.8-announcement/",
)

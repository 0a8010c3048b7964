from django_uplift_rules.kinds import PackageRule, RemovedName
from django_uplift_rules.rest_framework import REST_FRAMEWORK

_ADVICE = "make OpenAPI schemas, with drf-spectacular say"


class CoreApi(PackageRule, RemovedName):
    """Schemas and documentation by Core API."""


rule = CoreApi(
    "DUP1008",
    {
        "rest_framework.schemas.coreapi": _ADVICE,
        "rest_framework.schemas.ManualSchema": _ADVICE,
        "rest_framework.documentation": _ADVICE,
        **{
            f"rest_framework.renderers.{name}": _ADVICE
            for name in (
                "CoreAPIJSONOpenAPIRenderer",
                "CoreAPIOpenAPIRenderer",
                "CoreJSONRenderer",
                "DocumentationRenderer",
                "SchemaJSRenderer",
            )
        },
    },
    package=REST_FRAMEWORK,
    deprecated="3.15",
    removed="3.17",
    link="https://www.django-rest-framework.org/community/3.17-announcement/",
)

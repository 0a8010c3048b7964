from django_uplift_rules.kinds import MovedCall, PackageRule
from django_uplift_rules.rest_framework import REST_FRAMEWORK

_MODULES = ("rest_framework.serializers", "rest_framework.fields")


class SerializerNullBooleanField(PackageRule, MovedCall):
    """`NullBooleanField()` was `BooleanField(allow_null=True)`."""


rule = SerializerNullBooleanField(
    "DUP1001",
    {f"{module}.NullBooleanField": f"{module}.BooleanField" for module in _MODULES},
    adds={f"{module}.NullBooleanField": "allow_null=True" for module in _MODULES},
    note=" with allow_null=True",
    through_module=True,
    package=REST_FRAMEWORK,
    deprecated="3.12",
    removed="3.14",
    link="https://www.django-rest-framework.org/community/3.14-announcement/",
)

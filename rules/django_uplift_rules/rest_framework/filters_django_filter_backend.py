from django_uplift_rules.kinds import DottedPath, PackageRule
from django_uplift_rules.rest_framework import REST_FRAMEWORK


class FiltersDjangoFilterBackend(PackageRule, DottedPath):
    """`DjangoFilterBackend` belongs to django-filter."""


rule = FiltersDjangoFilterBackend(
    "DUP1006",
    {
        "rest_framework.filters.DjangoFilterBackend": "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.FilterSet": "django_filters.rest_framework.FilterSet",
    },
    package=REST_FRAMEWORK,
    deprecated="3.5",
    removed="3.7",
    link="https://www.django-rest-framework.org/community/release-notes/#370",
)

from django_uplift_rules.kinds import PackageRule, RemovedName
from django_uplift_rules.rest_framework import REST_FRAMEWORK


class ObjectPermissionsFilter(PackageRule, RemovedName):
    """`DjangoObjectPermissionsFilter` went into a package of its own."""


rule = ObjectPermissionsFilter(
    "DUP1007",
    {
        "rest_framework.filters.DjangoObjectPermissionsFilter": (
            "install djangorestframework-guardian and use rest_framework_guardian.filters.ObjectPermissionsFilter"
        )
    },
    package=REST_FRAMEWORK,
    deprecated="3.9",
    removed="3.10",
    link="https://www.django-rest-framework.org/community/3.9-announcement/",
)

from django_uplift.api import Severity
from django_uplift_rules.kinds import MovedName


class ImportHomes(MovedName):
    """Names that their old modules only pass on."""

    default = False
    default_severity = Severity.INFORMATION


rule = ImportHomes(
    "DUM008",
    {
        "django.conf.urls.include": "django.urls.include",
        "django.contrib.admin.ACTION_CHECKBOX_NAME": "django.contrib.admin.helpers.ACTION_CHECKBOX_NAME",
        "django.db.models.query.EmptyResultSet": "django.core.exceptions.EmptyResultSet",
        "django.db.models.sql.EmptyResultSet": "django.core.exceptions.EmptyResultSet",
    },
    introduced_in="2.0",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#simplified-url-routing-syntax",
)

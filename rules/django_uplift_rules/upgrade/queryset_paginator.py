from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR3102",
    {
        "django.core.paginator.QuerySetPaginator": "django.core.paginator.Paginator",
    },
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

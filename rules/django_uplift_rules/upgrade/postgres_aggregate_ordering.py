from django_uplift_rules.kinds import RenamedKeyword

rule = RenamedKeyword(
    "DUR6102",
    {
        f"django.contrib.postgres.aggregates.{name}": {"ordering": "order_by"}
        for name in ("ArrayAgg", "JSONBAgg", "StringAgg")
    },
    note="; the old name is silently ignored once it is removed",
    deprecated_in="5.2",
    removed_in="6.1",
    replacement_since="5.2",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-removed-in-6-1",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR3104",
    {"django.utils.timezone.FixedOffset": "use datetime.timezone(datetime.timedelta(minutes=...))"},
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR6009",
    {"django.utils.itercompat": "ask isinstance(value, collections.abc.Iterable)"},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

from django_uplift_rules.kinds import RemovedName

_ADVICE = "ask isinstance(value, collections.abc.Iterable)"

rule = RemovedName(
    "DUR6009",
    {"django.utils.itercompat": _ADVICE, "django.utils.itercompat.is_iterable": _ADVICE},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

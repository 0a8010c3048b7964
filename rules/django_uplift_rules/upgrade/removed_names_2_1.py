from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR2102",
    {
        "django.utils.translation.string_concat": 'use format_lazy("{}{}", ...) of django.utils.text',
        "django.db.models.permalink": "call reverse() in get_absolute_url()",
    },
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

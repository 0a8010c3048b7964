from django_uplift_rules.kinds import RemovedMember

_ADVICE = "Django ignores it; set base_manager_name in the model's Meta"

rule = RemovedMember(
    "DUR2021",
    {"use_for_related_fields": _ADVICE, "silence_use_for_related_fields_deprecation": _ADVICE},
    on=(
        "django.db.models.Manager",
        "django.contrib.auth.models.BaseUserManager",
        "django.contrib.auth.models.UserManager",
    ),
    distinctive=True,
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

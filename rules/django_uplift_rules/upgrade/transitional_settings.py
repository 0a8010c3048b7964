from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR7009",
    {
        "USE_BLANK_CHOICE_DASH": "override django.db.models.fields.BLANK_CHOICE_LABEL for a label of your own",
        "SIGNED_COOKIE_LEGACY_SALT_FALLBACK": "remove it once the old cookies have expired",
    },
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

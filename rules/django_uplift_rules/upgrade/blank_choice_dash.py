from django_uplift_rules.kinds import RemovedName

_ADVICE = 'write [("", "---------")], or take BLANK_CHOICE_LABEL for the label'

rule = RemovedName(
    "DUR7022",
    {"django.db.models.fields.BLANK_CHOICE_DASH": _ADVICE},
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

from django_uplift_rules.kinds import MODEL_ADMINS, AddedParameter

rule = AddedParameter(
    "DUR6014",
    {"lookup_allowed": ("request", 3)},
    on=MODEL_ADMINS,
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

from django_uplift_rules.kinds import MODEL_ADMINS, AddedParameter

rule = AddedParameter(
    "DUR7013",
    {"get_actions": ("action_location", 2), "get_action_choices": ("action_location", 3)},
    on=MODEL_ADMINS,
    fix=False,
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

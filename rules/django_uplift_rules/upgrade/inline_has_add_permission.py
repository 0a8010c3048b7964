from django_uplift_rules.kinds import INLINE_ADMINS, AddedParameter

rule = AddedParameter(
    "DUR3013",
    {"has_add_permission": ("obj=None", 2)},
    on=INLINE_ADMINS,
    deprecated_in="2.1",
    removed_in="3.0",
    replacement_since="2.1",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR5001",
    {"USE_L10N": "formats are always those of the active locale"},
    droppable={"USE_L10N": [True]},
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

from django_uplift_rules.kinds import ANY, RemovedSetting

rule = RemovedSetting(
    "DUR6004",
    {"FORMS_URLFIELD_ASSUME_HTTPS": "form URL fields assume https"},
    droppable={"FORMS_URLFIELD_ASSUME_HTTPS": [ANY]},
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

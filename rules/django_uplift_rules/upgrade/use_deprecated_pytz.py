from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR5002",
    {"USE_DEPRECATED_PYTZ": "time zones are zoneinfo's; replace what relies on pytz"},
    droppable={"USE_DEPRECATED_PYTZ": [False]},
    unsafe="code that relies on pytz objects breaks",
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR3106",
    {"FILE_CHARSET": "templates and fixtures are read as UTF-8"},
    droppable={"FILE_CHARSET": ["utf-8", "utf8", "UTF-8"]},
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR3010",
    {"DEFAULT_CONTENT_TYPE": "responses are text/html unless they are given a content_type"},
    droppable={"DEFAULT_CONTENT_TYPE": ["text/html"]},
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

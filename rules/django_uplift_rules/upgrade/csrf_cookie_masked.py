from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR5005",
    {"CSRF_COOKIE_MASKED": "the cookie is never masked"},
    droppable={"CSRF_COOKIE_MASKED": [False]},
    unsafe="servers with Django 4.0 or older can't read the cookie",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

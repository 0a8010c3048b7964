from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR2104",
    {"USE_ETAGS": "add django.middleware.http.ConditionalGetMiddleware to MIDDLEWARE for ETags"},
    droppable={"USE_ETAGS": [False]},
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

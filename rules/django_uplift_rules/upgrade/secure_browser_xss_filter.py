from django_uplift_rules.kinds import ANY, RemovedSetting

rule = RemovedSetting(
    "DUR4020",
    {"SECURE_BROWSER_XSS_FILTER": "no current browser knows the header that it sent"},
    droppable={"SECURE_BROWSER_XSS_FILTER": [ANY]},
    removed_in="4.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#securitymiddleware-no-longer-sets-the-x-xss-protection-header",
)

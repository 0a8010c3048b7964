from django_uplift_rules.kinds import RemovedMetaOption

rule = RemovedMetaOption(
    "DUR3016",
    "manager_inheritance_from_future",
    advice="remove it, managers are inherited so since Django 2.0",
    removed_in="3.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

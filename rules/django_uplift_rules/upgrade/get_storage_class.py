from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR5104",
    {"django.core.files.storage.get_storage_class": "take instances from django.core.files.storage.storages"},
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR6020",
    {"OS_OPEN_FLAGS": "Django ignores it; pass allow_overwrite=True to overwrite files"},
    on=("django.core.files.storage.FileSystemStorage",),
    distinctive=True,
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

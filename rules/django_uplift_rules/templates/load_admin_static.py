from django_uplift_rules.templates import RemovedLibrary

rule = RemovedLibrary(
    "DUT0002",
    "admin_static",
    "static",
    deprecated_in="2.1",
    removed_in="3.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

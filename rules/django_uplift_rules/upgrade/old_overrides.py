from django_uplift_rules.kinds import RemovedMember

_FIELDS = ("django.db.models.FileField", "django.db.models.ImageField")
_LOADERS = ("base", "cached", "filesystem", "locmem", "app_directories")

rule = RemovedMember(
    "DUR2027",
    {
        "get_directory_name": "Django calls generate_filename(), and upload_to",
        "get_filename": "Django calls generate_filename(), and the storage's get_valid_name()",
        "load_template_source": "Django calls get_template_sources() and get_contents()",
        "check_aggregate_support": "Django calls check_expression_support()",
    },
    on=(
        *_FIELDS,
        *(f"django.template.loaders.{name}.Loader" for name in _LOADERS),
        "django.db.backends.base.operations.BaseDatabaseOperations",
    ),
    instead={
        "get_directory_name": "generate_filename",
        "get_filename": "generate_filename",
        "load_template_source": "get_contents",
        "check_aggregate_support": "check_expression_support",
    },
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR2013",
    {
        "django.db.models.CommaSeparatedIntegerField": "use CharField with the validator "
        "validate_comma_separated_integer_list of django.core.validators"
    },
    in_migrations=False,
    importable=True,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

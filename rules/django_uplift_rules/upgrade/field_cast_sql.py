from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR6021",
    {"field_cast_sql": "Django calls lookup_cast() alone"},
    on=(
        "django.db.backends.base.operations.BaseDatabaseOperations",
        *(
            f"django.db.backends.{backend}.operations.DatabaseOperations"
            for backend in ("mysql", "oracle", "postgresql", "sqlite3")
        ),
    ),
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

from django_uplift_rules.kinds import DottedPath

rule = DottedPath(
    "DUR3008",
    {"django.db.backends.postgresql_psycopg2": "django.db.backends.postgresql"},
    key="ENGINE",
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR7008",
    {"django.db.transaction.savepoint": "django.db.transaction.savepoint_create"},
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

from django_uplift_rules.kinds import RenamedKeyword

rule = RenamedKeyword(
    "DUR6001",
    {"django.db.models.CheckConstraint": {"check": "condition"}},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

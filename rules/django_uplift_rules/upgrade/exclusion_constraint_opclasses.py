from django_uplift_rules.kinds import RemovedKeyword

rule = RemovedKeyword(
    "DUR5015",
    {"django.contrib.postgres.constraints.ExclusionConstraint": {"opclasses": None}},
    advice="wrap the expressions in OpClass() of django.contrib.postgres.indexes",
    fix=False,
    droppable={"opclasses": [()]},
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

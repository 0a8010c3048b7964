from django_uplift_rules.kinds import TEST_CASES, RemovedMethodKeyword

rule = RemovedMethodKeyword(
    "DUR2025",
    {"assertRedirects": "host", "assertRaisesMessage": "callable_obj"},
    on=TEST_CASES,
    advice="leave host out, and pass the callable by its position",
    distinctive=True,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

from django_uplift_rules.kinds import TEST_CASES, RenamedMethod

_RENAMES = {"assertQuerysetEqual": "assertQuerySetEqual", "assertFormsetError": "assertFormSetError"}

rule = RenamedMethod(
    "DUR5102",
    _RENAMES,
    on=TEST_CASES,
    distinctive=True,
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR7011",
    {"URLIZE_ASSUME_HTTPS": "the next major release makes https links, whatever it says"},
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="7.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

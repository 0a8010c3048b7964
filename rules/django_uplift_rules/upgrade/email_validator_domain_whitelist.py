from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR4106",
    {"domain_whitelist": "Django reads domain_allowlist, and ignores this"},
    on=("django.core.validators.EmailValidator",),
    instead={"domain_whitelist": "domain_allowlist"},
    rename=True,
    distinctive=True,
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)

from django_uplift_rules.kinds import KeywordOnly

_PARAMETERS = (0, ("key", "sep", "salt", "algorithm", "fallback_keys"))

rule = KeywordOnly(
    "DUR5107",
    {"django.core.signing.Signer": _PARAMETERS, "django.core.signing.TimestampSigner": _PARAMETERS},
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

from django_uplift_rules.kinds import DottedPath

rule = DottedPath(
    "DUR5009",
    {"django.contrib.auth.hashers.CryptPasswordHasher": None},
    advice="move the stored hashes to a hasher that is left",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

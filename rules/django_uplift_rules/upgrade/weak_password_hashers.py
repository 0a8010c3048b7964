from django_uplift_rules.kinds import DottedPath

_HASHERS = "django.contrib.auth.hashers"

rule = DottedPath(
    "DUR5106",
    {f"{_HASHERS}.{name}PasswordHasher": None for name in ("SHA1", "UnsaltedSHA1", "UnsaltedMD5")},
    advice="move the stored hashes to a hasher that is left, or copy this one into the project",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

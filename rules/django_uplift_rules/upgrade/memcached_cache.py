from django_uplift_rules.kinds import DottedPath

_MEMCACHED = "django.core.cache.backends.memcached"

rule = DottedPath(
    "DUR4104",
    {f"{_MEMCACHED}.MemcachedCache": None},
    advice="use PyMemcacheCache or PyLibMCCache, whose values the old one can't always read",
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)

from django_uplift_rules.kinds import AddedParameter

rule = AddedParameter(
    "DUR3107",
    {"configure_user": ("request", 2)},
    on=(
        "django.contrib.auth.backends.RemoteUserBackend",
        "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend",
    ),
    fix=False,
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

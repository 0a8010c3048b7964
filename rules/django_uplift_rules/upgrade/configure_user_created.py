from django_uplift_rules.kinds import AddedParameter

rule = AddedParameter(
    "DUR5013",
    {"configure_user": ("created=True", 3)},
    on=(
        "django.contrib.auth.backends.RemoteUserBackend",
        "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend",
    ),
    least=3,
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

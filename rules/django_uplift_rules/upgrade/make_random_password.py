from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR5108",
    {"make_random_password": "call get_random_string() of django.utils.crypto, or use secrets"},
    on=(
        "django.contrib.auth.models.UserManager",
        "django.contrib.auth.models.BaseUserManager",
        "django.contrib.auth.base_user.BaseUserManager",
    ),
    called=("objects", "_default_manager"),
    distinctive=True,
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)

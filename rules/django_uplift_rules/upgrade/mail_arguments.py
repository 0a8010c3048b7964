from django_uplift_rules.kinds import RemovedKeyword

_MAIL = "django.core.mail"
_SENDING: dict[str, int | None] = dict.fromkeys(("fail_silently", "auth_user", "auth_password", "connection"))
_SERVER: dict[str, int | None] = dict.fromkeys(("fail_silently", "connection"))

rule = RemovedKeyword(
    "DUR7007",
    {
        f"{_MAIL}.send_mail": _SENDING,
        f"{_MAIL}.send_mass_mail": _SENDING,
        f"{_MAIL}.mail_admins": _SERVER,
        f"{_MAIL}.mail_managers": _SERVER,
        f"{_MAIL}.EmailMessage": {"connection": None},
        f"{_MAIL}.EmailMultiAlternatives": {"connection": None},
    },
    advice="configure it in MAILERS and choose the mailer with using=",
    fix=False,
    droppable={
        "fail_silently": [False],
        "auth_user": [None],
        "auth_password": [None],
        "connection": [None],
    },
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

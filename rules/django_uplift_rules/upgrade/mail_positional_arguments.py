from django_uplift_rules.kinds import KeywordOnly

_MAIL = "django.core.mail"
_AUTH = ("fail_silently", "auth_user", "auth_password", "connection")
_SERVER = (2, ("subject", "message", "fail_silently", "connection", "html_message"))
_MESSAGE = ("subject", "body", "from_email", "to", "bcc", "connection", "attachments", "headers")

rule = KeywordOnly(
    "DUR7004",
    {
        f"{_MAIL}.get_connection": (1, ("backend", "fail_silently")),
        f"{_MAIL}.send_mail": (
            4,
            ("subject", "message", "from_email", "recipient_list", *_AUTH, "html_message"),
        ),
        f"{_MAIL}.send_mass_mail": (1, ("datatuple", *_AUTH)),
        f"{_MAIL}.mail_admins": _SERVER,
        f"{_MAIL}.mail_managers": _SERVER,
        f"{_MAIL}.EmailMessage": (4, (*_MESSAGE, "cc", "reply_to")),
        f"{_MAIL}.EmailMultiAlternatives": (4, (*_MESSAGE, "alternatives", "cc", "reply_to")),
    },
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

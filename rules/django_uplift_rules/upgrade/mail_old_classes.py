from django_uplift_rules.kinds import RemovedName

_MODERN = "use Python's email.message.EmailMessage and MIMEPart"

rule = RemovedName(
    "DUR7005",
    {
        "django.core.mail.BadHeaderError": "catch ValueError",
        "django.core.mail.SafeMIMEText": _MODERN,
        "django.core.mail.SafeMIMEMultipart": _MODERN,
        "django.core.mail.forbid_multi_line_headers": "Python's modern email API refuses such headers itself",
        "django.core.mail.message.sanitize_address": "Python's modern email API encodes addresses itself",
    },
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

from django_uplift_rules.kinds import RemovedName

rule = RemovedName(
    "DUR7034",
    {"django.core.mail.get_connection": "configure it in MAILERS, and use django.core.mail.mailers"},
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

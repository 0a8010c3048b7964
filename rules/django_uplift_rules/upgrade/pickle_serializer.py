from django_uplift_rules.kinds import DottedPath

rule = DottedPath(
    "DUR5008",
    {"django.contrib.sessions.serializers.PickleSerializer": None},
    advice="use JSONSerializer, and keep nothing but JSON in sessions",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

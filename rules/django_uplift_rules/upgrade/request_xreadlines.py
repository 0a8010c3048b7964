from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR3014",
    {"xreadlines": "iterate over the request itself"},
    on=("django.http.HttpRequest", "django.core.handlers.wsgi.WSGIRequest"),
    called=("request",),
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR3011",
    {"django.utils.http.cookie_date": "django.utils.http.http_date"},
    unsafe="the date has blanks where the old one had hyphens",
    deprecated_in="2.1",
    removed_in="3.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)

from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4006",
    {
        "django.utils.http.urlquote": "urllib.parse.quote",
        "django.utils.http.urlquote_plus": "urllib.parse.quote_plus",
        "django.utils.http.urlunquote": "urllib.parse.unquote",
        "django.utils.http.urlunquote_plus": "urllib.parse.unquote_plus",
    },
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="3.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

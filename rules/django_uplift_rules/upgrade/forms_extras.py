from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR2010",
    {
        "django.forms.extras.SelectDateWidget": "django.forms.SelectDateWidget",
        "django.forms.extras.widgets.SelectDateWidget": "django.forms.SelectDateWidget",
    },
    through_module=True,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR3103",
    {
        "django.contrib.postgres.fields.FloatRangeField": "django.contrib.postgres.fields.DecimalRangeField",
        "django.contrib.postgres.forms.FloatRangeField": "django.contrib.postgres.forms.DecimalRangeField",
    },
    unsafe="the values are Decimal, not float",
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

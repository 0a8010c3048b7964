from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR3005",
    {
        "django.utils.decorators.ContextDecorator": "contextlib.ContextDecorator",
        "django.utils.functional.curry": "functools.partial",
        "django.utils._os.abspathu": "os.path.abspath",
    },
    removed_in="3.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#removed-private-python-2-compatibility-apis",
)

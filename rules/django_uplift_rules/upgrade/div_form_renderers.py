from django_uplift_rules.kinds import DottedPath

_RENDERERS = "django.forms.renderers"

rule = DottedPath(
    "DUR6003",
    {
        f"{_RENDERERS}.DjangoDivFormRenderer": f"{_RENDERERS}.DjangoTemplates",
        f"{_RENDERERS}.Jinja2DivFormRenderer": f"{_RENDERERS}.Jinja2",
    },
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

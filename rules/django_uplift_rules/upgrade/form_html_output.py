from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR5016",
    {"_html_output": "call render() with a template of your own"},
    on=("django.forms.BaseForm", "django.forms.Form", "django.forms.ModelForm", "django.forms.BaseModelForm"),
    distinctive=True,
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

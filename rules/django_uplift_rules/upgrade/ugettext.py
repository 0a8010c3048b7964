from django_uplift_rules.kinds import MovedName

_TRANSLATION = "django.utils.translation"

rule = MovedName(
    "DUR4002",
    {
        f"{_TRANSLATION}.ugettext": f"{_TRANSLATION}.gettext",
        f"{_TRANSLATION}.ugettext_lazy": f"{_TRANSLATION}.gettext_lazy",
        f"{_TRANSLATION}.ugettext_noop": f"{_TRANSLATION}.gettext_noop",
        f"{_TRANSLATION}.ungettext": f"{_TRANSLATION}.ngettext",
        f"{_TRANSLATION}.ungettext_lazy": f"{_TRANSLATION}.ngettext_lazy",
    },
    deprecated_in="3.0",
    removed_in="4.0",
    replacement_since="1.5",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments


class UrlfieldAssumeScheme(Arguments):
    """The default changes, unless the settings have chosen the new one before."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether the scheme is left to Django."""
        return all(keyword.arg not in (None, "assume_scheme") for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A field that leaves the scheme to Django."""
        if call.unpacks_keywords or call.keyword("assume_scheme"):
            return
        if ctx.set_anywhere("FORMS_URLFIELD_ASSUME_HTTPS"):
            return
        message = (
            "forms.URLField() without assume_scheme means http before Django 6.0 (deprecated since 5.0), and https "
            "from then on: say which one you mean"
        )
        fix = ctx.fix(
            'Add assume_scheme="https"',
            [call.add_keyword("assume_scheme", '"https"')],
            unsafe="addresses that are typed without a scheme become https, as from 6.0 on",
        )
        yield self.finding(ctx, call.node.func, message, fix)


rule = UrlfieldAssumeScheme(
    "DUR6016",
    ("django.forms.URLField",),
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

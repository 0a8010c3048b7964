from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments


class EmailBackendDirect(Arguments):
    """Mailers are made by Django, of the settings."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call of the class."""
        if call.keyword("alias") is None and not call.unpacks_keywords:
            message = (
                f"Making an SMTP EmailBackend oneself {self.since(ctx.target)}: configure it in MAILERS, and take "
                "django.core.mail.mailers[...]"
            )
            yield self.finding(ctx, call.node.func, message)


rule = EmailBackendDirect(
    "DUR7029",
    ("django.core.mail.backends.smtp.EmailBackend",),
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

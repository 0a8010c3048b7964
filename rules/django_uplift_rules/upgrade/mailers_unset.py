from django_uplift.api import Confidence, Context, Found, Rule
from django_uplift_rules.kinds import may_be_settings_root, settings_root


class MailersUnset(Rule):
    """There is no default mailer; old settings in place of it have findings of their own."""

    words = ("INSTALLED_APPS", "ROOT_URLCONF")
    any_words = ("ROOT_URLCONF",)

    def prefilter(self, data: bytes) -> bool:
        """The file itself says nothing of mail, and may be a settings module."""
        if b"MAILERS" in data or b"EMAIL_" in data:
            return False
        return may_be_settings_root(data)

    def file(self, ctx: Context) -> Found:
        """A settings module that is whole, of a project that sends mail."""
        place = settings_root(ctx)
        if place is None or ctx.mentioned("MAILERS") or ctx.mentioned("EMAIL_"):
            return
        if ctx.mentioned("django.core.mail") and not ctx.star_imported:
            message = (
                f"Sending mail without the setting MAILERS {self.since(ctx.target)}: set a default mailer"
            )
            yield self.finding(ctx, place, message, confidence=Confidence.LIKELY)


rule = MailersUnset(
    "DUR7027",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import declared, receiver

_OLD = frozenset(
    f"email.mime.{module}.{name}"
    for module, name in (
        ("application", "MIMEApplication"),
        ("audio", "MIMEAudio"),
        ("base", "MIMEBase"),
        ("image", "MIMEImage"),
        ("message", "MIMEMessage"),
        ("multipart", "MIMEMultipart"),
        ("nonmultipart", "MIMENonMultipart"),
        ("text", "MIMEText"),
    )
)
_MESSAGES = frozenset(
    f"django.core.mail.{module}{name}"
    for module in ("", "message.")
    for name in ("EmailMessage", "EmailMultiAlternatives")
)


class MimebaseAttachment(Rule):
    """Parts made by Python's older email API; the standard library's messages have an ``attach()`` too."""

    calls = tuple(_MESSAGES)
    methods = ("attach",)
    words = ("email",)

    def prefilter(self, data: bytes) -> bool:
        """The older API is imported."""
        return b"email.mime" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """``message.attach(part)``, on a message of Django's."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        part = call.argument("filename", 0)
        if part is not None and receiver(function.value, "", ctx, on=_MESSAGES) is not None:
            yield from self._part(part, ctx)

    def call(self, call: Call, ctx: Context) -> Found:
        """``EmailMessage(attachments=[part])``."""
        parts = call.keyword("attachments")
        if parts is not None and isinstance(parts.value, (ast.List, ast.Tuple)):
            for part in parts.value.elts:
                yield from self._part(part, ctx)

    def _part(self, part: ast.expr, ctx: Context) -> Found:
        if declared(part, ctx) in _OLD:
            message = (
                f"A part of Python's older email API as an attachment {self.since(ctx.target)}: attach the name, "
                "content and type, or an email.message.MIMEPart"
            )
            yield self.finding(ctx, part, message, confidence=Confidence.PROVEN)


rule = MimebaseAttachment(
    "DUR7025",
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)

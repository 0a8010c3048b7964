import ast
import re

from django_uplift.api import Confidence, Context, Found, Rule
from django_uplift_rules.kinds import is_instance, name_span

_MESSAGES = frozenset(
    f"django.core.mail.{module}{name}"
    for module in ("", "message.")
    for name in ("EmailMessage", "EmailMultiAlternatives")
)


_READ = re.compile(rb"\.\s*connection\b")


class MessageConnection(Rule):
    """The attribute, on what is known to be a message; the argument is another rule's."""

    nodes = (ast.Attribute,)
    words = ("connection",)
    any_words = ("EmailMessage", "EmailMultiAlternatives")

    def prefilter(self, data: bytes) -> bool:
        """Whether something has an attribute of that name."""
        return _READ.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A read or an assignment."""
        assert isinstance(node, ast.Attribute)
        if (
            node.attr == "connection"
            and is_instance(node.value, ctx, _MESSAGES)
            and not ctx.guarded(node, "connection")
        ):
            message = (
                f"EmailMessage.connection {self.since(ctx.target)}: choose the mailer by send(using=...)"
            )
            yield self.finding(ctx, name_span(node, ctx), message, confidence=Confidence.PROVEN)


rule = MessageConnection(
    "DUR7028",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Edit, Finding
from django_uplift_rules.kinds import Arguments


class ModelMultipleChoiceListMessage(Arguments):
    """The message has the key that `MultipleChoiceField` uses."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A dictionary of messages that is written out."""
        messages = call.argument("error_messages")
        if not isinstance(messages, ast.Dict):
            return
        keys = {key.value: key for key in messages.keys if isinstance(key, ast.Constant)}
        old = keys.get("list")
        if old is None or "invalid_list" in keys:
            return
        message = (
            f"The error message 'list' of ModelMultipleChoiceField {self.since(ctx.target)}: "
            "its key is 'invalid_list'"
        )
        span = ctx.span(old)
        fix = None
        if ctx.source(old)[1:-1] == "list":
            fix = ctx.fix("Rename to invalid_list", [Edit(span.start + 1, span.end - 1, "invalid_list")])
        yield self.finding(ctx, old, message, fix)


rule = ModelMultipleChoiceListMessage(
    "DUR4021",
    ("django.forms.ModelMultipleChoiceField",),
    ("error_messages",),
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="3.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

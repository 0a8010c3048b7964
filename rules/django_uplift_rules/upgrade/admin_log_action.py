import ast

from django_uplift.api import Call, Confidence, Context, Found
from django_uplift_rules.kinds import MODEL_ADMINS, RemovedMethod, name_span

_LOG_ENTRIES = (
    "django.contrib.admin.models.LogEntry.objects",
    "django.contrib.admin.models.LogEntry._default_manager",
)


class AdminLogAction(RemovedMethod):
    """The admin's methods, and those of the manager of log entries."""

    def method(self, call: Call, ctx: Context) -> Found:
        """``LogEntry.objects.log_action(...)`` has a name of its own, the admin's methods are called on ``self``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if ctx.resolve(function.value) in _LOG_ENTRIES and function.attr == "log_action":
            message = f"{function.attr}() {self.since(ctx.target)}: {self.advice[function.attr]}"
            yield self.finding(ctx, name_span(function, ctx), message, confidence=Confidence.PROVEN)
        else:
            yield from super().method(call, ctx)


rule = AdminLogAction(
    "DUR6012",
    {
        "log_deletion": "call log_deletions() with the request and a queryset",
        "log_action": "call log_actions() with the user's id, a queryset and the flag",
    },
    on=(*MODEL_ADMINS, "django.contrib.admin.models.LogEntryManager"),
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

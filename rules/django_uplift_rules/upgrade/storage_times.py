import ast

from django_uplift.api import Call, Confidence, Context, Found
from django_uplift_rules.kinds import RemovedMethod, name_span

_ADVICE = "call get_{}(), which gives an aware time if USE_TZ is set"
_INSTANCES = (
    "django.core.files.storage.default_storage",
    "django.contrib.staticfiles.storage.staticfiles_storage",
)


class StorageTimes(RemovedMethod):
    """Methods of storages: of Django's own two under any name, and of what is called a storage."""

    def method(self, call: Call, ctx: Context) -> Found:
        """A method of that name is called."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if ctx.resolve(function.value) in _INSTANCES:
            message = f"{function.attr}() {self.since(ctx.target)}: {self.advice[function.attr]}"
            yield self.finding(ctx, name_span(function, ctx), message, confidence=Confidence.PROVEN)
        else:
            yield from super().method(call, ctx)


rule = StorageTimes(
    "DUR2026",
    {name: _ADVICE.format(name) for name in ("accessed_time", "created_time", "modified_time")},
    on=(
        "django.core.files.storage.Storage",
        "django.core.files.storage.FileSystemStorage",
        "django.core.files.storage.DefaultStorage",
        "django.contrib.staticfiles.storage.StaticFilesStorage",
        "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    ),
    called=("storage", "default_storage", "staticfiles_storage", "source_storage"),
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

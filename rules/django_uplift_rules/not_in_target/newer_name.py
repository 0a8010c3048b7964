from __future__ import annotations

from collections.abc import Iterator

from django_uplift.api import Context, Finding, Lack, Lacking
from django_uplift_rules.not_in_target import MissingName, elsewhere, place, uses

# What does the same on older releases.
_BEFORE = {
    "django.db.models.JSONField": "use django.contrib.postgres.fields.JSONField",
    "django.urls": "use django.core.urlresolvers",
    "django.utils.functional.classproperty": "use django.utils.decorators.classproperty",
    "django.shortcuts.aget_object_or_404": "await the queryset's aget() and raise Http404",
    "django.contrib.auth.aget_user": "use sync_to_async(get_user)",
    "django.contrib.auth.alogin": "use sync_to_async(login)",
    "django.contrib.auth.alogout": "use sync_to_async(logout)",
    "django.contrib.auth.aauthenticate": "use sync_to_async(authenticate)",
    "django.utils.csp": "use django-csp",
    "django.middleware.csp": "use django-csp",
    "django.tasks": "use django-tasks, or a task queue",
    "django.db.models.TextChoices": "use a tuple of choices",
    "django.db.models.IntegerChoices": "use a tuple of choices",
}


class NewerName(MissingName):
    """An import or an attribute access of something that only a later release brings."""

    lack = Lack.NEWER

    def missing(self, found: Lacking, ctx: Context) -> Iterator[Finding]:
        """One finding a place."""
        assert found.presence is not None
        release = found.presence.next_after(ctx.target)
        other = elsewhere(found.name, ctx.target)
        advice = _BEFORE.get(found.name) or (f"there it is {other}" if other else "")
        message = f"{found.name} needs Django {release}, the target is {ctx.target}"
        if advice:
            message = f"{message}: {advice}"
        yield self.finding(ctx, place(found, ctx), message, uses=uses(found, ctx))


rule = NewerName("DUN0001")

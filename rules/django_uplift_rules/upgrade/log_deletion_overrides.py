from django_uplift_rules.kinds import MODEL_ADMINS, RemovedMember


class LogDeletionOverrides(RemovedMember):
    """Methods of these names, where the admin's classes are near."""

    def prefilter(self, data: bytes) -> bool:
        """Other classes have a method of such a name."""
        return (b"def log_deletion" in data and b"dmin" in data) or (
            b"def log_action" in data and b"LogEntryManager" in data
        )


rule = LogDeletionOverrides(
    "DUR6025",
    {
        "log_deletion": "Django calls log_deletions(), with a queryset",
        "log_action": "Django calls log_actions(), with a queryset",
    },
    on=(*MODEL_ADMINS, "django.contrib.admin.models.LogEntryManager"),
    instead={"log_deletion": "log_deletions", "log_action": "log_actions"},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)

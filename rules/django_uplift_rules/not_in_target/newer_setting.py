from __future__ import annotations

from functools import cache

from django_uplift.api import Context, Found, Release, Rule, Setting, Severity, names_table

# Without them a site is less safe than its settings say.
_PROTECTS = ("SECURE_", "CSRF_", "SESSION_", "LANGUAGE_COOKIE_", "DATA_UPLOAD_", "SECRET_")


@cache
def _newer(target: Release) -> frozenset[bytes]:
    table = names_table()
    if not table.covers(target):
        return frozenset()
    known = ((name, table.setting(name)) for name in table.late_settings)
    return frozenset(name.encode() for name, setting in known if setting and target not in setting.presence)


class NewerSetting(Rule):
    """A setting that the target does not read yet."""

    default_severity = Severity.HINT

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.settings = tuple(sorted(names_table().late_settings))

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """Whether a setting stands in the file that the target does not read yet."""
        return not words.isdisjoint(_newer(target))

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The setting is given a value."""
        known = names_table().setting(setting.name)
        if known is None or ctx.target in known.presence or not names_table().covers(ctx.target):
            return
        release = known.presence.next_after(ctx.target)
        if (
            release is None
            or ctx.claimed(f"django.conf.settings.{setting.name}")
            or ctx.excused(setting.node)
        ):
            return
        severity = Severity.WARNING if setting.name.startswith(_PROTECTS) else Severity.HINT
        message = (
            f"The setting {setting.name} has no effect before Django {release}, the target is {ctx.target}: "
            "it is silently ignored"
        )
        yield self.finding(ctx, setting.place, message, severity=severity)


rule = NewerSetting("DUN0006")

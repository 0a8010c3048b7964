from __future__ import annotations

import ast
import difflib
import re
from functools import cache

from django_uplift.api import Context, Found, Release, Rule, Severity, names_table

# Settings that guides and assistants make up, and what was meant.
_MEANT = {
    "SECURE_DEFAULTS": (
        "set SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS, SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE one by one"
    ),
    "SECURE_FRAME_DENY": "set X_FRAME_OPTIONS",
    "SECURE_X_FRAME_OPTIONS": "set X_FRAME_OPTIONS",
    "SECURE_SSL_ENABLED": "set SECURE_SSL_REDIRECT",
    "SECURE_HSTS_ENABLED": "set SECURE_HSTS_SECONDS",
    "SECURE_COOKIES": "set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE",
    "SESSION_TIMEOUT": "set SESSION_COOKIE_AGE",
    "CSRF_ALLOWED_ORIGINS": "set CSRF_TRUSTED_ORIGINS",
    "EMAIL_USERNAME": "set EMAIL_HOST_USER",
    "EMAIL_PASSWORD": "set EMAIL_HOST_PASSWORD",
    "EMAIL_USER": "set EMAIL_HOST_USER",
    "DEFAULT_EMAIL": "set DEFAULT_FROM_EMAIL",
    "DEFAULT_TIMEZONE": "set TIME_ZONE",
    "FILE_UPLOAD_MAX_SIZE": "set DATA_UPLOAD_MAX_MEMORY_SIZE, or limit it in the form",
    "USE_HTTPS": "set SECURE_SSL_REDIRECT",
}
_FAMILIES = (
    "ALLOWED_", "APPEND_", "CACHE_MIDDLEWARE_", "CSRF_", "DATA_UPLOAD_", "DEFAULT_", "DISALLOWED_", "EMAIL_",
    "FILE_UPLOAD_", "LANGUAGE_COOKIE_", "LOGIN_", "LOGOUT_", "PASSWORD_RESET_", "SECRET_", "SECURE_", "SESSION_",
    "STATICFILES_", "USE_",
)  # fmt: skip
_FAMILY_BYTES = tuple(family.encode() for family in _FAMILIES)
_ASSIGNED = re.compile(rb"((?:" + b"|".join(_FAMILY_BYTES) + rb")[A-Z0-9_]+)[\s\\]*[:=](?!=)")
_MANY = 10
"""Names for which a file is parsed, as comparing them takes longer."""
_CLOSE = 0.88
"""How alike two names must be for one to be a slip of the other (`difflib`): a letter or two."""


class UnknownSetting(Rule):
    """A setting that looks like one of Django's, that no release has, and that nobody reads."""

    default_severity = Severity.WARNING

    def __init__(self, code: str) -> None:
        super().__init__(code)
        # A settings module sets something that is Django's, too.
        self.any_words = (*sorted(names_table().settings), *_MEANT)

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """Whether a name of one of Django's families is assigned that is none of Django's."""
        if not any(family in data for family in _FAMILY_BYTES):
            return False
        known = names_table().settings
        names = {name.decode() for name in _ASSIGNED.findall(data)} - known
        return len(names) > _MANY or any(name in _MEANT or _nearest(name, target) for name in names)

    def file(self, ctx: Context) -> Found:
        """The settings that the module sets."""
        table = names_table()
        names = {name.decode() for name in _ASSIGNED.findall(ctx.text.encode("utf-8", "replace"))}
        wanted = {name for name in names - table.settings if name in _MEANT or _nearest(name, ctx.target)}
        for setting in ctx.assigned(frozenset(wanted)) if wanted else ():
            if isinstance(setting.node, (ast.keyword, ast.Constant)) or ctx.excused(setting.node):
                continue
            if ctx.read_anywhere(setting.name):
                continue
            near = _nearest(setting.name, ctx.target)
            advice = _MEANT.get(setting.name) or f"did you mean {near}?"
            message = f"Django has no setting {setting.name}, and nothing here reads it: {advice}"
            yield self.finding(ctx, setting.place, message)


@cache
def _nearest(name: str, target: Release) -> str | None:
    table = names_table()
    if not table.covers(target):
        return None
    there = [s for s in sorted(table.settings) if (known := table.setting(s)) and target in known.presence]
    near = difflib.get_close_matches(name, there, n=1, cutoff=_CLOSE)
    return near[0] if near else None


rule = UnknownSetting("DUN0008")

"""Django's re-exports: one name for what several modules offer.

Rules name things as Django's documentation does (`django.db.models.CheckConstraint`); code may import them from
where they are defined or from another re-export.
"""

from __future__ import annotations

_DB_MODELS = "django.db.models"
_FORMS = "django.forms"
_TEST = "django.test"
_URLS = "django.urls"
_HTTP = "django.http"

# Module -> the module whose documentation describes its names. Only direct members are renamed.
_PUBLIC_HOME: dict[str, str] = {
    "django.contrib.gis.db.models": _DB_MODELS,
    **{
        f"{_DB_MODELS}.{name}": _DB_MODELS
        for name in (
            "aggregates",
            "base",
            "constraints",
            "deletion",
            "enums",
            "expressions",
            "fields",
            "fields.files",
            "fields.generated",
            "fields.json",
            "fields.proxy",
            "fields.related",
            "indexes",
            "manager",
            "query",
            "query_utils",
        )
    },
    "django.contrib.gis.forms": _FORMS,
    **{
        f"{_FORMS}.{name}": _FORMS
        for name in ("boundfield", "fields", "forms", "formsets", "models", "widgets")
    },
    **{f"{_TEST}.{name}": _TEST for name in ("client", "testcases", "utils")},
    **{
        f"{_URLS}.{name}": _URLS
        for name in ("base", "conf", "converters", "exceptions", "resolvers", "utils")
    },
    **{f"{_HTTP}.{name}": _HTTP for name in ("cookie", "request", "response")},
    "django.core.mail.message": "django.core.mail",
    "django.contrib.postgres.aggregates.general": "django.contrib.postgres.aggregates",
    "django.contrib.postgres.aggregates.statistics": "django.contrib.postgres.aggregates",
    "django.contrib.postgres.fields.array": "django.contrib.postgres.fields",
    "django.contrib.postgres.fields.citext": "django.contrib.postgres.fields",
    "django.contrib.postgres.fields.hstore": "django.contrib.postgres.fields",
    "django.contrib.postgres.fields.jsonb": "django.contrib.postgres.fields",
    "django.contrib.postgres.fields.ranges": "django.contrib.postgres.fields",
    "django.contrib.admin.decorators": "django.contrib.admin",
    "django.contrib.admin.options": "django.contrib.admin",
    "django.contrib.admin.sites": "django.contrib.admin",
    "django.contrib.admin.filters": "django.contrib.admin",
    "django.db.models.functions.comparison": "django.db.models.functions",
    "django.db.models.functions.datetime": "django.db.models.functions",
    "django.db.models.functions.math": "django.db.models.functions",
    "django.db.models.functions.text": "django.db.models.functions",
    "django.db.models.functions.window": "django.db.models.functions",
    "django.db.migrations.operations": "django.db.migrations",
    "django.db.migrations.operations.fields": "django.db.migrations",
    "django.db.migrations.operations.models": "django.db.migrations",
    "django.db.migrations.operations.special": "django.db.migrations",
    "django.db.migrations.migration": "django.db.migrations",
    **{
        f"django.contrib.postgres.forms.{name}": "django.contrib.postgres.forms"
        for name in ("array", "hstore", "jsonb", "ranges")
    },
    **{
        f"django.views.generic.{name}": "django.views.generic"
        for name in ("base", "dates", "detail", "edit", "list")
    },
    "django.dispatch.dispatcher": "django.dispatch",
    "django.template.base": "django.template",
    "django.template.context": "django.template",
    "django.template.engine": "django.template",
    "django.contrib.messages.api": "django.contrib.messages",
}

# Single names that another module documents.
_PUBLIC_NAMES = {
    "django.views.generic.View": "django.views.View",
    "django.views.generic.base.View": "django.views.View",
    "django.core.management.BaseCommand": "django.core.management.base.BaseCommand",
    "django.core.management.CommandError": "django.core.management.base.CommandError",
    "django.contrib.gis.admin.ModelAdmin": "django.contrib.admin.ModelAdmin",
    "django.contrib.gis.admin.TabularInline": "django.contrib.admin.TabularInline",
    "django.contrib.gis.admin.StackedInline": "django.contrib.admin.StackedInline",
    "django.contrib.auth.models.AbstractBaseUser": "django.contrib.auth.base_user.AbstractBaseUser",
    "django.contrib.auth.models.BaseUserManager": "django.contrib.auth.base_user.BaseUserManager",
}

# Names that a package exports although its submodules define more under the same name.
_NOT_REEXPORTED = {"django.db.models.fields.related.RECURSIVE_RELATIONSHIP_CONSTANT"}


def spellings(module: str) -> tuple[str, ...]:
    """The modules under which code can find what `module` documents: itself, and where its members are defined."""
    return (module, *(other for other, home in _PUBLIC_HOME.items() if home == module and other != module))


def canonical(name: str) -> str:
    """The documented qualified name of what `name` refers to; `name` itself where it has but one.

    Works on members of members too: `django.db.models.query.QuerySet.count` gives
    `django.db.models.QuerySet.count`.
    """
    if not name.startswith("django.") or name in _NOT_REEXPORTED:
        return name
    at = name.rfind(".")
    while at > 0:
        start, rest = name[:at], name[at:]
        home = _PUBLIC_HOME.get(start)
        if home is not None:
            member, dot, _ = rest[1:].partition(".")
            # A lower-case first part with something behind it is a submodule that exports its own names.
            return name if dot and member.islower() else _single(home + rest)
        at = name.rfind(".", 0, at)
    return _single(name)


def _single(name: str) -> str:
    known = _PUBLIC_NAMES.get(name)
    if known is not None:
        return known
    owner, _, member = name.rpartition(".")
    return f"{_PUBLIC_NAMES[owner]}.{member}" if owner in _PUBLIC_NAMES else name

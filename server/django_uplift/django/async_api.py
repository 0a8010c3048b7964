"""Django's own callables by what they do on an event loop, with their async twins. Facts, no logic.

A key is a documented qualified name: of a function, or of a class and its method.
"""

from __future__ import annotations

from typing import NamedTuple

from django_uplift.django.orm import V41, V50, V51, V52, V60, V61
from django_uplift.django.releases import Release


class Sync(NamedTuple):
    """A sync callable. `effect` is 'query' (raises on a loop), 'maybe' (raises in most uses), or 'blocks'."""

    effect: str
    twin: str = ""
    """The async name: a method's of the same object, or a function's in the same module."""
    since: Release | None = None
    result: str = ""
    bypasses: bool = False
    """Whether the twin ignores an override of the sync one."""
    why: str = ""


_AUTH = "django.contrib.auth"
_USER = "django.contrib.auth.models"
_SESSION = "django.contrib.sessions.backends.base.SessionBase"
_TX = "django.db.transaction"
_CACHE = "django.core.cache.backends.base.BaseCache"
_FORM = "django.forms.ModelForm"
_PAGE = "django.core.paginator"

FUNCTIONS: dict[str, Sync] = {
    "django.shortcuts.get_object_or_404": Sync("query", "aget_object_or_404", V50, "first-arg-instance"),
    "django.shortcuts.get_list_or_404": Sync("query", "aget_list_or_404", V50, "first-arg-list"),
    f"{_AUTH}.authenticate": Sync("maybe", "aauthenticate", V50, "user-or-none"),
    f"{_AUTH}.login": Sync("query", "alogin", V50),
    f"{_AUTH}.logout": Sync("query", "alogout", V50),
    f"{_AUTH}.get_user": Sync("maybe", "aget_user", V50, "user"),
    f"{_AUTH}.update_session_auth_hash": Sync("query", "aupdate_session_auth_hash", V50),
    "django.db.models.prefetch_related_objects": Sync("query", "aprefetch_related_objects", V50),
    "django.contrib.sites.shortcuts.get_current_site": Sync("maybe"),
    "django.core.management.call_command": Sync("maybe", why="the command runs here, queries and all"),
    f"{_TX}.on_commit": Sync("query"),
    f"{_TX}.savepoint": Sync("query"),
    f"{_TX}.savepoint_commit": Sync("query"),
    f"{_TX}.savepoint_rollback": Sync("query"),
    f"{_TX}.commit": Sync("query"),
    f"{_TX}.rollback": Sync("query"),
    f"{_TX}.get_autocommit": Sync("query"),
    f"{_TX}.set_autocommit": Sync("query"),
    "django.db.connection.cursor": Sync("query", result="cursor"),
    "django.db.connection.ensure_connection": Sync("query"),
    "django.db.connection.connect": Sync("query"),
    "django.db.connection.close": Sync("query"),
    "django.db.connection.commit": Sync("query"),
    "django.db.connection.rollback": Sync("query"),
    "django.db.connection.savepoint": Sync("query"),
    "django.db.connection.get_autocommit": Sync("query"),
    "django.db.connection.set_autocommit": Sync("query"),
    "django.db.connection.schema_editor": Sync("query"),
    "django.db.connection.introspection.table_names": Sync("query"),
}

METHODS: dict[str, dict[str, Sync]] = {
    "django.contrib.auth.base_user.AbstractBaseUser": {
        "check_password": Sync(
            "blocks", "acheck_password", V61, why="it hashes; acheck_password does so in a thread since 6.1"
        ),
        "set_password": Sync("blocks", why="it hashes"),
    },
    "django.contrib.auth.models.PermissionsMixin": {
        "has_perm": Sync("query", "ahas_perm", V52, "bool", bypasses=True),
        "has_perms": Sync("query", "ahas_perms", V52, "bool", bypasses=True),
        "has_module_perms": Sync("query", "ahas_module_perms", V52, "bool", bypasses=True),
        "get_all_permissions": Sync("query", "aget_all_permissions", V52, bypasses=True),
        "get_group_permissions": Sync("query", "aget_group_permissions", V52, bypasses=True),
        "get_user_permissions": Sync("query", "aget_user_permissions", V52, bypasses=True),
    },
    _SESSION: {
        "get": Sync("maybe", "aget", V51, bypasses=True),
        "__getitem__": Sync("maybe", "aget", V51),
        "__setitem__": Sync("maybe", "aset", V51),
        "__contains__": Sync("maybe", "ahas_key", V51),
        "__delitem__": Sync("maybe", "apop", V51),
        "has_key": Sync("maybe", "ahas_key", V51),
        "keys": Sync("maybe", "akeys", V51),
        "values": Sync("maybe", "avalues", V51),
        "items": Sync("maybe", "aitems", V51),
        "pop": Sync("maybe", "apop", V51),
        "setdefault": Sync("maybe", "asetdefault", V51),
        "update": Sync("maybe", "aupdate", V51),
        "save": Sync("query", "asave", V51, bypasses=True),
        "load": Sync("query", "aload", V51, bypasses=True),
        "exists": Sync("query", "aexists", V51),
        "create": Sync("query", "acreate", V51),
        "delete": Sync("query", "adelete", V51),
        "flush": Sync("query", "aflush", V51),
        "cycle_key": Sync("query", "acycle_key", V51),
        "set_expiry": Sync("maybe", "aset_expiry", V51),
        "get_expiry_age": Sync("maybe", "aget_expiry_age", V51),
        "get_expiry_date": Sync("maybe", "aget_expiry_date", V51),
        "set_test_cookie": Sync("maybe", "aset_test_cookie", V51),
        "test_cookie_worked": Sync("maybe", "atest_cookie_worked", V51),
        "delete_test_cookie": Sync("maybe", "adelete_test_cookie", V51),
        "clear_expired": Sync("query", "aclear_expired", V51),
    },
    "django.contrib.auth.models.UserManager": {
        "create_user": Sync("query", "acreate_user", V52, "instance", bypasses=True),
        "create_superuser": Sync("query", "acreate_superuser", V52, "instance", bypasses=True),
        "get_by_natural_key": Sync("query", "aget_by_natural_key", V52, "instance"),
    },
    "django.contrib.auth.models.GroupManager": {
        "get_by_natural_key": Sync("query", "aget_by_natural_key", V52, "instance"),
    },
    "django.contrib.contenttypes.models.ContentTypeManager": {
        "get_for_model": Sync("maybe", result="instance"),
        "get_for_id": Sync("maybe", result="instance"),
        "get_for_models": Sync("maybe"),
        "get_by_natural_key": Sync("maybe", result="instance"),
    },
    "django.contrib.sites.models.SiteManager": {
        "get_current": Sync("maybe", result="instance"),
    },
    _FORM: {
        "save": Sync("query", result="form-instance"),
    },
    "django.dispatch.Signal": {
        "send": Sync("maybe", "asend", V50, why="its receivers run on the event loop"),
        "send_robust": Sync("maybe", "asend_robust", V50, why="its receivers run on the event loop"),
    },
    f"{_PAGE}.Paginator": {
        "page": Sync("query", result="page"),
        "get_page": Sync("query", result="page"),
        "get_elided_page_range": Sync("query"),
        "validate_number": Sync("query"),
    },
    _CACHE: {
        name: Sync("blocks", f"a{name}", Release(4, 0))
        for name in [
            "get",
            "set",
            "add",
            "delete",
            "touch",
            "get_many",
            "set_many",
            "delete_many",
            "get_or_set",
            "has_key",
            "incr",
            "decr",
            "clear",
            "incr_version",
            "decr_version",
            "close",
        ]
    },
    "django.core.mail.EmailMessage": {"send": Sync("blocks", why="it talks to the mail server")},
    "django.core.files.storage.Storage": {
        name: Sync("blocks", why="it reads or writes files, perhaps over the network")
        for name in ("save", "open", "delete", "exists", "listdir", "size", "path")
    },
    "django.db.models.fields.files.FieldFile": {
        **{
            name: Sync("maybe", why="it writes the file, and saves the object too unless save=False")
            for name in ("save", "delete")
        },
        **{
            name: Sync("blocks", why="it reads a file, perhaps over the network") for name in ("open", "read")
        },
    },
    "django.db.backends.utils.CursorWrapper": {
        name: Sync("query")
        for name in ("execute", "executemany", "callproc", "fetchone", "fetchall", "fetchmany")
    },
    "django.tasks.base.Task": {
        "enqueue": Sync("maybe", "aenqueue", V60),
        "get_result": Sync("maybe", "aget_result", V60),
    },
    "django.test.Client": {
        name: Sync("query", why="the test client runs the view here")
        for name in ("get", "post", "put", "patch", "delete", "head", "options", "trace")
    }
    | {
        "login": Sync("query", "alogin", V50),
        "logout": Sync("query", "alogout", V50),
        "force_login": Sync("query", "aforce_login", V50),
    },
    **{
        f"{package}.serializers.{name}ModelSerializer": {"save": Sync("query")}
        for package, name in (("rest_framework", ""), ("rest_framework", "Hyperlinked"), ("adrf", ""))
    },
    "django.test.AsyncClient": {
        "login": Sync("query", "alogin", V50),
        "logout": Sync("query", "alogout", V50),
        "force_login": Sync("query", "aforce_login", V50),
    },
}
PROPERTIES: dict[str, dict[str, Sync]] = {
    f"{_PAGE}.Paginator": {"count": Sync("query"), "num_pages": Sync("query"), "page_range": Sync("query")},
}
CONTEXT_MANAGERS: dict[str, str] = {
    f"{_TX}.atomic": "transaction.atomic()",
}

# Async names, and the release that has them: asked for on an older target they don't exist.
SINCE: dict[str, Release] = (
    {f"django.shortcuts.{name}": V50 for name in ("aget_object_or_404", "aget_list_or_404")}
    | {
        f"{_AUTH}.{name}": V50
        for name in ("aauthenticate", "alogin", "alogout", "aget_user", "aupdate_session_auth_hash")
    }
    | {
        "django.core.paginator.AsyncPaginator": V60,
        "django.db.models.aprefetch_related_objects": V50,
    }
)
REQUEST_SINCE: dict[str, Release] = {"auser": V50}

__all__ = ["CONTEXT_MANAGERS", "FUNCTIONS", "METHODS", "PROPERTIES", "REQUEST_SINCE", "SINCE", "V41", "Sync"]

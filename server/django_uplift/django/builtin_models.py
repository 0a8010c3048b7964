"""Django's own models, as far as code of projects reaches into them."""

from __future__ import annotations

from typing import NamedTuple


class BuiltinField(NamedTuple):
    """`kind` is 'plain', 'fk', 'o2o', 'm2m', 'gfk' or 'generic'."""

    kind: str
    target: str = ""
    related_name: str = ""


class BuiltinModel(NamedTuple):
    """A model of a Django app; the fields that are not relations matter only for `only()` and `defer()`."""

    fields: dict[str, BuiltinField]
    manager: str = "django.db.models.Manager"
    bases: tuple[str, ...] = ("django.db.models.Model",)
    abstract: bool = False
    methods: tuple[str, ...] = ()


def _plain(names: str) -> dict[str, BuiltinField]:
    return {name: BuiltinField("plain") for name in names.split()}


_AUTH = "django.contrib.auth.models"
_BASE_USER = "django.contrib.auth.base_user.AbstractBaseUser"
_MIXIN = f"{_AUTH}.PermissionsMixin"
_CT = "django.contrib.contenttypes.models.ContentType"
_PERSON = _plain("username first_name last_name email is_staff is_active date_joined")

MODELS: dict[str, BuiltinModel] = {
    "django.db.models.Model": BuiltinModel({}, bases=(), abstract=True),
    _BASE_USER: BuiltinModel(_plain("password last_login"), abstract=True),
    _MIXIN: BuiltinModel(
        {
            **_plain("is_superuser"),
            "groups": BuiltinField("m2m", f"{_AUTH}.Group", "user_set"),
            "user_permissions": BuiltinField("m2m", f"{_AUTH}.Permission", "user_set"),
        },
        abstract=True,
    ),
    f"{_AUTH}.AbstractUser": BuiltinModel(
        _PERSON, f"{_AUTH}.UserManager", (_BASE_USER, _MIXIN), abstract=True
    ),
    f"{_AUTH}.User": BuiltinModel({}, f"{_AUTH}.UserManager", (f"{_AUTH}.AbstractUser",)),
    f"{_AUTH}.Group": BuiltinModel(
        {**_plain("name"), "permissions": BuiltinField("m2m", f"{_AUTH}.Permission", "group_set")},
        f"{_AUTH}.GroupManager",
    ),
    f"{_AUTH}.Permission": BuiltinModel({**_plain("name codename"), "content_type": BuiltinField("fk", _CT)}),
    _CT: BuiltinModel(_plain("app_label model"), "django.contrib.contenttypes.models.ContentTypeManager"),
    "django.contrib.sessions.base_session.AbstractBaseSession": BuiltinModel(
        _plain("session_key session_data expire_date"), abstract=True
    ),
    "django.contrib.sessions.models.Session": BuiltinModel(_plain("session_key session_data expire_date")),
    "django.contrib.sites.models.Site": BuiltinModel(
        _plain("domain name"), "django.contrib.sites.models.SiteManager"
    ),
    "django.contrib.flatpages.models.FlatPage": BuiltinModel(
        {**_plain("url title content"), "sites": BuiltinField("m2m", "django.contrib.sites.models.Site")}
    ),
    "django.contrib.redirects.models.Redirect": BuiltinModel(
        {**_plain("old_path new_path"), "site": BuiltinField("fk", "django.contrib.sites.models.Site")}
    ),
    "django.contrib.admin.models.LogEntry": BuiltinModel(
        {
            **_plain("action_time object_id object_repr action_flag change_message"),
            "user": BuiltinField("fk", "AUTH_USER"),
            "content_type": BuiltinField("fk", _CT),
        }
    ),
    # Bases from packages that most projects have, so that their models are known without the packages' source.
    "model_utils.models.TimeStampedModel": BuiltinModel(_plain("created modified"), abstract=True),
    "model_utils.models.SoftDeletableModel": BuiltinModel(_plain("is_removed"), abstract=True),
    "model_utils.models.StatusModel": BuiltinModel(_plain("status status_changed"), abstract=True),
    "model_utils.models.UUIDModel": BuiltinModel(_plain("id"), abstract=True),
    "django_extensions.db.models.TimeStampedModel": BuiltinModel(_plain("created modified"), abstract=True),
    "polymorphic.models.PolymorphicModel": BuiltinModel(
        {"polymorphic_ctype": BuiltinField("fk", _CT)}, abstract=True
    ),
    "mptt.models.MPTTModel": BuiltinModel(_plain("lft rght tree_id level"), abstract=True),
    "treebeard.mp_tree.MP_Node": BuiltinModel(_plain("path depth numchild"), abstract=True),
    "parler.models.TranslatableModel": BuiltinModel({}, abstract=True),
    "modelcluster.models.ClusterableModel": BuiltinModel({}, abstract=True),
    "solo.models.SingletonModel": BuiltinModel({}, abstract=True),
    "ordered_model.models.OrderedModel": BuiltinModel(_plain("order"), abstract=True),
}

# What methods of theirs read of an object, where that is not a relation.
READS: dict[str, dict[str, tuple[str, ...]]] = {
    _BASE_USER: {
        "check_password": ("password",),
        "has_usable_password": ("password",),
        "get_session_auth_hash": ("password",),
    },
    f"{_AUTH}.AbstractUser": {
        "get_username": ("username",),
        "natural_key": ("username",),
        "get_full_name": ("first_name", "last_name"),
        "get_short_name": ("first_name",),
        "clean": ("username", "email"),
    },
}

"""What the receiver of a method call is, as far as one can see; and the classes that rules ask for."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from django_uplift.api import Confidence, Context, canonical

TEST_CASES = frozenset(
    {
        *(
            f"django.test.{name}"
            for name in (
                "SimpleTestCase",
                "TransactionTestCase",
                "TestCase",
                "LiveServerTestCase",
                "SeleniumTestCase",
            )
        ),
        "django.contrib.staticfiles.testing.StaticLiveServerTestCase",
        "django.contrib.admin.tests.AdminSeleniumTestCase",
        "rest_framework.test.APISimpleTestCase",
        "rest_framework.test.APITransactionTestCase",
        "rest_framework.test.APITestCase",
        "rest_framework.test.APILiveServerTestCase",
    }
)
MODELS = frozenset(
    {
        "django.db.models.Model",
        "django.contrib.auth.models.AbstractUser",
        "django.contrib.auth.models.AbstractBaseUser",
        "django.contrib.auth.models.PermissionsMixin",
        "django.contrib.auth.models.User",
        "django.contrib.auth.base_user.AbstractBaseUser",
        "django.contrib.sessions.base_session.AbstractBaseSession",
        "wagtail.models.Page",
        "mptt.models.MPTTModel",
    }
)
MODEL_ADMINS = frozenset(
    {
        "django.contrib.admin.ModelAdmin",
        "django.contrib.auth.admin.UserAdmin",
        "django.contrib.auth.admin.GroupAdmin",
        "django.contrib.flatpages.admin.FlatPageAdmin",
        "django.contrib.gis.admin.GISModelAdmin",
        "django.contrib.gis.admin.OSMGeoAdmin",
        "django.contrib.gis.admin.GeoModelAdmin",
    }
)
INLINE_ADMINS = frozenset(
    {
        "django.contrib.admin.InlineModelAdmin",
        "django.contrib.admin.TabularInline",
        "django.contrib.admin.StackedInline",
        "django.contrib.contenttypes.admin.GenericInlineModelAdmin",
        "django.contrib.contenttypes.admin.GenericTabularInline",
        "django.contrib.contenttypes.admin.GenericStackedInline",
    }
)
COMMANDS = frozenset(
    f"django.core.management.{module}{name}"
    for module in ("", "base.")
    for name in ("BaseCommand", "AppCommand", "LabelCommand")
)


# What packages call the classes that they derive from Django's, where the package itself can't be seen.
_CONVENTIONS = {
    "django.contrib.admin.ModelAdmin": ("ModelAdmin",),
    "django.contrib.admin.InlineModelAdmin": ("TabularInline", "StackedInline", "InlineModelAdmin"),
    "django.test.TestCase": ("TestCase", "WebTest"),
    "django.core.management.BaseCommand": ("BaseCommand",),
}
_COMMAND = re.compile(r"django\.(?:contrib\.\w+|core)\.management\.commands\.\w+\.\w*Command")


def descends(
    node: ast.ClassDef, ctx: Context, bases: Collection[str], *, distinctive: bool = False
) -> Confidence | None:
    """How sure it is that a class inherits from one of `bases` (documented names); None where it does not.

    A class whose ancestors can't all be seen counts only with `distinctive`: then the member that is asked
    about has a name that nothing else is likely to have.
    """
    ancestry = ctx.ancestry(node)
    if not ancestry.names.isdisjoint(bases):
        return Confidence.PROVEN
    if "django.core.management.BaseCommand" in bases and any(map(_COMMAND.fullmatch, ancestry.names)):
        return Confidence.PROVEN
    if ancestry.complete:
        is_mixin = node.name.endswith("Mixin") and ancestry.names <= {"object"}
        return Confidence.LIKELY if distinctive and is_mixin else None
    if distinctive or any(_is_called_as(name, bases) for name in ancestry.names):
        return Confidence.LIKELY
    return None


def _is_called_as(name: str, bases: Collection[str]) -> bool:
    """Whether a class that can't be seen has the name of one that derives from one of `bases`."""
    if name.startswith("django."):
        return False
    return any(base in bases and name.endswith(endings) for base, endings in _CONVENTIONS.items())


def defines(node: ast.ClassDef, member: str) -> bool:
    """Whether the class itself has a method or attribute of that name."""
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == member:
            return True
        if isinstance(statement, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == member for t in statement.targets):
                return True
    return False


def receiver(
    node: ast.expr,
    member: str,
    ctx: Context,
    *,
    on: Collection[str],
    called: Collection[str] = (),
    distinctive: bool = False,
) -> Confidence | None:
    """How sure it is that `node` is an instance of one of the classes `on`; None if nothing says so.

    `called` are the names by which convention calls such objects (``request``): they count as likely,
    unless an annotation or an assignment says something else.
    """
    if not is_super(node) and any(defines(cls, member) for cls in ctx.tree.nodes(ast.ClassDef)):
        # A class of the file's own has such a member: whose is meant, can't be told.
        return None
    if _is_self(node):
        cls = ctx.class_of(node)
        if cls is None:
            return None
        sure = descends(cls, ctx, on, distinctive=distinctive)
        # A mixin: what it is mixed into is somewhere else.
        return sure or (Confidence.LIKELY if distinctive else None)
    told = declared(node, ctx)
    if told:
        return Confidence.PROVEN if canonical(told) in on else _unknown(told, ctx, distinctive)
    if word_for(node) in called:
        return Confidence.LIKELY
    return Confidence.POSSIBLE if distinctive else None


def word_for(node: ast.expr) -> str:
    """What an expression is called: the last word of ``self._request`` and of ``context["request"]`` is `request`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value if isinstance(node.slice.value, str) else ""
    word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return word.lstrip("_")


def _unknown(name: str, ctx: Context, distinctive: bool) -> Confidence | None:
    return Confidence.POSSIBLE if distinctive and not name.startswith("django.") else None


def _is_self(node: ast.expr) -> bool:
    return is_super(node) or (isinstance(node, ast.Name) and node.id in ("self", "cls"))


def is_super(node: ast.AST) -> bool:
    """Whether an expression is a call of ``super``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def is_instance(node: ast.expr, ctx: Context, classes: Collection[str]) -> bool:
    """Whether `node` is proven to be an instance of one of `classes`: declared so, or ``self`` in a class below one."""
    if isinstance(node, ast.Name) and node.id == "self":
        cls = ctx.class_of(node)
        return cls is not None and descends(cls, ctx, classes) is not None
    return declared(node, ctx) in classes


def declared(node: ast.expr, ctx: Context) -> str | None:
    """The class that an annotation or a constructor call gives a local name, qualified."""
    if isinstance(node, ast.Call):
        return ctx.resolve(node.func)
    if not isinstance(node, ast.Name):
        return None
    bindings = ctx.names.lookup(node.id, node)
    if len(bindings) != 1:
        return None
    (binding,) = bindings
    if isinstance(binding.node, ast.arg):
        return _annotated(binding.node.annotation, ctx)
    if isinstance(binding.value, ast.Call):
        return ctx.resolve(binding.value.func)
    return None


def _annotated(annotation: ast.expr | None, ctx: Context) -> str | None:
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return ctx.resolve(annotation) if annotation is not None else None

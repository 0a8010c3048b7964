"""Where Django settings are given values: settings modules, settings classes, overrides in tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django_uplift.names.module import ModuleNames
from django_uplift.syntax.tree import Tree, scope_of
from django_uplift.text.lines import Span

# A module that assigns several of these is a settings module, whatever its name.
_TELLING = frozenset(
    {
        "INSTALLED_APPS",
        "MIDDLEWARE",
        "MIDDLEWARE_CLASSES",
        "ROOT_URLCONF",
        "DATABASES",
        "SECRET_KEY",
        "TEMPLATES",
        "WSGI_APPLICATION",
        "ASGI_APPLICATION",
        "STATIC_URL",
        "ALLOWED_HOSTS",
        "AUTH_PASSWORD_VALIDATORS",
        "LANGUAGE_CODE",
        "TIME_ZONE",
        "USE_TZ",
        "USE_I18N",
        "DEFAULT_AUTO_FIELD",
        "DEBUG",
    }
)
_OVERRIDES = ("django.test.override_settings", "django.conf.settings.configure")
_CONFIGURATION_BASES = (
    "configurations.Configuration",
    "configurations.base.Configuration",
    "cbs.BaseSettings",
)


class Assigned(NamedTuple):
    """One setting and the place that sets it."""

    name: str
    node: ast.stmt | ast.keyword | ast.Constant
    place: Span
    value: ast.expr | None


def assigned_settings(
    tree: Tree, names: ModuleNames, path: Path, wanted: frozenset[str]
) -> Iterator[Assigned]:
    """The places where settings of `wanted` get a value."""
    is_module: bool | None = None
    for name in wanted:
        for binding in names.bindings(name):
            statement = getattr(binding.node, "parent", None)
            if not isinstance(binding.node, ast.Name) or not isinstance(
                statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)
            ):
                continue
            if isinstance(binding.scope, ast.Module):
                if is_module is None:
                    is_module = is_settings_module(tree, names, path)
                if is_module:
                    yield Assigned(name, statement, tree.span(binding.node), statement.value)
            elif isinstance(binding.scope, ast.ClassDef) and _is_settings_class(binding.scope, names):
                yield Assigned(name, statement, tree.span(binding.node), statement.value)
    yield from _overridden(tree, names, wanted)
    for attribute in tree.nodes(ast.Attribute):
        if attribute.attr in wanted and isinstance(attribute.ctx, ast.Store):
            statement = getattr(attribute, "parent", None)
            if isinstance(statement, ast.Assign) and _is_settings(attribute.value, names):
                yield Assigned(attribute.attr, statement, tree.span(attribute), statement.value)


def _is_settings(node: ast.expr, names: ModuleNames) -> bool:
    """Whether an expression is Django's settings, or the fixture of pytest-django that stands for them."""
    if names.resolve(node) == "django.conf.settings":
        return True
    if not isinstance(node, ast.Name) or node.id != "settings":
        return False
    bindings = names.lookup("settings", node)
    return len(bindings) == 1 and isinstance(bindings[0].node, ast.arg) and _takes_fixtures(bindings[0].scope)


def _takes_fixtures(function: ast.AST) -> bool:
    """Whether pytest calls a function: a test, or a fixture."""
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    decorators = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    return function.name.startswith("test_") or any(
        (each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")) == "fixture"
        for each in decorators
    )


def _overridden(tree: Tree, names: ModuleNames, wanted: frozenset[str]) -> Iterator[Assigned]:
    for call in tree.nodes(ast.Call):
        for keyword in call.keywords:
            if keyword.arg in wanted:
                if _sets_settings(call, names):
                    yield _by_keyword(keyword, tree)
            elif keyword.arg is None and _sets_settings(call, names):
                yield from _unpacked(keyword.value, tree, names, wanted)


def _by_keyword(keyword: ast.keyword, tree: Tree) -> Assigned:
    name, start = keyword.arg or "", tree.span(keyword).start
    return Assigned(name, keyword, Span(start, start + len(name)), keyword.value)


def _unpacked(node: ast.expr, tree: Tree, names: ModuleNames, wanted: frozenset[str]) -> Iterator[Assigned]:
    """What ``**settings`` brings: a dictionary that is written out there, or under a name that is bound once."""
    if isinstance(node, ast.Name):
        bindings = names.lookup(node.id, node)
        value = bindings[0].value if len(bindings) == 1 else None
        if value is None or isinstance(value, ast.Name):
            return
        node = value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        for keyword in node.keywords:
            if keyword.arg in wanted:
                yield _by_keyword(keyword, tree)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value in wanted:
                within = tree.source(key).find(key.value)
                start = tree.span(key).start + within
                place = Span(start, start + len(key.value)) if within > 0 else tree.span(key)
                yield Assigned(key.value, key, place, value)


def _sets_settings(call: ast.Call, names: ModuleNames) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "settings":
        # `with self.settings(X=...)` in a test case.
        return isinstance(function.value, ast.Name) and function.value.id in ("self", "cls")
    return names.resolve(function) in _OVERRIDES


def is_settings_module(tree: Tree, names: ModuleNames, path: Path) -> bool:
    """Whether a module is one that DJANGO_SETTINGS_MODULE names, or a part of one.

    Its name says so (``settings.py``, ``settings/base.py``, ``test_settings.py``), or it builds on a
    module whose name does, or it sets several of what every project sets.
    """
    if "settings" in path.stem.lower().split("_") or path.parent.name.lower() == "settings":
        return True
    if any(
        "settings" in part.split("_") for module in names.star_imports for part in module.lower().split(".")
    ):
        return True
    told: set[str] = set()
    for node in tree.nodes(ast.Name):
        if node.id in _TELLING and isinstance(node.ctx, ast.Store) and isinstance(scope_of(node), ast.Module):
            told.add(node.id)
            if len(told) > 1:
                return True
    return False


def _is_settings_class(node: ast.ClassDef, names: ModuleNames) -> bool:
    return any(
        names.resolve(base) in _CONFIGURATION_BASES or _is_local_settings(base, names) for base in node.bases
    )


def _is_local_settings(base: ast.expr, names: ModuleNames) -> bool:
    if not isinstance(base, ast.Name):
        return False
    return any(
        isinstance(binding.node, ast.ClassDef) and _is_settings_class(binding.node, names)
        for binding in names.lookup(base.id, base)
    )

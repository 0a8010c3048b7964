"""Settings as a whole: for rules about what they lack."""

from __future__ import annotations

import ast
import re

from django_uplift.api import Context

_ASSIGNED = rb"\b%s\b[ \t]*(?:\\\s*|:[^\r\n]*)?=(?!=)"
_APPS = re.compile(rb"\bINSTALLED_APPS\b")
_URLS = re.compile(_ASSIGNED % b"ROOT_URLCONF")
# The usual argument: a line of its own with a comma at its end.
_ARGUMENT = re.compile(rb"^[ \t]*ROOT_URLCONF=[^\r\n]*,[ \t]*\r?$", re.MULTILINE)


def may_be_settings_root(data: bytes) -> bool:
    """Whether `settings_root` may find anything in a file of these bytes."""
    if _APPS.search(data) is None:
        return False
    return len(_URLS.findall(data)) > len(_ARGUMENT.findall(data))


def settings_root(ctx: Context) -> ast.Name | None:
    """Where a settings module that is whole assigns ``ROOT_URLCONF``: one that takes nothing from others.

    It has ``INSTALLED_APPS`` beside it, both at the top level. None for any other module. Whether others take from it
    is not asked here, as that reads the project: ask `ctx.star_imported` last.
    """
    if ctx.names.star_imports:
        return None
    nodes = [
        binding.node
        for name in ("INSTALLED_APPS", "ROOT_URLCONF")
        for binding in ctx.names.bindings(name)
        if isinstance(binding.scope, ast.Module) and isinstance(binding.node, ast.Name)
    ]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    return names[-1] if {node.id for node in names} == {"INSTALLED_APPS", "ROOT_URLCONF"} else None

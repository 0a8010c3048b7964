"""Settings as a whole: for rules about what they lack."""

from __future__ import annotations

import ast
import re

from django_uplift.api import Context

_APPS = re.compile(rb"^[ \t]*INSTALLED_APPS\b", re.MULTILINE)
# Not an argument, which has a comma behind it.
_URLS = re.compile(rb"^[ \t]*ROOT_URLCONF[^=\r\n,(]*=(?!=)[^\r\n]*[^,\s][ \t]*\r?$", re.MULTILINE)


def may_be_settings_root(data: bytes) -> bool:
    """Whether `settings_root` may find anything in a file of these bytes."""
    return _URLS.search(data) is not None and _APPS.search(data) is not None


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

"""Settings as a whole: for rules about what they lack."""

from __future__ import annotations

import ast

from django_uplift.api import Context


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

"""A setting that Django no longer reads."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from django_uplift.api import (
    Confidence,
    Context,
    Edit,
    Fix,
    Found,
    Reference,
    Rule,
    Setting,
    parent,
)
from django_uplift_rules.kinds.places import is_constant, last, name_span
from django_uplift_rules.kinds.removal import remove_all

ANY = object()
"""Among the values that may go: whatever the value, the setting does nothing."""


class RemovedSetting(Rule):
    """Places that set the setting, and that read it from ``django.conf.settings``.

    `advice` maps settings to what to do. `droppable` maps settings to the constants with which removing the
    line changes nothing (`ANY`: all values); `unsafe`, if given, offers the removal for the other values
    too and says what may change. `ignored` says that Django ignores the setting once it is removed. `reads`
    asks for reads as well: there the attribute is missing.
    """

    def __init__(
        self,
        code: str,
        advice: Mapping[str, str],
        *,
        droppable: Mapping[str, Sequence[object]] | None = None,
        unsafe: str = "",
        ignored: bool = True,
        reads: bool = True,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.advice = dict(advice)
        self.settings = tuple(advice)
        self.names = tuple(f"django.conf.settings.{name}" for name in advice) if reads else ()
        self.droppable = {name: tuple(values) for name, values in (droppable or {}).items()}
        self.unsafe = unsafe
        self.ignored = ignored

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The setting is given a value."""
        gone = self.removed_in is not None and ctx.target >= self.removed_in
        silently = " and is silently ignored" if gone and self.ignored else ""
        message = (
            f"The setting {setting.name} {self.since(ctx.target)}{silently}: {self.advice[setting.name]}"
        )
        yield self.finding(ctx, setting.place, message, self.removal(setting, ctx))

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """The setting is read: without a value of the project's own there is none any more."""
        if isinstance(reference.node, ast.Attribute):
            name = last(reference.name)
            message = f"The setting {name} {self.since(ctx.target)}: don't read it; {self.advice[name]}"
            yield self.finding(ctx, name_span(reference.node, ctx), message, confidence=Confidence.LIKELY)

    def removal(self, setting: Setting, ctx: Context) -> Fix | None:
        """The fix that takes the assignment, or the keyword argument, out."""
        unsafe = "" if self._does_nothing(setting) else self.unsafe
        if not self._does_nothing(setting) and not unsafe:
            return None
        edits = remove_setting(setting, ctx)
        return ctx.fix(f"Remove {setting.name}", edits, unsafe=unsafe) if edits else None

    def _does_nothing(self, setting: Setting) -> bool:
        values = self.droppable.get(setting.name, ())
        if any(value is ANY for value in values):
            return True
        return is_constant(setting.value, values)


def remove_setting(setting: Setting, ctx: Context) -> list[Edit]:
    """The edits that take an assignment or a keyword argument out; none where something else hangs on it."""
    node = setting.node
    if isinstance(node, ast.keyword):
        call = parent(node)
        if isinstance(call, ast.Call) and len(call.args) + len(call.keywords) > 1:
            return ctx.call_of(call).remove(node)
        return []
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return remove_all([node], ctx)[node]
    return remove_all([node], ctx)[node] if isinstance(node, ast.AnnAssign) else []

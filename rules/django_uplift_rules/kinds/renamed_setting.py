"""A setting that has another name now."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from django_uplift.api import Confidence, Context, Edit, Fix, Found, Reference, Rule, Setting
from django_uplift_rules.kinds.places import last, name_span


class RenamedSetting(Rule):
    """`renames` maps settings to their new names.

    `value` is a pattern for the new value's text, such as ``"{} * 24"``; what it makes of the old one must
    be the same. A setting whose new name is set in the file too is reported without a fix.
    """

    def __init__(
        self,
        code: str,
        renames: Mapping[str, str],
        *,
        value: str = "{}",
        note: str = "",
        unsafe: str = "",
        reads: bool = True,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.renames = dict(renames)
        self.settings = tuple(renames)
        self.names = tuple(f"django.conf.settings.{name}" for name in renames) if reads else ()
        self.value = value
        self.note = note
        self.unsafe = unsafe

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The setting is given a value."""
        new = self.renames[setting.name]
        message = f"The setting {setting.name} {self.since(ctx.target)}: set {new}{self.note}"
        yield self.finding(ctx, setting.place, message, self._fix(setting, new, ctx))

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """The setting is read: without a value of the project's own there is none any more."""
        if isinstance(reference.node, ast.Attribute):
            name = last(reference.name)
            message = f"The setting {name} {self.since(ctx.target)}: read {self.renames[name]}{self.note}"
            yield self.finding(ctx, name_span(reference.node, ctx), message, confidence=Confidence.LIKELY)

    def _fix(self, setting: Setting, new: str, ctx: Context) -> Fix | None:
        if setting.value is None or isinstance(setting.node, ast.AugAssign) or ctx.names.bindings(new):
            return None
        in_call = isinstance(setting.node, (ast.keyword, ast.Constant))
        if len(ctx.names.bindings(setting.name)) > 1 and not in_call:
            return None
        if ctx.text[slice(*setting.place)] != setting.name:
            return None
        text = ctx.text[slice(*ctx.outer_span(setting.value))]
        if self.value != "{}" and isinstance(setting.value, (ast.BinOp, ast.IfExp, ast.BoolOp, ast.Lambda)):
            text = f"({text})" if not text.startswith("(") else text
        edits = [Edit(*setting.place, new)]
        if self.value != "{}":
            edits.append(Edit(*ctx.outer_span(setting.value), self.value.format(text)))
        return ctx.fix(f"Replace with {new}", edits, unsafe=self.unsafe)

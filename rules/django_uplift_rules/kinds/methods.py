"""Methods that have another name, or are gone."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import Any

from django_uplift.api import Call, Context, Edit, Found, Rule
from django_uplift_rules.kinds.places import name_span
from django_uplift_rules.kinds.receivers import receiver


class RenamedMethod(Rule):
    """Calls of a method on instances of some classes.

    `renames` maps method names to new ones. `on` are the qualified names of the classes, `called` the names
    of variables that hold such objects by convention, `distinctive` says that nothing else is likely to
    have a method of that name.
    """

    def __init__(
        self,
        code: str,
        renames: Mapping[str, str],
        *,
        on: Collection[str],
        called: Collection[str] = (),
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.renames = dict(renames)
        self.methods = tuple(renames)
        self.on = frozenset(on)
        self.called = frozenset(called)
        self.distinctive = distinctive

    def method(self, call: Call, ctx: Context) -> Found:
        """A method of that name is called."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        old = function.attr
        confidence = receiver(
            function.value, old, ctx, on=self.on, called=self.called, distinctive=self.distinctive
        )
        if confidence is not None:
            new = self.renames[old]
            message = f"{old}() {self.since(ctx.target)}: it is called {new}() now"
            place = name_span(function, ctx)
            fix = ctx.fix(f"Rename to {new}", Edit(*place, new))
            yield self.finding(ctx, place, message, fix, confidence=confidence)


class RemovedMethod(Rule):
    """Calls of a method that is gone: `advice` maps its name to what to do. Else as `RenamedMethod`."""

    def __init__(
        self,
        code: str,
        advice: Mapping[str, str],
        *,
        on: Collection[str],
        called: Collection[str] = (),
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.advice = dict(advice)
        self.methods = tuple(advice)
        self.on = frozenset(on)
        self.called = frozenset(called)
        self.distinctive = distinctive

    def method(self, call: Call, ctx: Context) -> Found:
        """A method of that name is called."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        name = function.attr
        confidence = receiver(
            function.value, name, ctx, on=self.on, called=self.called, distinctive=self.distinctive
        )
        if confidence is not None:
            message = f"{name}() {self.since(ctx.target)}: {self.advice[name]}"
            yield self.finding(ctx, name_span(function, ctx), message, confidence=confidence)

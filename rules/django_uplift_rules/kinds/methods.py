"""Methods that have another name, or are gone."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import Any

from django_uplift.api import Call, Context, Edit, Fix, Found, Rule, Span
from django_uplift_rules.kinds.places import name_span
from django_uplift_rules.kinds.receivers import receiver


class _MethodCalls(Rule):
    """Calls of a method on instances of some classes: `words` maps its name to what is said of it.

    `on` are the qualified names of the classes, `called` the names of variables that hold such objects by
    convention, `distinctive` says that nothing else is likely to have a method of that name.
    """

    def __init__(
        self,
        code: str,
        words: Mapping[str, str],
        *,
        on: Collection[str],
        called: Collection[str] = (),
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.advice = dict(words)
        self.methods = tuple(words)
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
            place = name_span(function, ctx)
            yield self.finding(ctx, place, message, self.fix(name, place, ctx), confidence=confidence)

    def fix(self, name: str, place: Span, ctx: Context) -> Fix | None:
        """What mends a call, `place` being the method's name; nothing, unless the kind knows better."""
        return None


class RenamedMethod(_MethodCalls):
    """A method that has another name now: `renames` maps old names to new ones. Else as `RemovedMethod`."""

    def __init__(self, code: str, renames: Mapping[str, str], **rest: Any) -> None:
        super().__init__(code, {old: f"it is called {new}() now" for old, new in renames.items()}, **rest)
        self.renames = dict(renames)

    def fix(self, name: str, place: Span, ctx: Context) -> Fix | None:
        """The new name."""
        new = self.renames[name]
        return ctx.fix(f"Rename to {new}", Edit(*place, new))


class RemovedMethod(_MethodCalls):
    """A method that is gone: the text behind each name says what to do instead."""

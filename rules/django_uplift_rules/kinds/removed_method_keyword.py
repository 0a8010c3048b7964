"""Arguments of methods that are gone."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django_uplift.api import Call, Confidence, Context, Found, Rule, glimpse
from django_uplift_rules.kinds.places import is_constant
from django_uplift_rules.kinds.receivers import receiver


class RemovedMethodKeyword(Rule):
    """`keywords` maps methods to the keyword argument that is gone.

    `on` and `called` are as for `RemovedMethod`; `distinctive` says that no other library has a method with
    such an argument. `droppable` are the constants that say what leaving the argument out says.
    """

    def __init__(
        self,
        code: str,
        keywords: Mapping[str, str],
        *,
        on: Collection[str],
        advice: str,
        called: Collection[str] = (),
        distinctive: bool = False,
        droppable: Sequence[object] = (),
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.keywords = dict(keywords)
        self.methods = tuple(keywords)
        words = sorted(set(keywords.values()))
        self.words = tuple(words) if len(words) == 1 else ()
        self.advice = advice
        self.on = frozenset(on)
        self.called = frozenset(called)
        self.distinctive = distinctive
        self.droppable = tuple(droppable)

    def prefilter(self, data: bytes) -> bool:
        """Whether a call with the argument stands in the bytes."""
        return any(
            call is None or any(given.arg == word for given in call.keywords)
            for method, word in self.keywords.items()
            if method.encode() in data
            for call in glimpse.calls(method.encode(), data)
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A method of that name is called."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        word = self.keywords[function.attr]
        keyword = call.keyword(word)
        if keyword is None:
            return
        confidence = receiver(
            function.value,
            function.attr,
            ctx,
            on=self.on,
            called=self.called,
            distinctive=self.distinctive,
        )
        if confidence is None:
            return
        if confidence is Confidence.POSSIBLE:
            # The method and the argument together say more than the method alone.
            confidence = Confidence.LIKELY
        message = f"The argument {word} of {function.attr}() {self.since(ctx.target)}: {self.advice}"
        fix = None
        if is_constant(keyword.value, self.droppable):
            fix = ctx.fix(f"Remove {word}", call.remove(keyword))
        yield self.finding(ctx, call.keyword_span(keyword), message, fix, confidence=confidence)

"""An argument that is gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds.arguments import Arguments, unpacked
from django_uplift_rules.kinds.places import is_constant, last


class RemovedKeyword(Arguments):
    """An argument is gone.

    `keywords` maps callables to argument names and the position at which they may be given (None: by name
    only). `advice` goes behind the message. With `fix` the argument is removed; `unsafe` says what that may
    change.
    """

    def __init__(
        self,
        code: str,
        keywords: Mapping[str, Mapping[str, int | None]],
        *,
        advice: str,
        fix: bool = True,
        unsafe: str = "",
        droppable: Mapping[str, Sequence[object]] | None = None,
        **versions: Any,
    ) -> None:
        words = {word for names in keywords.values() for word in names}
        by_name = all(position is None for names in keywords.values() for position in names.values())
        super().__init__(
            code, tuple(keywords), sorted(words) if len(words) == 1 and by_name else (), **versions
        )
        self.keywords = {name: dict(positions) for name, positions in keywords.items()}
        self.advice = advice
        self.offers_fix = fix
        self.unsafe = unsafe
        self.droppable = {word: tuple(values) for word, values in (droppable or {}).items()}

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether one of the arguments is given."""
        given = {keyword.arg for keyword in node.keywords}
        return any(
            word in given
            or unpacked(node, word) is not None
            or (position is not None and len(node.args) > position)
            for word, position in self.keywords[name].items()
        )

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """Each argument that is given."""
        for word, position in self.keywords[name].items():
            keyword = call.keyword(word)
            argument: ast.keyword | ast.expr | None = keyword
            if argument is None and position is not None:
                argument = call.positional(position)
            message = f"The argument {word} of {last(name)} {self.since(ctx.target)}: {self.advice}"
            if argument is None:
                key = unpacked(call.node, word)
                if key is not None:
                    yield self.finding(ctx, key, message)
                continue
            # A positional argument can go only if nothing positional stands behind it.
            removable = keyword is not None or argument is call.node.args[-1]
            fix = None
            default = self._is_default(word, keyword.value if keyword is not None else argument)
            if removable and (default or self.offers_fix):
                unsafe = "" if default else self.unsafe
                fix = ctx.fix(f"Remove {word}", call.remove(argument), unsafe=unsafe)
            place = call.keyword_span(keyword) if keyword is not None else ctx.span(argument)
            yield self.finding(ctx, place, message, fix)

    def _is_default(self, word: str, value: ast.AST | None) -> bool:
        values = self.droppable.get(word, ())
        return is_constant(value, values)

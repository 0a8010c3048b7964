"""An argument that may no longer have certain values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds.arguments import Arguments
from django_uplift_rules.kinds.places import is_constant, last


class KeywordValue(Arguments):
    """An argument may no longer have certain values.

    `values` maps callables to argument names and the constants that are refused; `replacement` is the text
    of what says the same, None where the argument is to be left out.
    """

    def __init__(
        self,
        code: str,
        values: Mapping[str, Mapping[str, Sequence[object]]],
        *,
        advice: str,
        replacement: str | None = None,
        **versions: Any,
    ) -> None:
        super().__init__(code, tuple(values), **versions)
        self.values = {name: dict(refused) for name, refused in values.items()}
        self.advice = advice
        self.replacement = replacement

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether one of the arguments has a value that is refused."""
        refused = self.values[name]
        return any(
            keyword.arg in refused and is_constant(keyword.value, refused[keyword.arg])
            for keyword in node.keywords
        )

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """Each argument with a refused constant."""
        for word, refused in self.values[name].items():
            keyword = call.keyword(word)
            if keyword is None or not is_constant(keyword.value, refused):
                continue
            message = (
                f"{word}={ctx.source(keyword.value)} for {last(name)} {self.since(ctx.target)}: {self.advice}"
            )
            if self.replacement is None:
                fix = ctx.fix(f"Remove {word}", call.remove(keyword))
            else:
                fix = ctx.fix(
                    f"Replace with {self.replacement}", ctx.replace(keyword.value, self.replacement)
                )
            yield self.finding(ctx, keyword.value, message, fix)

"""A keyword argument that has another name now."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds.arguments import Arguments
from django_uplift_rules.kinds.places import last


class RenamedKeyword(Arguments):
    """A keyword argument has another name: `keywords` maps callables to old and new names.

    A call that gives both is left to a person.
    """

    def __init__(
        self, code: str, keywords: Mapping[str, Mapping[str, str]], *, note: str = "", **versions: Any
    ) -> None:
        words = {old for names in keywords.values() for old in names}
        super().__init__(code, tuple(keywords), sorted(words) if len(words) == 1 else (), **versions)
        self.keywords = {name: dict(renames) for name, renames in keywords.items()}
        self.note = note

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether an old keyword is given."""
        return any(keyword.arg in self.keywords[name] for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """Each old keyword."""
        for old, new in self.keywords[name].items():
            keyword = call.keyword(old)
            if keyword is None:
                continue
            since = self.since(ctx.target)
            message = f"The argument {old} of {last(name)} {since}: it is called {new} now{self.note}"
            fix = None
            if call.keyword(new) is None:
                fix = ctx.fix(f"Rename to {new}", call.rename_keyword(keyword, new))
            yield self.finding(ctx, call.keyword_span(keyword), message, fix)

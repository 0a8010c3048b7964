"""A keyword argument that has another name now."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from django_uplift.api import Call, Context, Edit, Finding
from django_uplift_rules.kinds.arguments import Arguments, unpacked
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
        return any(
            keyword.arg in self.keywords[name] if keyword.arg else isinstance(keyword.value, ast.Dict)
            for keyword in node.keywords
        )

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """Each old keyword."""
        for old, new in self.keywords[name].items():
            keyword = call.keyword(old)
            key = unpacked(call.node, old) if keyword is None else None
            if keyword is None and key is None:
                continue
            since = self.since(ctx.target)
            message = f"The argument {old} of {last(name)} {since}: it is called {new} now{self.note}"
            fix = None
            if key is not None and ctx.source(key)[1:-1] == old and unpacked(call.node, new) is None:
                start, end = ctx.span(key)
                fix = ctx.fix(f"Rename to {new}", Edit(start + 1, end - 1, new))
            if keyword is None:
                yield self.finding(ctx, key or call.node, message, fix)
                continue
            if call.keyword(new) is None:
                fix = ctx.fix(f"Rename to {new}", call.rename_keyword(keyword, new))
            yield self.finding(ctx, call.keyword_span(keyword), message, fix)

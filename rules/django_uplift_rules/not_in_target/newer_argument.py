from __future__ import annotations

import ast
import re
from functools import cache

from django_uplift.api import Context, Found, Release, Rule, Severity, names_table

# Patterns that start with plain characters are searched for ten times as fast as others.


@cache
def _given(keyword: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"%s[ \t]*=(?!=)" % keyword)


@cache
def _called(name: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Match calls of a name, and what gives it another one."""
    return (
        re.compile(rb"%s[\s\\]*(?:\(|as\b)" % name),
        re.compile(rb"=[\s\\]*(?:\w+\.)*%s\b" % name),
    )


class NewerArgument(Rule):
    """A keyword argument that a callable of Django's takes only in a later release."""

    nodes = (ast.Call,)
    words = ("django",)
    default_severity = Severity.ERROR

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.any_words = tuple(names_table().late_keywords)

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """Whether such a keyword and such a callable both stand in the file."""
        table = names_table()
        if not table.covers(target):
            return False
        newer = table.newer_keywords(target)
        return any(
            _given(keyword).search(data) is not None
            and any(name in data and any(p.search(data) for p in _called(name)) for name in newer[keyword])
            for keyword in newer.keys() & words
        )

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A call."""
        assert isinstance(node, ast.Call)
        table = names_table()
        newer = table.newer_keywords(ctx.target)
        given = [keyword for keyword in node.keywords if keyword.arg and keyword.arg.encode() in newer]
        if not given or ctx.modules.file_of("django") is not None:
            return
        names = [name for name in ctx.resolve_all(node.func) if name.startswith("django.")]
        if len(names) != 1:
            return
        (name,) = names
        taken = table.keywords(name, ctx.target)
        if taken is None or taken.open or ctx.excused(node):
            return
        for keyword in given:
            assert keyword.arg is not None
            presence = table.keyword_presence(name, keyword.arg)
            release = presence.next_after(ctx.target) if presence is not None else None
            if release is not None and keyword.arg not in taken.names:
                message = (
                    f"The argument {keyword.arg} of {name.rpartition('.')[2]} needs Django {release}, "
                    f"the target is {ctx.target}: there it raises TypeError"
                )
                yield self.finding(ctx, ctx.call_of(node).keyword_span(keyword), message)


rule = NewerArgument("DUN0004")

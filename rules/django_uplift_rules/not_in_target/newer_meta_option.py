from __future__ import annotations

import ast
from functools import cache

from django_uplift.api import Context, Found, Release, Rule, Severity, names_table, parent
from django_uplift_rules.kinds import MODELS, member_span, members_of


@cache
def _newer(target: Release) -> dict[str, Release]:
    """The options of models that the target lacks, with the release that brings each."""
    table = names_table()
    found: dict[str, Release] = {}
    for name in table.meta_options if table.covers(target) else ():
        presence = table.meta_option(name)
        later = presence.next_after(target) if presence is not None and target not in presence else None
        if later is not None:
            found[name] = later
    return found


class NewerMetaOption(Rule):
    """An option in a model's Meta that only a later release knows."""

    nodes = (ast.ClassDef,)
    words = ("Meta",)
    default_severity = Severity.ERROR

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.any_words = tuple(names_table().late_meta_options)

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """Whether such an option's name stands in the file."""
        return any(name.encode() in words for name in _newer(target))

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A class: the Meta of a model?"""
        assert isinstance(node, ast.ClassDef)
        model = parent(node)
        if node.name != "Meta" or not isinstance(model, ast.ClassDef):
            return
        newer = _newer(ctx.target)
        members = [member for member in members_of(node) if member.name in newer]
        if not members or ctx.ancestry(model).names.isdisjoint(MODELS):
            return
        for member in members:
            if not ctx.excused(member.node):
                message = (
                    f"The model option {member.name} needs Django {newer[member.name]}, "
                    f"the target is {ctx.target}: there it raises TypeError"
                )
                yield self.finding(ctx, member_span(member, ctx), message)


rule = NewerMetaOption("DUN0005")

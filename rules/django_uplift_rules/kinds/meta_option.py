"""An option of a model's ``class Meta`` that is gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from django_uplift.api import Confidence, Context, Finding, Fix, Found, Rule, parent
from django_uplift_rules.kinds.class_member import Member, member_span, members_of
from django_uplift_rules.kinds.receivers import MODELS, descends


class RemovedMetaOption(Rule):
    """`option` in the ``Meta`` of a model, abstract or not. Override `fix` where something says the same.

    The option's name must be one that only models' ``Meta`` classes have: a model whose bases can't be seen
    counts as likely.
    """

    nodes = (ast.ClassDef,)

    def __init__(self, code: str, option: str, *, advice: str, **versions: Any) -> None:
        super().__init__(code, **versions)
        self.option = option
        self.words = (option,)
        self.any_words = (option,)
        self.advice = advice

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A class is defined."""
        assert isinstance(node, ast.ClassDef)
        model = parent(node)
        if node.name != "Meta" or not isinstance(model, ast.ClassDef):
            return
        for member in members_of(node):
            if member.name == self.option and not ctx.guarded(member.node):
                confidence = descends(model, ctx, MODELS, distinctive=True) or Confidence.LIKELY
                yield from self._report(member, model, confidence, ctx)

    def _report(
        self, member: Member, model: ast.ClassDef, confidence: Confidence, ctx: Context
    ) -> Iterator[Finding]:
        message = f"Meta.{self.option} {self.since(ctx.target)}: {self.advice}"
        fix = self.fix(member, model, ctx)
        yield self.finding(ctx, member_span(member, ctx), message, fix, confidence=confidence)

    def fix(self, member: Member, model: ast.ClassDef, ctx: Context) -> Fix | None:
        """What says the same, if anything does."""
        return None

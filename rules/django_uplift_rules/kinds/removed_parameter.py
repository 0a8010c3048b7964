"""Overrides of a method with a parameter that Django no longer passes."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django_uplift.api import Confidence, Context, Edit, Finding, Fix, Span, glimpse
from django_uplift_rules.kinds.class_member import ClassMember, Member


class RemovedParameter(ClassMember):
    """`parameters` maps method names to the parameter that is gone.

    A parameter with a default does no harm and is not reported. The fix removes it where the body does not
    use it.
    """

    def __init__(
        self,
        code: str,
        parameters: Mapping[str, str],
        *,
        on: Collection[str],
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, tuple(parameters), on=on, distinctive=distinctive, **versions)
        self.parameters = dict(parameters)

    def prefilter(self, data: bytes) -> bool:
        """Whether the bytes define such a method with the parameter."""
        return any(
            arguments is None or self._has(member, arguments)
            for member in self.parameters
            if member.encode() in data
            for arguments in glimpse.signatures(member.encode(), data)
        )

    def _has(self, member: str, arguments: ast.arguments) -> bool:
        return any(arg.arg == self.parameters[member] for arg in (*arguments.posonlyargs, *arguments.args))

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The override's signature."""
        node = member.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        wanted = self.parameters[member.name]
        positional = [*node.args.posonlyargs, *node.args.args]
        required = positional[: len(positional) - len(node.args.defaults)]
        if required and required[-1].arg == wanted:
            message = (
                f"The parameter {wanted} of {member.name}() {self.since(ctx.target)}: Django doesn't pass it"
            )
            fix = (
                self._fix(node, positional[-2:], ctx)
                if required == positional and len(required) > 1
                else None
            )
            yield self.finding(ctx, required[-1], message, fix, confidence=confidence)

    def _fix(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, last_two: list[ast.arg], ctx: Context
    ) -> Fix | None:
        before, gone = last_two
        used = any(isinstance(n, ast.Name) and n.id == gone.arg for s in node.body for n in ast.walk(s))
        span = Span(ctx.span(before).end, ctx.span(gone).end)
        if used or node.args.posonlyargs or "#" in ctx.text[slice(*span)]:
            return None
        return ctx.fix(f"Remove {gone.arg}", Edit(*span, ""))

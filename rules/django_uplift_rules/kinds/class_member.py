"""Members of subclasses: attributes and methods that a class of Django's looks for in those below it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django_uplift.api import Confidence, Context, Edit, Finding, Fix, Found, Rule, Span, glimpse
from django_uplift_rules.kinds.receivers import descends, is_super


class Member(NamedTuple):
    """A name that a class body binds: `node` is the assignment or the function, `value` what is assigned."""

    name: str
    node: ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef
    value: ast.expr | None
    cls: ast.ClassDef


class ClassMember(Rule):
    """Base: members of some names in subclasses of some classes. Override `member`.

    `on` are qualified names; with `distinctive` a class whose ancestors can't all be seen counts too, as
    likely.
    """

    nodes = (ast.ClassDef,)

    def __init__(
        self,
        code: str,
        members: Sequence[str],
        *,
        on: Collection[str],
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, **versions)
        self.members = frozenset(members)
        written = "|".join(map(re.escape, members))
        self._bound = re.compile(
            rf"(?:^|[;=])[ \t\f]*(?:{written})(?:[\s\\]*:|[\s\\]*=(?!=))|\bdef[\s\\]+(?:{written})\b".encode(),
            re.MULTILINE,
        )
        self.any_words = tuple(members)
        self.on = frozenset(on)
        self.distinctive = distinctive

    def prefilter(self, data: bytes) -> bool:
        """Whether the bytes bind such a name, in a class or elsewhere."""
        return self._bound.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A class is defined."""
        assert isinstance(node, ast.ClassDef)
        members = [member for member in members_of(node) if member.name in self.members]
        if not members:
            return
        confidence = descends(node, ctx, self.on, distinctive=self.distinctive)
        if confidence is not None:
            for member in members:
                if not ctx.guarded(member.node):
                    yield from self.member(member, confidence, ctx)

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """What is wrong with a member."""
        raise NotImplementedError


def members_of(node: ast.ClassDef) -> Iterator[Member]:
    """What a class body binds, version branches included."""
    pending = list(node.body)
    while pending:
        statement = pending.pop(0)
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Member(statement.name, statement, None, node)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield Member(target.id, statement, statement.value, node)
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield Member(statement.target.id, statement, statement.value, node)
        elif isinstance(statement, ast.If):
            pending = [*statement.body, *statement.orelse, *pending]


def member_span(member: Member, ctx: Context) -> Span:
    """The characters of the member's name where it is bound."""
    node = member.node
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        start = ctx.text.index(node.name, ctx.span(node).start + len("def"))
        return Span(start, start + len(node.name))
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return next(ctx.span(t) for t in targets if isinstance(t, ast.Name) and t.id == member.name)


class AddedParameter(ClassMember):
    """Overrides of a method that lack a parameter which Django passes now.

    `parameters` maps method names to the parameter, and to the number of parameters (``self`` included)
    that an override without it has at most; with fewer than `least` it is none. Overrides with ``*args`` or
    ``**kwargs`` take what comes. With `fix` unset a person must say what the parameter's default is.
    """

    def __init__(
        self,
        code: str,
        parameters: dict[str, tuple[str, int]],
        *,
        on: Collection[str],
        keyword_only: bool = False,
        fix: bool = True,
        least: int = 1,
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(code, tuple(parameters), on=on, distinctive=distinctive, **versions)
        self.parameters = dict(parameters)
        self.offers_fix = fix
        self.least = least
        self.keyword_only = keyword_only

    def prefilter(self, data: bytes) -> bool:
        """Whether the bytes define such a method without the parameter."""
        return any(
            arguments is None or self._lacks(member, arguments)
            for member in self.parameters
            if member.encode() in data
            for arguments in glimpse.signatures(member.encode(), data)
        )

    def _lacks(self, member: str, arguments: ast.arguments) -> bool:
        text, most = self.parameters[member]
        name = text.partition("=")[0]
        positional = [*arguments.posonlyargs, *arguments.args]
        if arguments.vararg or arguments.kwarg or not self.least <= len(positional) <= most:
            return False
        return all(argument.arg != name for argument in (*positional, *arguments.kwonlyargs))

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The override's signature."""
        node = member.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        if not self._lacks(member.name, node.args):
            return
        text, _ = self.parameters[member.name]
        name = text.partition("=")[0]
        message = f"{member.name}() without the parameter {name} {self.since(ctx.target)}: Django passes it"
        yield self.finding(
            ctx, member_span(member, ctx), message, self._fix(node, text, name, ctx), confidence=confidence
        )

    def _fix(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, text: str, name: str, ctx: Context
    ) -> Fix | None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if not self.offers_fix or not positional or arguments.kwonlyargs:
            return None
        if arguments.defaults and "=" not in text:
            text = f"{text}=None"
        if self.keyword_only:
            text = f"*, {text}"
        last = ctx.outer_span(arguments.defaults[-1]) if arguments.defaults else ctx.span(positional[-1])
        edits = [Edit(last.end, last.end, f", {text}")]
        for call in ctx.tree.nodes(ast.Call):
            function = call.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr == node.name
                and is_super(function.value)
            ):
                if ctx.function(call) is node and not any(isinstance(a, ast.Starred) for a in call.args):
                    edits.append(ctx.call_of(call).add_keyword(name, name))
        return ctx.fix(f"Add the parameter {name}", edits)

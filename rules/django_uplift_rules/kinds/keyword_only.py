"""Arguments that may no longer be given by position."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django_uplift.api import Call, Change, Context, Finding, Fix
from django_uplift_rules.kinds.arguments import Arguments
from django_uplift_rules.kinds.places import last


class KeywordOnly(Arguments):
    """Arguments that may no longer be given by position.

    `parameters` maps callables to their parameters' names in order, and `allowed` says how many may still
    be positional.
    """

    def __init__(
        self,
        code: str,
        parameters: Mapping[str, tuple[int, Sequence[str]]],
        *,
        note: str = "",
        **versions: Any,
    ) -> None:
        super().__init__(code, tuple(parameters), **versions)
        self.parameters = {name: (allowed, tuple(names)) for name, (allowed, names) in parameters.items()}
        self.note = note

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether too many arguments have no name."""
        return len(node.args) > self.parameters[name][0]

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """One finding a call, at the first argument that needs its name."""
        allowed, names = self.parameters[name]
        yield from self.positional(call, last(name), allowed, names, ctx)

    def positional(
        self, call: Call, shown: str, allowed: int, names: Sequence[str], ctx: Context
    ) -> Iterator[Finding]:
        """The finding for a call that gives more than `allowed` arguments by position."""
        args = call.node.args
        late = args[allowed:]
        if (
            not late
            or any(isinstance(arg, ast.Starred) for arg in args[: allowed + 1])
            or len(args) > len(names)
        ):
            return
        wanted = names[allowed : len(args)]
        listed = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} and {wanted[-1]}"
        what = "argument" if len(wanted) == 1 else "arguments"
        message = (
            f"Passing {listed} to {shown} by position {self.since(ctx.target)}: name the {what}{self.note}"
        )
        yield self.finding(ctx, late[0], message, self._fix(call, late, wanted, ctx))

    def _fix(self, call: Call, late: Sequence[ast.expr], wanted: Sequence[str], ctx: Context) -> Fix | None:
        if any(isinstance(arg, ast.Starred) for arg in late) or any(call.keyword(name) for name in wanted):
            return None
        title = f"Name the argument {wanted[0]}" if len(wanted) == 1 else "Name the arguments"
        edits = tuple(call.name_argument(arg, name) for arg, name in zip(late, wanted, strict=True))
        return ctx.fix(title, lambda: Change(edits))

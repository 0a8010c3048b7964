"""A callable that has another name now, which takes an argument more."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from django_uplift.api import Call, Change, Context, Edit, Fix, canonical, parent
from django_uplift_rules.kinds.moved_name import MovedName


class MovedCall(MovedName):
    """Calls of an old name become calls of a new one with a keyword argument more.

    `adds` maps old names to the argument, ``"detail=True"``. The fix is offered where every use is such a call.
    """

    def __init__(self, code: str, moves: Mapping[str, str], *, adds: Mapping[str, str], **rest: Any) -> None:
        super().__init__(code, moves, **rest)
        self.adds = dict(adds)

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """Only where every use is a call: a subclass or a bare reference says something else."""
        calls = [self._call_of(use, ctx) for use in ctx.uses(alias)]
        if not calls or any(call is None for call in calls) or ctx.exported(alias):
            return None
        return self._with_argument(super().fix_import(alias, new, ctx), [call for call in calls if call], ctx)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix | None:  # type: ignore[override]
        """A call through the module, or through a star import."""
        call = self._call_of(node, ctx)
        return self._with_argument(super().fix_use(node, new, ctx), [call], ctx) if call else None

    def argument(self, call: Call) -> str:
        """The argument that a call gets; empty where it has it already."""
        text = self.adds[self.moves[canonical(call.name)][0]]
        return "" if call.keyword(text.partition("=")[0]) else text

    def takes(self, call: Call) -> bool:
        """Whether the new callable understands a call's other arguments."""
        return True

    def may_differ(self, call: Call, ctx: Context) -> str:
        """What the fix may change in a call; empty where nothing."""
        return self.unsafe

    def _with_argument(self, plain: Fix, calls: list[Call], ctx: Context) -> Fix:
        def build() -> Change | None:
            change = plain.build()
            if change is None:
                return None
            added = [edit for call in calls for edit in self._added(call)]
            return Change((*change.edits, *added), change.needs, change.drops)

        unsafe = next((why for call in calls if (why := self.may_differ(call, ctx))), "")
        return ctx.fix(plain.title, build, unsafe=unsafe)

    def _added(self, call: Call) -> list[Edit]:
        name, _, value = self.argument(call).partition("=")
        return [call.add_keyword(name, value)] if name else []

    def _call_of(self, use: ast.AST, ctx: Context) -> Call | None:
        call = parent(use)
        if (
            not isinstance(call, ast.Call)
            or call.func is not use
            or any(k.arg is None for k in call.keywords)
        ):
            return None
        found = ctx.call_of(call)
        return found if self.takes(found) else None

"""Attributes and methods of subclasses that Django no longer looks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django_uplift.api import Confidence, Context, Edit, Finding, canonical
from django_uplift_rules.kinds.class_member import ClassMember, Member, member_span, members_of


class RemovedMember(ClassMember):
    """`advice` maps members' names to what to do.

    `instead` maps them to the member that Django looks for now: a class that has both serves two releases
    and is not reported. With `rename` the old one does as it is under the new name.
    """

    def __init__(
        self,
        code: str,
        advice: Mapping[str, str],
        *,
        on: Collection[str],
        instead: Mapping[str, str] | None = None,
        rename: bool = False,
        distinctive: bool = False,
        **versions: Any,
    ) -> None:
        super().__init__(
            code, tuple(advice), on=frozenset(map(canonical, on)), distinctive=distinctive, **versions
        )
        self.advice = dict(advice)
        self.instead = dict(instead or {})
        self.rename = rename

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The class binds the name."""
        old = member.name
        new = self.instead.get(old)
        if new is not None and any(other.name == new for other in members_of(member.cls)):
            return
        place = member_span(member, ctx)
        message = f"{old} in a subclass {self.since(ctx.target)}: {self.advice[old]}"
        fix = ctx.fix(f"Rename to {new}", Edit(*place, new)) if self.rename and new else None
        yield self.finding(ctx, place, message, fix, confidence=confidence)

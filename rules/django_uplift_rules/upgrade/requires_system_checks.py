import ast
import re
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Finding
from django_uplift_rules.kinds import COMMANDS, ClassMember, Member

_BOOLEAN = re.compile(rb"requires_system_checks[^=\r\n]*=[\s\\(]*(?:#|True|False)")


class RequiresSystemChecks(ClassMember):
    """A list of check tags, or ``"__all__"``."""

    def prefilter(self, data: bytes) -> bool:
        """Whether a boolean is assigned."""
        return _BOOLEAN.search(data) is not None

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The attribute is a boolean."""
        value = member.value
        if not isinstance(value, ast.Constant) or not isinstance(value.value, bool):
            return
        new = '"__all__"' if value.value else "[]"
        message = f"A boolean for requires_system_checks {self.since(ctx.target)}: use {new}"
        fix = ctx.fix(f"Replace with {new}", ctx.replace(value, new))
        yield self.finding(ctx, value, message, fix, confidence=confidence)


rule = RequiresSystemChecks(
    "DUR4102",
    ("requires_system_checks",),
    on=COMMANDS,
    distinctive=True,
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)

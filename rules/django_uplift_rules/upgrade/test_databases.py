import ast
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Edit, Finding, Fix
from django_uplift_rules.kinds import TEST_CASES, ClassMember, Member, member_span
from django_uplift_rules.kinds.removal import remove_all


class TestDatabases(ClassMember):
    """`databases` names the databases that a test uses."""

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The flag is set."""
        if isinstance(member.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        message = f"{member.name} {self.since(ctx.target)} and is ignored: list the databases in databases"
        yield self.finding(
            ctx, member_span(member, ctx), message, self._fix(member, ctx), confidence=confidence
        )

    def _fix(self, member: Member, ctx: Context) -> Fix | None:
        value = member.value
        if not isinstance(value, ast.Constant) or not isinstance(value.value, bool):
            return None
        if not value.value:
            return ctx.fix(f"Remove {member.name}", remove_all([member.node], ctx)[member.node])
        edits = [Edit(*member_span(member, ctx), "databases"), ctx.replace(value, '"__all__"')]
        return ctx.fix('Replace with databases = "__all__"', edits)


rule = TestDatabases(
    "DUR3101",
    ("multi_db", "allow_database_queries"),
    on=TEST_CASES,
    deprecated_in="2.2",
    removed_in="3.1",
    replacement_since="2.2",
    link="https://docs.djangoproject.com/en/3.1/releases/3.1/#features-removed-in-3-1",
)

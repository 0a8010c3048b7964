import ast
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Finding
from django_uplift_rules.kinds import MODEL_ADMINS, ClassMember, Member


class ListSelectRelatedTrue(ClassMember):
    """All relations are followed, whichever the list shows."""

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The attribute has the value, or a method gives it."""
        node = member.node
        if isinstance(node, ast.FunctionDef):
            returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            values = [each.value for each in returns if ctx.function(each) is node]
        else:
            values = [member.value]
        for value in values:
            if not isinstance(value, ast.Constant) or value.value is not True:
                continue
            message = (
                f"True for list_select_related {self.since(ctx.target)}: "
                "list the relations that the columns of the list need"
            )
            yield self.finding(ctx, value, message, confidence=confidence)


rule = ListSelectRelatedTrue(
    "DUR7018",
    ("list_select_related", "get_list_select_related"),
    on=MODEL_ADMINS,
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.6",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

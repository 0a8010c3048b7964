import ast
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Finding
from django_uplift_rules.kinds import ClassMember, Member, member_span


class ErrorListText(ClassMember):
    """Django puts the text into the form's HTML, and escapes what is not marked as safe."""

    def prefilter(self, data: bytes) -> bool:
        """Many classes have such a method; the file names the one that matters."""
        return b"ErrorList" in data or b"ErrorDict" in data

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """A method whose results are all plain texts."""
        node = member.node
        if not isinstance(node, ast.FunctionDef):
            return
        results = [
            each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Return) and ctx.function(each) is node
        ]
        plain = [each for each in results if _is_plain(each)]
        if plain:
            message = (
                f"{member.name}() of an error list that gives a plain text {self.since(ctx.target)}: it is escaped; "
                "use format_html(), or a template"
            )
            yield self.finding(ctx, member_span(member, ctx), message, confidence=confidence)


def _is_plain(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and "<" in node.value
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and "<" in str(part.value) for part in node.values)
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)) and _is_plain(node.left)


rule = ErrorListText(
    "DUR5025",
    ("__str__",),
    on=(
        "django.forms.utils.ErrorList",
        "django.forms.utils.ErrorDict",
        "django.forms.ErrorList",
        "django.forms.ErrorDict",
    ),
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)

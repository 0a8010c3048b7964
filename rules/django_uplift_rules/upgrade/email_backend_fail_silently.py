import ast

from django_uplift.api import Confidence, Context, Found, Rule
from django_uplift_rules.kinds import name_span

_BASE = "django.core.mail.backends.base.BaseEmailBackend"


class EmailBackendFailSilently(Rule):
    """The base class kept it for those below it; a backend that knows it keeps it itself."""

    nodes = (ast.ClassDef,)
    words = ("BaseEmailBackend", "fail_silently")

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A backend right below the base class that reads the attribute, and never sets it."""
        assert isinstance(node, ast.ClassDef)
        if [ctx.resolve(base) for base in node.bases] != [_BASE]:
            return
        own = [
            each
            for each in ast.walk(node)
            if isinstance(each, ast.Attribute)
            and each.attr == "fail_silently"
            and isinstance(each.value, ast.Name)
            and each.value.id == "self"
        ]
        if any(isinstance(each.ctx, ast.Store) for each in own):
            own = []
        message = (
            f"BaseEmailBackend.fail_silently {self.since(ctx.target)}: set self.fail_silently in __init__()"
        )
        for each in own:
            if not ctx.guarded(each, "fail_silently"):
                yield self.finding(ctx, name_span(each, ctx), message, confidence=Confidence.PROVEN)
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and _is_base_init(call):
                keyword = ctx.call_of(call).keyword("fail_silently")
                if keyword is not None:
                    place = ctx.call_of(call).keyword_span(keyword)
                    told = (
                        f"The argument fail_silently of BaseEmailBackend {self.since(ctx.target)}: "
                        "keep it in the backend"
                    )
                    yield self.finding(ctx, place, told, confidence=Confidence.PROVEN)


def _is_base_init(node: ast.Call) -> bool:
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr != "__init__":
        return False
    owner = function.value
    return isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"


rule = EmailBackendFailSilently(
    "DUR7031",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

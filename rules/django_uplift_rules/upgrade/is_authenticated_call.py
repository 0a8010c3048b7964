import ast

from django_uplift.api import Call, Confidence, Context, Edit, Found, Rule, ancestors, parent
from django_uplift_rules.kinds import last, name_span, receiver
from django_uplift_rules.kinds.places import dotted
from django_uplift_rules.kinds.receivers import word_for

_USERS = frozenset(
    {
        "django.contrib.auth.models.User",
        "django.contrib.auth.models.AnonymousUser",
        "django.contrib.auth.models.AbstractUser",
        "django.contrib.auth.models.AbstractBaseUser",
        "django.contrib.auth.base_user.AbstractBaseUser",
    }
)

_TESTS = (
    "django.contrib.auth.decorators.user_passes_test",
    "django.utils.decorators.method_decorator",
)


class IsAuthenticatedCall(Rule):
    """Both have been properties since 1.10; until 2.0 their values could be called for old code's sake."""

    methods = ("is_authenticated", "is_anonymous")

    def method(self, call: Call, ctx: Context) -> Found:
        """A call without arguments, on what is called a user."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        if call.node.args or call.node.keywords:
            return
        sure = receiver(function.value, function.attr, ctx, on=_USERS) or _named_user(function.value, ctx)
        if sure is not None:
            message = f"Calling {function.attr} {self.since(ctx.target)}: it is a property"
            end = ctx.span(call.node).end
            fix = ctx.fix("Remove the parentheses", Edit(ctx.span(function).end, end, ""))
            yield self.finding(ctx, name_span(function, ctx), message, fix, confidence=sure)


def _named_user(node: ast.expr, ctx: Context) -> Confidence | None:
    word = word_for(node)
    if word != "user" and not word.endswith("_user") and not _gives_user(node) and not _is_tested(node, ctx):
        return None
    if any(cls.name.endswith("User") and _own(cls) for cls in ctx.tree.nodes(ast.ClassDef)):
        return None
    return Confidence.LIKELY


def _gives_user(node: ast.expr) -> bool:
    """Whether an expression calls ``get_user()``, of the login or of a test's client."""
    return isinstance(node, ast.Call) and last(dotted(node.func)) == "get_user"


def _is_tested(node: ast.expr, ctx: Context) -> bool:
    """Whether a name is the argument of a test for ``user_passes_test``."""
    function = next((up for up in ancestors(node) if isinstance(up, ast.Lambda)), None)
    call = parent(function) if function is not None else None
    if function is None or not isinstance(node, ast.Name) or not isinstance(call, ast.Call):
        return False
    takes = [arg.arg for arg in function.args.args] == [node.id]
    return takes and ctx.resolve(call.func) in _TESTS


def _own(cls: ast.ClassDef) -> bool:
    return any(isinstance(s, ast.FunctionDef) and s.name in IsAuthenticatedCall.methods for s in cls.body)


rule = IsAuthenticatedCall(
    "DUR2003",
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)

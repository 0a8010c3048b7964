import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments, last


class LoginWithoutUser(Arguments):
    """Whoever the request belongs to is not logged in again."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether an argument is `None`."""
        values = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "user")]
        return any(isinstance(value, ast.Constant) and value.value is None for value in values)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """``None`` in the place of the user."""
        user = call.argument("user", 1)
        if not isinstance(user, ast.Constant) or user.value is not None:
            return
        instead = "await request.auser()" if name.endswith("alogin") else "request.user"
        message = f"{last(name)}() with None as the user {self.since(ctx.target)}: pass {instead}"
        request = call.argument("request", 0)
        fix = None
        if isinstance(request, ast.Name):
            new = f"await {request.id}.auser()" if name.endswith("alogin") else f"{request.id}.user"
            fix = ctx.fix(f"Pass {new}", ctx.replace(user, new))
        yield self.finding(ctx, user, message, fix)


rule = LoginWithoutUser(
    "DUR6103",
    ("django.contrib.auth.login", "django.contrib.auth.alogin"),
    deprecated_in="5.2",
    removed_in="6.1",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-removed-in-6-1",
)

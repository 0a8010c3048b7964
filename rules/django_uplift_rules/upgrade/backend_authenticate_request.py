import ast
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Edit, Finding, Fix, Found
from django_uplift_rules.kinds import ClassMember, Member, defines, descends, member_span

# What a first parameter is called that is no request: backends get the credentials by name.
_CREDENTIALS = frozenset(
    (
        *(
            "api_key",
            "access_token",
            "code",
            "email",
            "identifier",
            "key",
            "login",
            "mail",
            "mobile",
            "password",
        ),
        *(
            "phone",
            "phone_number",
            "pin",
            "remote_user",
            "ticket",
            "token",
            "uid",
            "user",
            "user_id",
            "username",
        ),
    )
)


class BackendAuthenticateRequest(ClassMember):
    """A backend whose signature takes no request is passed over without a word."""

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A backend, by its base or, as most have none, by having ``get_user()`` too."""
        assert isinstance(node, ast.ClassDef)
        plain = all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
        if plain and not node.keywords and defines(node, "get_user"):
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "authenticate":
                    yield from self.member(
                        Member(statement.name, statement, None, node), Confidence.LIKELY, ctx
                    )
        elif descends(node, ctx, self.on) is not None:
            yield from super().node(node, ctx)

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The signature."""
        node = member.node
        if not isinstance(node, ast.FunctionDef) or node.decorator_list or node.args.vararg:
            return
        positional = [*node.args.posonlyargs, *node.args.args]
        names = [argument.arg for argument in positional]
        if not names or "request" in names or (len(names) > 1 and names[1] not in _CREDENTIALS):
            return
        message = (
            f"authenticate() without a request as its first argument {self.since(ctx.target)}: "
            "Django silently passes the backend over"
        )
        fix = self._fix(node, ctx.span(positional[0]).end, ctx)
        yield self.finding(ctx, member_span(member, ctx), message, fix, confidence=confidence)

    def _fix(self, node: ast.FunctionDef, at: int, ctx: Context) -> Fix | None:
        if any(isinstance(n, ast.Attribute) and n.attr == "authenticate" for n in ast.walk(node)):
            return None
        unsafe = "code that calls the backend itself has to pass the request too"
        return ctx.fix("Add the parameter request", [Edit(at, at, ", request")], unsafe=unsafe)


_BACKENDS = (
    "BaseBackend",
    "ModelBackend",
    "AllowAllUsersModelBackend",
    "RemoteUserBackend",
    "AllowAllUsersRemoteUserBackend",
)

rule = BackendAuthenticateRequest(
    "DUR2108",
    ("authenticate",),
    on=[f"django.contrib.auth.backends.{name}" for name in _BACKENDS],
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

import ast

from django_uplift.api import Call, Confidence, Context, Found, Rule

_BASE = "django.core.mail.backends.base.BaseEmailBackend"
_TAKEN = frozenset({"alias", "fail_silently"})


class EmailBackendUnknownOptions(Rule):
    """The base class took any option, and did nothing with it."""

    methods = ("__init__",)

    def prefilter(self, data: bytes) -> bool:
        """A backend is written."""
        return b"BaseEmailBackend" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """``super().__init__(host=host)`` right below the base class."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        owner = function.value
        cls = ctx.class_of(call.node)
        if (
            not isinstance(owner, ast.Call)
            or not isinstance(owner.func, ast.Name)
            or owner.func.id != "super"
        ):
            return
        if cls is None or [ctx.resolve(base) for base in cls.bases] != [_BASE]:
            return
        for keyword in call.node.keywords:
            if keyword.arg is not None and keyword.arg not in _TAKEN:
                message = (
                    f"The option {keyword.arg} for BaseEmailBackend {self.since(ctx.target)}: it does nothing with it; "
                    "keep it in the backend"
                )
                yield self.finding(
                    ctx,
                    call.keyword_span(keyword),
                    message,
                    ctx.fix(f"Remove {keyword.arg}", call.remove(keyword)),
                    confidence=Confidence.PROVEN,
                )


rule = EmailBackendUnknownOptions(
    "DUR7030",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

import ast

from django_uplift.api import Call, Context, Found, Rule, parent

_HANDLER = "django.utils.log.AdminEmailHandler"


class AdminEmailHandlerBackend(Rule):
    """The handler names a mailer of the settings."""

    calls = (_HANDLER,)
    strings = ("email_backend",)

    def call(self, call: Call, ctx: Context) -> Found:
        """The handler is made by code."""
        keyword = call.keyword("email_backend")
        if keyword is not None:
            yield self.finding(ctx, call.keyword_span(keyword), self._message(ctx))

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A key of the handler's dictionary in ``LOGGING``."""
        handler = parent(node)
        if not isinstance(handler, ast.Dict) or node not in handler.keys:
            return
        told = {
            key.value: value
            for key, value in zip(handler.keys, handler.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        name = told.get("class")
        if isinstance(name, ast.Constant) and name.value == _HANDLER:
            yield self.finding(ctx, node, self._message(ctx))

    def _message(self, ctx: Context) -> str:
        return f"The argument email_backend of AdminEmailHandler {self.since(ctx.target)}: name a mailer with using"


rule = AdminEmailHandlerBackend(
    "DUR7032",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)

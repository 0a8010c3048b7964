import ast
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule
from django_uplift_rules.kinds import inherits

_MIXIN = "django.utils.deprecation.MiddlewareMixin"
_DJANGO = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.RemoteUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.cache.CacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.security.SecurityMiddleware",
)
_EMPTY = re.compile(rb"iddleware\w*\s*\(\s*(?:(?:get_response\s*=\s*)?None\s*)?\)")


class MiddlewareWithoutResponse(Rule):
    """Tests like to make a middleware that gets no requests."""

    nodes = (ast.Call,)
    any_words = ("middleware", "MiddlewareMixin")

    def prefilter(self, data: bytes) -> bool:
        """Something whose name ends like a middleware's is called with nothing."""
        return _EMPTY.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A call without the argument, or with ``None``."""
        assert isinstance(node, ast.Call)
        call = ctx.call_of(node)
        if node.args or node.keywords:
            value = call.argument("get_response", 0)
            if len(node.args) + len(node.keywords) > 1 or not _is_none(value):
                return
        if not call.name or not _is_middleware(call, ctx) or ctx.guarded(node):
            return
        message = f"A middleware without get_response {self.since(ctx.target)}: pass a function of a request"
        yield self.finding(ctx, node.func, message, confidence=Confidence.PROVEN)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_middleware(call: Call, ctx: Context) -> bool:
    return call.name in _DJANGO or inherits(call.name, ctx, (_MIXIN, *_DJANGO))


rule = MiddlewareWithoutResponse(
    "DUR4024",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)

from __future__ import annotations

import ast

from django_uplift.api import Call, Context, Edit, Found, Rule, parent
from django_uplift_rules.channels import CHANNELS
from django_uplift_rules.kinds import PackageRule

_GENERIC = "channels.generic."
_CONSUMERS = {"channels.consumer.AsyncConsumer", "channels.consumer.SyncConsumer"}


class ConsumerAsAsgi(PackageRule, Rule):
    """Routes to a consumer's class instead of an application made from it."""

    calls = ("django.urls.path", "django.urls.re_path", "django.conf.urls.url")

    def prefilter(self, data: bytes) -> bool:
        """Every module of routes calls these: one for Channels says so, or has consumers."""
        return any(word in data for word in (b"channels", b"URLRouter", b"ProtocolTypeRouter", b"onsumer"))

    def call(self, call: Call, ctx: Context) -> Found:
        """A route whose view is a consumer."""
        view = call.argument("view", 1)
        if not isinstance(view, (ast.Name, ast.Attribute)) or not self._is_consumer(view, ctx):
            return
        message = (
            f"Routes to a consumer's class: Channels {self.removed} and newer call it with three arguments, "
            "which raises TypeError. Give the route its as_asgi()."
        )
        end = ctx.span(view).end
        yield self.finding(ctx, view, message, ctx.fix("Call as_asgi()", Edit(end, end, ".as_asgi()")))

    def _is_consumer(self, view: ast.expr, ctx: Context) -> bool:
        if isinstance(parent(view), ast.Starred):
            return False
        name = ctx.resolve(view)
        pending, seen = [name] if name else [], set[str]()
        own = {ctx.resolve(node): node for node in ctx.tree.nodes(ast.ClassDef)}
        while pending:
            current = ctx.modules.follow(pending.pop())
            if current in _CONSUMERS or current.startswith(_GENERIC):
                return True
            if current in seen:
                continue
            seen.add(current)
            if current in own:
                pending += ctx.ancestry(own[current]).names
            else:
                pending += ctx.modules.bases_of(current) or ()
        return False


rule = ConsumerAsAsgi(
    "DUP3002",
    package=CHANNELS,
    removed="3.0",
    link="https://channels.readthedocs.io/en/latest/releases/3.0.0.html",
)

"""Bridges between the event loop and threads: what is called through one runs on the other side."""

from __future__ import annotations

import ast

from django_uplift.django.async_api import FUNCTIONS
from django_uplift.django.orm import (
    INSTANCE,
    NOT_ON_MANAGERS,
    V41,
    bypasses_override,
    instance_twin,
    queryset_twin,
)
from django_uplift.django.releases import Release
from django_uplift.flow.boilerplate import report_inner
from django_uplift.flow.events import ASYNC_TO_SYNC, BOILERPLATE, PROVEN, QUERY, RAISING
from django_uplift.flow.known import Known
from django_uplift.syntax.tree import parent
from django_uplift.types.values import (
    Awaitable,
    Bridge,
    Class,
    External,
    Func,
    Inst,
    Manager,
    Method,
    Query,
    Value,
    map_options,
)

# Turn their first argument into something that runs it in a thread.
BRIDGES = frozenset(
    {
        "asgiref.sync.sync_to_async",
        "asgiref.sync.SyncToAsync",
        "channels.db.database_sync_to_async",
        "channels.db.DatabaseSyncToAsync",
        "asyncer.asyncify",
        "strawberry_django.django_resolver",
        "strawberry_django.resolvers.django_resolver",
    }
)
# Run their first argument in a thread at once.
RUN_IN_THREAD = frozenset(
    {
        "asyncio.to_thread",
        "anyio.to_thread.run_sync",
        "starlette.concurrency.run_in_threadpool",
        "fastapi.concurrency.run_in_threadpool",
        "fastapi.run_in_threadpool",
        "channels.db.aclose_old_connections",
    }
)


class Bridges(Known):
    """Calls through bridges."""

    def _call_bridge(
        self, bridge: Bridge, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        with self.quiet():
            result = self.call(bridge.func, args, keywords, node) if bridge.func is not None else None
        # Where a test has made it one of two bridges, what is awaited is no `async_to_sync`.
        is_other = self.cap < PROVEN and isinstance(parent(node), ast.Await)
        if bridge.back and self.is_async and not is_other:
            self.report(ASYNC_TO_SYNC, node, bridge.name, f"{bridge.name}()", receiver=bridge)
        if bridge.back:
            return result.result if isinstance(result, Awaitable) else None
        result = map_options(result, lambda option: None if isinstance(option, Awaitable) else option)
        if isinstance(bridge.func, (Func, Method, External, Class)) and bridge.node is not None:
            self._boilerplate(bridge, args, node)
        return Awaitable(result, f"{bridge.name}(...)(...)")

    def _in_thread(
        self, function: Value, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        with self.quiet():
            result = self.call(function, args, keywords, node)
        return Awaitable(None if isinstance(result, Awaitable) else result, "the thread's result")

    def _boilerplate(self, bridge: Bridge, args: list[Value], node: ast.AST) -> None:
        """`sync_to_async(X.m)(...)` where Django has the async method itself."""
        func = bridge.func
        if isinstance(func, Func) and isinstance(func.node, ast.Lambda):
            self._boilerplate_lambda(bridge, func, node)
            return
        if isinstance(func, Func) and func.scope is not None:
            report_inner(self, bridge, node, self._inside)
            return
        if isinstance(func, External) and func.name in ("builtins.list", "builtins.tuple", "builtins.set"):
            if args and isinstance(args[0], Query) and self.session.target >= V41:
                self.report(
                    BOILERPLATE,
                    node,
                    func.name.rpartition(".")[2],
                    receiver=args[0],
                    twin="async for",
                    since=V41,
                    extra={"bridge": bridge},
                )
            return
        twin, bypass = self.twin_of(func)
        if twin is not None and twin[1] <= self.session.target and not bypass:
            self.report(
                BOILERPLATE,
                node,
                getattr(func, "name", ""),
                receiver=getattr(func, "receiver", None),
                twin=twin[0],
                since=twin[1],
                extra={"bridge": bridge},
            )

    def _inside(self, func: Func) -> Bridges | None:
        """A frame in which a nested function's expressions can be played."""
        mod = self.program.mod(func.module)
        return None if mod is None else type(self)(self.session, mod, func, func.scope, self.depth + 1)

    def _boilerplate_lambda(self, bridge: Bridge, func: Func, node: ast.AST) -> None:
        """`sync_to_async(lambda: X.get(...))()`, where the lambda does nothing else."""
        mod = self.program.mod(func.module)
        body = func.node.body
        if mod is None or not isinstance(body, ast.Call) or func.node.args.args:
            return
        inner = type(self)(self.session, mod, func, func.scope, self.depth + 1)
        inner.eval(body)
        raising = [event for event in inner.events.values() if event.kind in RAISING]
        only = raising[0] if len(raising) == 1 else None
        if only is None or only.node is not body or only.kind != QUERY or only.bypasses or not only.twin:
            return
        if (
            isinstance(body.func, ast.Attribute)
            and only.since is not None
            and only.since <= self.session.target
        ):
            extra = {"bridge": bridge, "body": body}
            self.report(
                BOILERPLATE,
                node,
                only.op,
                receiver=only.receiver,
                twin=only.twin,
                since=only.since,
                extra=extra,
            )

    def twin_of(self, func: Value) -> tuple[tuple[str, Release] | None, bool]:
        """The async twin of something callable, and whether it goes past the project's override."""
        if isinstance(func, Method):
            name, receiver = func.name, func.receiver
            if isinstance(receiver, (Query, Manager)):
                if isinstance(receiver, Manager) and name in NOT_ON_MANAGERS:
                    return None, False
                found = queryset_twin(name)
                return found, bool(func.note) and bypasses_override(name, on_manager=func.note == "manager")
            if isinstance(receiver, Inst) and self.models.is_model(receiver.cls) and name in INSTANCE:
                return instance_twin(name), False
            if isinstance(receiver, Inst):
                sync = self.table(receiver.cls, name)
                if sync is not None and sync.twin and sync.since:
                    return (sync.twin, sync.since), sync.bypasses
        if isinstance(func, External):
            sync = FUNCTIONS.get(func.name)
            if sync is not None and sync.twin and sync.since:
                return (sync.twin, sync.since), sync.bypasses
        if isinstance(func, Func) and isinstance(func.bound, Inst) and self.models.is_model(func.bound.cls):
            return instance_twin(func.name), False
        return None, False

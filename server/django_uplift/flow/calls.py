"""Calls: the project's functions are played with what they are given; Django's are known from tables."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django_uplift.django.async_api import FUNCTIONS, METHODS, REQUEST_SINCE, SINCE, Sync
from django_uplift.django.blocking import CALLS, FILE
from django_uplift.django.orm import (
    ASYNC,
    FREE_WHEN_CACHED,
    FREE_WHEN_EMPTY,
    INSTANCE,
    LAZY,
    NOT_ON_MANAGERS,
    RELATED,
    TERMINAL,
    V41,
    V42,
    VALIDATION,
    bypasses_override,
    instance_twin,
    queryset_twin,
)
from django_uplift.django.releases import Release
from django_uplift.flow.attributes import LAZY_OBJECT, REQUESTS, SESSION
from django_uplift.flow.boilerplate import report_inner
from django_uplift.flow.evaluation import FORMS, Evaluation
from django_uplift.flow.events import (
    ASYNC_TO_SYNC,
    BLOCKING,
    BOILERPLATE,
    CALL,
    GENERIC,
    LIKELY,
    POSSIBLE,
    PROVEN,
    QUERY,
    RAISING,
    SYNC_ONLY,
    TOO_NEW,
    Effect,
    Step,
)
from django_uplift.flow.events import (
    SESSION as SESSION_EVENT,
)
from django_uplift.flow.frame import RUNNERS, Pending, dotted, operand
from django_uplift.flow.session import Summary
from django_uplift.types.program import Assigned
from django_uplift.types.values import (
    BOOL,
    FALSE,
    INT,
    NOTHING,
    STR,
    TRUE,
    AsyncIter,
    Awaitable,
    Bridge,
    Class,
    Const,
    External,
    Func,
    Inst,
    LazyUser,
    Manager,
    Method,
    Partial,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    join,
    map_options,
    not_none,
    options,
)

# Turn their first argument into something that runs it in a thread.
BRIDGES = frozenset(
    {
        "asgiref.sync.sync_to_async",
        "asgiref.sync.SyncToAsync",
        "channels.db.database_sync_to_async",
        "channels.db.DatabaseSyncToAsync",
        "asyncer.asyncify",
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
_TWINS = frozenset(f"{name.rpartition('.')[0]}.{sync.twin}" for name, sync in FUNCTIONS.items() if sync.twin)
"""Django's async functions, by qualified name."""
_CACHE = "django.core.cache.backends.base.BaseCache"
_RENDERING = frozenset({"django.shortcuts.render", "django.template.loader.render_to_string"})
_BACK = frozenset({"asgiref.sync.async_to_sync", "asgiref.sync.AsyncToSync"})
_WHOLE = {
    "list": "list", "tuple": "tuple", "set": "set", "frozenset": "set", "sorted": "list", "sum": "", "any": "bool",
    "all": "bool", "max": "item", "min": "item", "dict": "dict", "enumerate": "enumerate", "zip": "zip", "map": "map",
    "filter": "iter", "reversed": "iter", "iter": "iter", "next": "item", "collections.Counter": "",
    "collections.deque": "list",
    "random.choice": "item", "random.sample": "list", "random.shuffle": "", "itertools.chain": "iter",
    "itertools.islice": "iter", "itertools.groupby": "groupby", "itertools.batched": "iter", "functools.reduce": "",
    "pickle.dumps": "", "copy.copy": "", "json.dumps": "", "heapq.nlargest": "list", "statistics.mean": "",
    "itertools.chain.from_iterable": "iter", "builtins.print": "",
}  # fmt: skip
_TWIN_KEYWORDS = {
    "save": ("force_insert", "force_update", "using", "update_fields"),
    "delete": ("using", "keep_parents"),
    "refresh_from_db": ("using", "fields"),
}
"""What the twins hand on to overrides; one with arguments of its own is not called with them."""
_CREATE = ("create", "get_or_create", "update_or_create")
_CHANGE_RELATION = frozenset(f"{a}{name}" for name in (*RELATED, *_CREATE) for a in ("", "a"))
_FREE_CALLS = frozenset(
    {"isinstance", "issubclass", "id", "type", "callable", "hasattr", "getattr", "setattr", "len", "super"}
)


class Calls(Evaluation):
    """Calls of every kind."""

    def call(self, function: Value, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        """Play a call of `function`; what it gives."""
        if function is None:
            return None
        kind = type(function)
        if kind is Func:
            return self.call_function(function, args, keywords, node)
        if kind is Method:
            return self._call_method(function, args, keywords, node)
        if kind is External:
            return self._call_external(function.name, args, keywords, node)
        if kind is Class:
            return self._construct(function.cls, args, keywords, node)
        if kind is Bridge:
            return self._call_bridge(function, args, keywords, node)
        if kind is Partial:
            return self.call(
                function.func, [*function.args, *args], {**dict(function.keywords), **keywords}, node
            )
        if kind is Union:
            return self._call_one_of(function, args, keywords, node)
        if kind is Inst:
            if function.cls == "operator.attrgetter" and args:
                value = args[0]
                for part in str(dict(function.args).get("path") or "").split("."):
                    value = self.each(value, lambda option, name=part: self.attribute(option, name, node))  # type: ignore[misc]
                return value
            found = self.program.member(function.cls, "__call__")
            if found is not None and isinstance(found[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
                return self.call(self.method_of(found[0], found[1], function, node), args, keywords, node)
        return None

    def _call_one_of(
        self, function: Union, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        """Call one of several. Where one of them is a bridge, the choice is made by whether there is a loop."""
        if any(isinstance(option, Bridge) and not option.back for option in function.options):

            def act(option: Value) -> Value:
                if isinstance(option, Bridge):
                    return self.call(option, args, keywords, node)
                with self.quiet():
                    return self.call(option, args, keywords, node)

            return self.each(function, act)
        return self.each(function, lambda option: self.call(option, args, keywords, node))

    def async_items(self, value: Value, node: ast.AST) -> Value:
        """What `async for` gives."""
        raise NotImplementedError

    # The project's functions

    def call_function(
        self, function: Func, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        """Play the function, or remember what playing it came to."""
        qualified = f"{function.module}.{_inside(function)}{function.name}"
        facts = self.session.facts
        if qualified in facts.safe:
            return None
        if qualified in facts.bridges:
            return Bridge(args[0] if args else None, name=function.name)
        if qualified in facts.queries:
            self.report(
                CALL,
                node,
                function.name,
                f"{function.name}()",
                extra={"func": function, "cause": "a query, as the configuration says"},
            )
            return None
        summary = self.summary(function, args, keywords)
        if isinstance(function.bound, (Query, Manager)) and function.bound.model is not None:
            summary = summary._replace(returns=map_options(summary.returns, _of_model(function.bound.model)))
        if function.is_async:
            if isinstance(summary.returns, AsyncIter):
                return replace(summary.returns, origin=f"{function.name}()")
            return Awaitable(summary.returns, f"{function.name}()")
        if isinstance(summary.returns, Seq) and isinstance(summary.returns.pending, _GeneratorEffects):
            return summary.returns
        self._effects(summary, function, node)
        if summary.warmed:
            self._warm(summary, function, node)
        bound = function.bound
        if summary.attributes and isinstance(bound, Inst) and not self.models.is_model(bound.cls):
            changed = replace(bound, args=tuple({**dict(bound.args), **dict(summary.attributes)}.items()))
            at = operand(node)
            own = self.own_name()
            if own and isinstance(at, ast.Call) and getattr(at.func, "id", "") == "super":
                for name, value in summary.attributes:
                    self.remember(f"{own}.{name}", value)
                return summary.returns
            key = dotted(at) if at is not None else None
            if key is not None and self.local(key) == bound and key not in ("self", "cls"):
                self.remember(key, changed)
            if summary.returns == bound:
                return changed
        return summary.returns

    def own_name(self) -> str:
        """What the method that is played calls its object; '' elsewhere."""
        func = self.func
        if func is None or func.bound is None or isinstance(func.node, ast.Lambda):
            return ""
        spec = func.node.args
        first = [*spec.posonlyargs, *spec.args][:1]
        return first[0].arg if first else ""

    def _warm(self, summary: Summary, function: Func, node: ast.AST) -> None:
        """What the function read is on board of its arguments now."""
        if not isinstance(node, ast.Call):
            return
        spec = function.node.args
        names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
        given: list[ast.expr | None] = list(node.args)
        called = dotted(node.func) or ""
        if called.rpartition(".")[2] in RUNNERS:
            given = given[2:] if called.endswith("run_in_executor") else given[1:]
        if function.bound is not None:
            given.insert(0, operand(node))
        for n, arg in enumerate(given):
            if isinstance(arg, ast.Starred):
                del given[n:]
                break
        places = dict(zip(names, given, strict=False)) | {k.arg: k.value for k in node.keywords if k.arg}
        for name, paths in summary.warmed:
            for path in paths:
                self.board(places.get(name), path)

    def _effects(self, summary: Summary, function: Func, node: ast.AST) -> None:
        for effect, event in ((summary.raising, CALL), (summary.blocking, BLOCKING)):
            if effect is not None:
                self.report(
                    event,
                    node,
                    function.name,
                    _called_name(function, node),
                    level=effect.level,
                    guarded=effect.guarded,
                    path=effect.steps,
                    extra={"func": function, "cause": effect.what, "why": effect.why, "through": True},
                    **(self._override_twin(function, node) if event == CALL else {}),
                )

    def _override_twin(self, function: Func, node: ast.AST) -> dict[str, Any]:
        """The async twin of a model's method, where an override of it is called: Django's runs the override."""
        twin = instance_twin(function.name)
        if (
            twin is None
            or not isinstance(function.bound, Inst)
            or not self.models.is_model(function.bound.cls)
            or not isinstance(node, ast.Call)
            or not isinstance(node.func, ast.Attribute)
            or node.func.attr != function.name
            or isinstance(node.func.value, ast.Call)
            or node.args
            or not all(keyword.arg in _TWIN_KEYWORDS[function.name] for keyword in node.keywords)
        ):
            return {}
        return {"twin": twin[0], "since": twin[1]}

    def play_effect(self, effect: object, node: ast.AST) -> None:
        if isinstance(effect, _GeneratorEffects):
            self._effects(effect.summary, effect.function, node)

    def summary(self, function: Func, args: list[Value], keywords: dict[str, Value]) -> Summary:
        """What a call comes to."""
        raise NotImplementedError

    # Bridges

    def _call_bridge(
        self, bridge: Bridge, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        with self.quiet():
            result = self.call(bridge.func, args, keywords, node) if bridge.func is not None else None
        if bridge.back and self.is_async:
            self.report(ASYNC_TO_SYNC, node, bridge.name, f"{bridge.name}()", receiver=bridge)
        if bridge.back:
            return result.result if isinstance(result, Awaitable) else None
        result = map_options(result, lambda option: None if isinstance(option, Awaitable) else option)
        if isinstance(bridge.func, (Func, Method, External, Class)) and bridge.node is not None:
            self._boilerplate(bridge, args, node)
        return Awaitable(result, f"{bridge.name}(...)(...)")

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

    def _inside(self, func: Func) -> Calls | None:
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

    def table(self, cls: str, name: str) -> Sync | None:
        """What is known of a method of Django's."""
        for base in self.program.mro(cls):
            found = METHODS.get(base, {}).get(name)
            if found is not None:
                return found
        return None

    # Methods of Django's and others'

    def _call_method(
        self, method: Method, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        receiver = method.receiver
        if isinstance(receiver, (Query, Manager)):
            return self._query_method(method, receiver, args, keywords, node)
        if isinstance(receiver, Inst):
            return self._instance_method(method, receiver, args, keywords, node)
        if isinstance(receiver, Class):
            return self._class_method(method, receiver, args, keywords, node)
        if isinstance(receiver, (Seq, Tup)):
            return self._sequence_method(receiver, method.name, args, node)
        if isinstance(receiver, Const):
            if method.name == "join" and args:
                self.iterate(args[0], _arg(node, 0), "join", node)
            elif method.name == "format":
                for n, arg in enumerate(args):
                    self.text(arg, _arg(node, n), "format", node)
            return STR if isinstance(receiver.value, str) else None
        if isinstance(receiver, (Bridge, Func)) and method.name in ("delay", "apply_async"):
            return None
        if isinstance(receiver, Awaitable):
            # A task's.
            return receiver.result if method.name == "result" else None
        if isinstance(receiver, AsyncIter):
            step = method.name in ("__anext__", "asend")
            return Awaitable(self.async_items(receiver, node) if step else None, f"{method.name}()")
        return None

    def _sequence_method(self, receiver: Seq | Tup, name: str, args: list[Value], node: ast.AST) -> Value:
        kind = receiver.kind if isinstance(receiver, Seq) else "tuple"
        if name in ("extend", "update", "union", "intersection", "difference", "difference_update") and args:
            item = self.iterate(args[0], _arg(node, 0), name, node)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(receiver, Seq)
                and kind != "dict"
            ):
                self.refine(
                    node.func.value,
                    replace(receiver, item=item if receiver.item is None else join(receiver.item, item)),
                )
            return None
        if name in ("append", "add", "insert") and args and isinstance(receiver, Seq):
            item = args[-1]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                held = replace(receiver, item=item if receiver.item is None else join(receiver.item, item))
                target = node.func.value
                self.refine(target, held)
                if isinstance(target, ast.Subscript):
                    self.hold(target.value, held)
                elif isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute):
                    # `groups.setdefault(key, []).append(row)`
                    if target.func.attr == "setdefault":
                        self.hold(target.func.value, held)
            return None
        if name == "sort" and isinstance(receiver, Seq) and isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "key":
                    with self.quiet():
                        key = self.eval(keyword.value)
                    self.call(key, [receiver.item], {}, node)
            return None
        if isinstance(receiver, Seq):
            if name in ("send", "__next__"):
                at = (
                    node.func.value
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    else node
                )
                return self.iterate(receiver, at, "send", node)
            if kind == "dict":
                if name == "values":
                    return Seq("iter", receiver.value)
                if name == "items":
                    return Seq("iter", Tup((receiver.item, receiver.value)))
                if name == "keys":
                    return Seq("iter", receiver.item)
                if name in ("get", "pop", "setdefault"):
                    held = self.entry(receiver, args[0] if args else None)
                    return held if held is not None or name != "setdefault" or len(args) < 2 else args[1]
            if name == "pop":
                return receiver.item
            if name == "copy":
                return receiver
        return None

    # Querysets and managers

    def base_queryset(self, manager: Manager, node: ast.AST) -> Query:
        plan = replace(manager.plan, origin="unknown" if manager.perhaps_cached else "fetched")
        if manager.cached:
            return Query(manager.model, manager.queryset, plan, cached=True)
        found = self.program.member(manager.cls, "get_queryset")
        if found is not None and isinstance(found[1], ast.FunctionDef) and not self.muted_get_queryset:
            self.muted_get_queryset = True
            try:
                with self.quiet():
                    made = self.call(self.method_of(found[0], found[1], manager, node), [], {}, node)
            finally:
                self.muted_get_queryset = False
            if isinstance(made, Query):
                return replace(
                    made, model=manager.model, plan=replace(made.plan, loaded=made.plan.loaded | plan.loaded)
                )
        return Query(manager.model, manager.queryset, plan, perhaps_cached=manager.perhaps_cached)

    muted_get_queryset = False

    def _query_method(
        self,
        method: Method,
        receiver: Query | Manager,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        name = method.name
        if name in LAZY:
            self._read_users(args, keywords, node)
            query = receiver if isinstance(receiver, Query) else self.base_queryset(receiver, node)
            if isinstance(receiver, Manager) and name == "all":
                return query
            return self._refine_query(query, name, args, keywords, node)
        if name == "get_queryset" and isinstance(receiver, Manager):
            plan = replace(receiver.plan, origin="unknown" if receiver.perhaps_cached else "fetched")
            return Query(receiver.model, receiver.queryset, plan, cached=receiver.cached)
        if isinstance(receiver, Manager) and receiver.cached and name in _CHANGE_RELATION:
            self._forget_prefetched(receiver, name, node)
        if (
            name in TERMINAL
            or name == "iterator"
            or (name in RELATED and isinstance(receiver, Manager) and receiver.related)
        ):
            if isinstance(receiver, Manager) and name in NOT_ON_MANAGERS and not receiver.related:
                return None
            self._read_users(args, keywords, node)
            return self._terminal(method, receiver, args, keywords, node)
        if name in ASYNC or name == "aiterator" or name in ("aadd", "aremove", "aclear", "aset"):
            since = V42 if name in ("aadd", "aremove", "aclear", "aset") else V41
            if self.session.target < since:
                self.report(TOO_NEW, node, name, f"{self._receiver_text(receiver)}.{name}()", since=since)
            query = receiver if isinstance(receiver, Query) else self.base_queryset(receiver, node)
            if name == "aiterator":
                return AsyncIter(self.item_of(query, node), "aiterator()")
            return Awaitable(self._result(name[1:], receiver, query, args, keywords, node), f"{name}()")
        sync = self.table(receiver.cls, name)
        if sync is not None:
            return self._apply(sync, method, node)
        for base in self.program.mro(receiver.cls):
            if any(s.twin == name for s in METHODS.get(base, {}).values()):
                return Awaitable(
                    Inst(receiver.model, Plan("fetched")) if receiver.model else None, f"{name}()"
                )
        if name in ("as_manager", "from_queryset"):
            return None
        if name == "db_manager":
            return receiver
        if name in (
            "select_subclasses",
            "instance_of",
            "not_instance_of",
            "non_polymorphic",
            "get_real_instances",
        ):
            query = receiver if isinstance(receiver, Query) else self.base_queryset(receiver, node)
            return replace(query, cached=False)
        return None

    def _forget_prefetched(self, receiver: Manager, name: str, node: ast.AST) -> None:
        """Whoever changes a relation through its manager drops what was prefetched of it."""
        if name.endswith("create") and receiver.related == "fk":
            return
        at = operand(node)
        owner = dotted(at.value) if isinstance(at, ast.Attribute) else None
        held = self.local(owner) if owner else None
        if owner and isinstance(at, ast.Attribute) and isinstance(held, Inst) and held.plan is not None:
            plan = replace(held.plan, prefetched=held.plan.prefetched - {at.attr})
            self.remember(owner, replace(held, plan=plan))
            self.env.pop(f"{owner}.{at.attr}", None)

    def _receiver_text(self, receiver: Query | Manager) -> str:
        model = (receiver.model or "").rpartition(".")[2].partition("@")[0]
        if isinstance(receiver, Manager) and not receiver.related:
            return f"{model}.objects" if model else "a manager"
        return f"{model} queryset" if model else "a queryset"

    def _read_users(self, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> None:
        """`filter(owner=request.user)` reads the lazy user."""
        if not isinstance(node, ast.Call):
            return
        for n, arg in enumerate(args):
            if isinstance(arg, LazyUser):
                self.read_user(arg, _arg(node, n))
        for keyword in node.keywords:
            held = keywords.get(keyword.arg or "")
            if isinstance(held, LazyUser):
                self.read_user(held, keyword.value)

    def _refine_query(
        self, query: Query, name: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Query:
        plan = query.plan
        texts = [arg.value for arg in args if isinstance(arg, Const) and isinstance(arg.value, str)]
        if name == "all":
            # Another object, with results of its own.
            return replace(query, cached=False)
        if name == "select_related":
            if args == [NOTHING]:
                plan = replace(plan, loaded=frozenset())
            elif not args:
                plan = replace(plan, every_relation=True)
            elif len(texts) != len(args):
                plan = replace(plan, origin="unknown").adding(loaded=texts)
            else:
                plan = plan.adding(loaded=texts)
        elif name == "prefetch_related":
            plan = self._prefetch(plan, args, query.model)
        elif name == "only":
            if len(texts) == len(args):
                plan = replace(plan, only=frozenset(_steps(texts)))
        elif name == "defer":
            plan = replace(plan, deferred=plan.deferred | set(texts))
            if args == [NOTHING]:
                plan = replace(plan, deferred=frozenset(), only=None)
        rows = query.rows
        if name == "values":
            rows = "dict"
        elif name == "values_list":
            rows = "value" if "flat" in keywords else "tuple"
        elif name in ("dates", "datetimes"):
            rows = "value"
        elif name == "raw":
            rows = "raw"
        empty = query.empty or name == "none" or (name == "filter" and _is_empty_in(node))
        if name == "union" and query.empty:
            empty = all(isinstance(arg, Query) and arg.empty for arg in args)
        ordered = query.ordered or (name == "order_by" and bool(args))
        return replace(
            query, plan=plan, rows=rows, cached=False, empty=empty, ordered=ordered, perhaps_cached=False
        )

    def _prefetch(self, plan: Plan, args: list[Value], model: str | None) -> Plan:
        for arg in args:
            if isinstance(arg, Const) and isinstance(arg.value, str):
                plan = plan.adding(prefetched=[arg.value], loaded=[arg.value])
            elif isinstance(arg, Inst) and arg.cls == "django.db.models.Prefetch":
                held = dict(arg.args)
                lookup, to_attr, inner = held.get("lookup"), held.get("to_attr"), held.get("queryset")
                name = to_attr if isinstance(to_attr, str) else lookup
                if isinstance(to_attr, str) and isinstance(lookup, str):
                    plan = replace(plan, aliases=plan.aliases | {(to_attr, lookup)})
                if isinstance(name, str):
                    plan = plan.adding(prefetched=[name], loaded=[name])
                    if isinstance(inner, Query):
                        plan = replace(plan, inner=(*plan.inner, (name, replace(inner.plan, place=None))))
                        plan = plan.adding(
                            loaded=[f"{name}__{path}" for path in inner.plan.loaded],
                            prefetched=[f"{name}__{path}" for path in inner.plan.prefetched],
                        )
                else:
                    plan = replace(plan, origin="unknown")
            else:
                plan = replace(plan, origin="unknown")
        return plan

    def _terminal(
        self,
        method: Method,
        receiver: Query | Manager,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        name = method.name
        query = receiver if isinstance(receiver, Query) else self.base_queryset(receiver, node)
        if name == "iterator":
            return Seq("iter", self.item_of(query, node), pending=replace(query, cached=False))
        free = (
            (query.empty and name in FREE_WHEN_EMPTY)
            or (query.cached and (name in FREE_WHEN_CACHED or (name == "first" and query.ordered)))
            or (name in ("in_bulk", "bulk_create", "bulk_update") and bool(args) and _is_empty_list(node))
            or (name == "add" and not args and isinstance(receiver, Manager) and receiver.related == "fk")
        )
        if not free:
            twin = queryset_twin(name)
            if name == "clear" and isinstance(receiver, Manager) and receiver.related == "generic":
                twin = ("aclear", V42)
            self.report(
                QUERY,
                node,
                name,
                f"{self._receiver_text(receiver)}.{name}()",
                level=POSSIBLE if query.perhaps_cached and name in FREE_WHEN_CACHED else PROVEN,
                receiver=receiver,
                twin=twin[0] if twin else "",
                since=twin[1] if twin else None,
                bypasses=bool(method.note) and bypasses_override(name, on_manager=method.note == "manager"),
            )
        return self._result(name, receiver, query, args, keywords, node)

    def _result(
        self,
        name: str,
        receiver: Query | Manager,
        query: Query,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        kind = TERMINAL.get(name, "other")
        if kind in ("int", "bool", "str"):
            return {"int": INT, "bool": BOOL, "str": STR}[kind]
        if kind == "dict":
            return Inst("builtins.dict")
        row: Value
        if name == "create" and query.model:
            row = self._created(query.model, keywords, node, receiver)
        elif query.rows in ("model", "raw") and query.model:
            plan = self.fetched(query.plan, node)
            if name == "update_or_create":
                plan = plan.adding(loaded=_literal_keys(node, "defaults"))
            row = Inst(query.model, plan)
        else:
            row = Inst("builtins.dict") if query.rows == "dict" else None
        if kind == "instance":
            return row
        if kind == "instance-or-none":
            return Union((row, NOTHING)) if row is not None else None
        if kind == "pair":
            return Tup((row, BOOL))
        if kind == "by-key":
            return Seq("dict", INT, row)
        if kind == "list":
            return args[0] if args and isinstance(args[0], (Seq, Tup)) else Seq("list", row)
        return None

    def _created(self, model: str, keywords: dict[str, Value], node: ast.AST, receiver: Value = None) -> Inst:
        info = self.models.info(model)
        fields = info.fields if info else {}
        given = [name for name in keywords if name in fields and fields[name].kind in ("fk", "o2o", "gfk")]
        inner: list[tuple[str, Plan]] = []
        for name in tuple(given):
            held = keywords[name]
            if isinstance(held, Inst) and held.plan is not None:
                given += [f"{name}__{path}" for path in held.plan.loaded]
                if held.plan.deferred or held.plan.only is not None:
                    inner.append((name, replace(held.plan, place=None, node=None)))
        if isinstance(receiver, Manager) and receiver.back:
            given += [path for path in receiver.plan.loaded if path.partition("__")[0] == receiver.back]
            inner += receiver.plan.inner
        by_key = {name[:-3] for name in keywords if name.endswith("_id") and name[:-3] in fields}
        if by_key and isinstance(node, ast.Call) and all(k.arg for k in node.keywords) and not node.args:
            # What is left out is null: nothing to fetch.
            given += [n for n, f in fields.items() if f.kind in ("fk", "o2o") and f.null and n not in by_key]
        origin = "fetched" if by_key else "created"
        place = self.place(node) if hasattr(node, "lineno") else None
        return Inst(model, Plan(origin, frozenset(given), inner=tuple(inner), place=place))

    # Instances

    def _instance_method(
        self, method: Method, receiver: Inst, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        name = method.name
        info = self.models.info(receiver.cls)
        if info is not None:
            if name in ("arefresh_from_db", "refresh_from_db") and isinstance(node, ast.Call):
                self._refresh(node, args, keywords)
            if name.startswith(("get_next_by_", "get_previous_by_")):
                self.report(SYNC_ONLY, node, name, f"{_short(receiver.cls)}.{name}()", receiver=receiver)
                return Inst(receiver.cls, Plan("fetched"))
            if name in INSTANCE:
                twin = instance_twin(name)
                assert twin is not None
                self.report(
                    QUERY,
                    node,
                    name,
                    f"{_short(receiver.cls)}.{name}()",
                    receiver=receiver,
                    twin=twin[0],
                    since=twin[1],
                )
                return None
            if name in ("asave", "adelete", "arefresh_from_db"):
                if self.session.target < V42:
                    self.report(TOO_NEW, node, name, f"{_short(receiver.cls)}.{name}()", since=V42)
                return Awaitable(None, f"{name}()")
            if name in VALIDATION:
                related = any(f.kind in ("fk", "o2o") for f in info.fields.values())
                unique = any(f.unique or f.kind == "o2o" for f in info.fields.values())
                if (name == "clean_fields" and related) or (name != "clean_fields" and (related or unique)):
                    self.report(
                        SYNC_ONLY,
                        node,
                        name,
                        f"{_short(receiver.cls)}.{name}()",
                        level=LIKELY,
                        receiver=receiver,
                        extra={"why": "it queries for unique and related fields"},
                    )
                return None
        cls = receiver.cls
        if cls in REQUESTS and name == "auser":
            return Awaitable(Inst(self.models.user, Plan("fetched")), "auser()")
        order = self.program.mro(cls)
        if name in ("get_queryset", "filter_queryset", "get_object", "aget_object") and any(
            b.startswith(("django.views.", "rest_framework.", "adrf.")) for b in order
        ):
            return self._view_method(name, receiver, method.note, args, node)
        if self.program.is_a(cls, *FORMS):
            done, result = self.form_method(receiver, name, keywords, node)
            if done:
                return result
        if name in ("is_valid", "save") and self.is_serializer(cls):
            done, result = self.serializer_method(receiver, name, node)
            if done:
                return result
        if self.program.is_a(cls, _CACHE) and name in ("get_or_set", "aget_or_set") and len(args) > 1:
            # The default is called here, also by the async one.
            default = self.call(args[1], [], {}, node)
            if name[0] == "a":
                return Awaitable(default, "aget_or_set()")
        sync = self.table(cls, name)
        if sync is not None:
            return self._apply(sync, method, node)
        for base in order:
            for sync_name, known in METHODS.get(base, {}).items():
                if known.twin == name:
                    if known.effect == "maybe" and self.program.is_a(cls, SESSION):
                        # It is loaded now.
                        self.keep(operand(node) or node, Inst(cls, args=(("fresh", Const(True)),)))
                    if known.since and self.session.target < known.since:
                        self.report(TOO_NEW, node, name, f"{_short(cls)}.{name}()", since=known.since)
                    return (
                        Awaitable(self._sync_result(known, method, node), f"{name}()") if sync_name else None
                    )
            blocking = CALLS.get(f"{base}.{name}")
            if blocking is not None:
                self._blocks(node, f"{_short(cls)}.{name}()", blocking.instead, blocking.code)
                return None
        if name == "run" and args and cls == "contextvars.Context":
            return self.call(args[0], args[1:], keywords, node)
        if cls.startswith("contextlib.") and args:
            return self._exit_stack(name, args, keywords, node)
        if name == "run_in_executor" and len(args) >= 2:
            return self._in_thread(args[1], args[2:], keywords, node)
        if name == "submit" and args:
            self._in_thread(args[0], args[1:], keywords, node)
            return None
        if name == "create_task" and args and isinstance(args[0], Awaitable):
            return replace(args[0], origin="")
        if name == "start_soon" and args:
            self.call(args[0], args[1:], keywords, node)
            return None
        if name in ("run_until_complete", "run") and args and isinstance(args[0], Awaitable):
            return args[0].result
        if (
            name in ("info", "debug", "warning", "error", "exception", "critical", "log")
            and cls == "logging.Logger"
        ):
            for n, arg in enumerate(args):
                if isinstance(arg, Inst) and n and self.models.is_model(arg.cls):
                    with _capped(self, LIKELY):
                        self.text(arg, _arg(node, n), "format", node)
        return None

    def _view_method(self, name: str, view: Inst, model: str, args: list[Value], node: ast.AST) -> Value:
        """What a generic view's own methods give."""
        if name == "filter_queryset" and args and isinstance(args[0], Query):
            return args[0]
        if not model:
            return None
        rows: Value = None
        found = self.program.member(view.cls, "queryset")
        if found is not None and isinstance(found[1], Assigned):
            rows = self.class_value(found[0], "queryset", found[1])
        own = self.program.member(view.cls, "get_queryset")
        if "object" in name and own is not None and isinstance(own[1], ast.FunctionDef):
            with self.quiet():
                rows = self.call(self.method_of(own[0], own[1], view, node), [], {}, node)
        if not isinstance(rows, Query):
            info = self.models.info(model)
            manager = info.default_manager if info is not None else None
            known = Manager(model, manager.cls, manager.queryset) if manager else None
            rows = self.base_queryset(known, node) if known is not None else Query(model)
        if self.program.is_open(view.cls):
            rows = replace(rows, plan=replace(rows.plan, origin="unknown"))
        rows = replace(rows, cached=False)
        if "queryset" in name:
            return rows
        if name == "get_object":
            self.report(SYNC_ONLY, node, name, "self.get_object()", receiver=view)
        row = self.item_of(rows, node)
        return Awaitable(row, name) if name == "aget_object" else row

    def form_method(
        self, form: Inst, name: str, keywords: dict[str, Value], node: ast.AST
    ) -> tuple[bool, Value]:
        """A method of a form's: whether that is all there is to it, and what it gives."""
        raise NotImplementedError

    def serializer_method(self, serializer: Inst, name: str, node: ast.AST) -> tuple[bool, Value]:
        """`is_valid` or `save` of a serializer's: whether that is all there is to it, and what it gives."""
        raise NotImplementedError

    def _exit_stack(self, name: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        """A method of `contextlib.ExitStack` or `AsyncExitStack`: what it calls at the end waits for that."""
        stack = dotted(operand(node) or ast.Pass())
        left = self.exits.setdefault(stack, []) if stack is not None else []
        if name in ("callback", "push_async_callback"):
            left.append((args[0], args[1:], keywords))
            return args[0]
        if name in ("enter_context", "push") and isinstance(args[0], Inst):
            found = self.program.member(args[0].cls, "__exit__")
            if found is not None and isinstance(found[1], ast.FunctionDef):
                left.append((self.method_of(found[0], found[1], args[0], node), [], {}))
        if name == "enter_context":
            return self.enter(args[0], node)
        if name == "enter_async_context":
            return Awaitable(self.enter_async(args[0], node), "enter_async_context()")
        return None

    def enter_async(self, value: Value, node: ast.AST) -> Value:
        """`async with value:`."""
        raise NotImplementedError

    def _refresh(self, node: ast.Call, args: list[Value], keywords: dict[str, Value]) -> None:
        """A refreshed instance has its columns anew, and no relation on board; with `fields`, only those."""
        at = operand(node)
        key = dotted(at) if at is not None else None
        held = self.local(key) if key else None
        if not key or not isinstance(held, Inst) or held.plan is None:
            return
        plan = held.plan
        if not args and "fields" not in keywords:
            plan = replace(plan, loaded=frozenset(), only=None, deferred=frozenset())
        else:
            named = next((k.value for k in node.keywords if k.arg == "fields"), None)
            for each in named.elts if isinstance(named, (ast.List, ast.Tuple)) else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    plan = plan.without(each.value)
                    plan = replace(plan, deferred=plan.deferred - {each.value})
        self.bind(key, replace(held, plan=plan))

    def _apply(self, sync: Sync, method: Method, node: ast.AST) -> Value:
        """A method of Django's whose effect is known."""
        receiver = method.receiver
        cls = getattr(receiver, "cls", "")
        if method.name in ("send", "send_robust") and isinstance(receiver, Inst) and receiver.args:
            return self.send(receiver, node)
        what = f"{_short(cls)}.{method.name}()"
        if cls == SESSION:
            what = f"request.session.{method.name}()"
        if sync.effect == "blocks":
            instead = (
                f"use 'await ...{sync.twin}()'"
                if sync.twin and sync.since and self.session.target >= sync.since
                else "call it in a thread: 'await sync_to_async(...)(...)'"
            )
            self._blocks(node, what, instead, why=sync.why, twin=sync.twin, since=sync.since)
        else:
            if sync.effect == "maybe" and isinstance(receiver, Inst) and dict(receiver.args).get("fresh"):
                # A session without a key has nothing to load.
                return self._sync_result(sync, method, node)
            level = PROVEN if sync.effect == "query" else LIKELY
            kind = SESSION_EVENT if cls == SESSION else QUERY if sync.twin else SYNC_ONLY
            if method.name in ("send", "send_robust"):
                level = POSSIBLE
            self.report(
                kind,
                node,
                method.name,
                what,
                level=level,
                receiver=receiver,
                twin=sync.twin,
                since=sync.since,
                bypasses=False,
                extra={"why": sync.why},
            )
        return self._sync_result(sync, method, node)

    def send(self, signal: Inst, node: ast.AST) -> Value:
        """`signal.send(...)`: its receivers run here."""
        raise NotImplementedError

    def _sync_result(self, sync: Sync, method: Method, node: ast.AST) -> Value:
        receiver = method.receiver
        if sync.result == "instance" and getattr(receiver, "model", None):
            return Inst(receiver.model, Plan("fetched"))
        if sync.result == "instance" and isinstance(receiver, (Query, Manager)):
            return None
        if sync.result == "bool":
            return BOOL
        if sync.result == "page":
            held = dict(receiver.args) if isinstance(receiver, Inst) else {}
            return Inst(
                "django.core.paginator.Page",
                args=(("item", held.get("item")), ("object_list", held.get("source"))),
            )
        if sync.result == "form-instance" and isinstance(receiver, Inst):
            model = self.form_model(receiver.cls)
            return Inst(model, Plan("unknown")) if model else None
        return None

    def form_model(self, cls: str) -> str | None:
        """The model of a ModelForm."""
        found = self.program.member(cls, "Meta")
        if found is None or not isinstance(found[1], ast.ClassDef):
            return None
        for statement in found[1].body:
            if (
                isinstance(statement, ast.Assign)
                and isinstance(statement.targets[0], ast.Name)
                and statement.targets[0].id == "model"
            ):
                return self.program.qualified(statement.value, found[0].mod)
        return None

    def _blocks(
        self,
        node: ast.AST,
        what: str,
        instead: str,
        code: str = "",
        *,
        why: str = "",
        twin: str = "",
        since: object = None,
    ) -> None:
        if code and self.session.uses_ruff_async:
            return
        # Local files are quick as a rule: that they are read in some helper is no news.
        level = PROVEN if code != FILE.code else LIKELY if self.is_async else POSSIBLE
        self.report(
            BLOCKING,
            node,
            what,
            what,
            level=level,
            twin=twin,
            since=since,
            extra={"instead": instead, "why": why},
        )

    # Classes

    def _class_method(
        self, method: Method, receiver: Class, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        if method.name in INSTANCE and args and isinstance(args[0], Inst):
            return self._instance_method(Method(args[0], method.name), args[0], args[1:], keywords, node)
        if method.name == "as_manager":
            return Manager(None, f"django.db.models.Manager+{receiver.cls}", receiver.cls)
        if method.name == "from_queryset" and args and isinstance(args[0], Class):
            return Class(f"{receiver.cls}+{args[0].cls}")
        return None

    def _construct(self, cls: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        info = self.models.info(cls)
        if info is not None:
            for name in keywords:
                field = info.fields.get(name)
                if field is not None and field.kind == "gfk" and keywords[name] != NOTHING:
                    self.report(GENERIC, node, name, f"{_short(cls)}({name}=...)", level=LIKELY)
            made = self._created(cls, keywords, node)
            self._play_defaults(info, keywords, node)
            found = self.program.member(cls, "__init__")
            if found is not None and isinstance(found[1], ast.FunctionDef):
                function = self.method_of(found[0], found[1], made, node)
                if isinstance(function, Func):
                    self._effects(self.summary(function, args, keywords), function, node)
            return made
        if self.models.is_queryset(cls):
            model = keywords.get("model") or (args[0] if args else None)
            return Query(model.cls if isinstance(model, Class) else None, cls, Plan("fetched"))
        if self.models.is_manager(cls):
            return Manager(None, cls, self.models.queryset_of(cls))
        if self.program.is_a(cls, "asgiref.sync.SyncToAsync") or self.program.is_a(cls, *BRIDGES):
            return Bridge(args[0] if args else None, name=_short(cls))
        if self.program.cls(cls) is None:
            return self._call_external(cls, args, keywords, node)
        if self.is_serializer(cls):
            return self._effects_of_init(made_serializer(cls, args, keywords), args, keywords, node)
        if self.program.is_a(cls, *FORMS):
            return self._effects_of_init(self.made_form(cls, args, keywords, node), args, keywords, node)
        result = Inst(cls)
        found = self.program.member(cls, "__new__")
        if found is not None and isinstance(found[1], ast.FunctionDef):
            function = Func(
                found[0].mod.name, found[1], found[1].lineno, found[1].col_offset, Class(cls), found[0].name
            )
            summary = self.summary(function, args, keywords)
            self._effects(summary, function, node)
            if isinstance(summary.returns, Inst):
                result = summary.returns
        if not self.program.member(cls, "__init__"):
            # A dataclass: its fields are what it is given.
            names = [n for base in reversed(self.program.mro(cls)) for n in self._annotated_names(base)]
            held = {
                **dict(zip(names, args, strict=False)),
                **{k: v for k, v in keywords.items() if k in names},
            }
            self._play_factories(cls, set(held), node)
            known = tuple((k, v) for k, v in held.items() if v is not None)
            result = Inst(cls, args=(*result.args, *known)) if known else result
        for name in ("__init__", "__post_init__"):
            found = self.program.member(cls, name)
            if found is None or not isinstance(found[1], ast.FunctionDef):
                continue
            function = self.method_of(found[0], found[1], result, node)
            if isinstance(function, Func):
                is_init = name == "__init__"
                summary = self.summary(function, args if is_init else [], keywords if is_init else {})
                self._effects(summary, function, node)
                if summary.attributes:
                    result = Inst(cls, args=tuple({**dict(result.args), **dict(summary.attributes)}.items()))
        return result

    def made_form(self, cls: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Inst:
        """An instance of a form's class."""
        held: list[tuple[str, Value]] = []
        plain = isinstance(node, ast.Call) and all(k.arg for k in node.keywords)
        if plain and not args and not keywords.keys() & {"data", "files"}:
            held.append(("_unbound", Const(True)))
        if isinstance(keywords.get("instance"), Inst):
            held.append(("instance", keywords["instance"]))
        return Inst(cls, args=tuple(held))

    def _effects_of_init(
        self, made: Inst, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Inst:
        found = self.program.member(made.cls, "__init__")
        if found is not None and isinstance(found[1], ast.FunctionDef):
            function = self.method_of(found[0], found[1], made, node)
            if isinstance(function, Func):
                summary = self.summary(function, args, keywords)
                self._effects(summary, function, node)
                return replace(made, args=tuple({**dict(made.args), **dict(summary.attributes)}.items()))
        return made

    def _play_factories(self, cls: str, given: set[str], node: ast.AST) -> None:
        """The default factories of a dataclass's fields run in its constructor."""
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            for name, binding in info.members.items() if info else ():
                value = getattr(binding, "value", None)
                if name in given or not isinstance(value, ast.Call) or info is None:
                    continue
                for keyword in value.keywords:
                    if keyword.arg == "default_factory":
                        frame = type(self)(self.session, info.mod, None, None, self.depth + 1)
                        with frame.quiet():
                            factory = frame.eval(keyword.value)
                        self.call(factory, [], {}, node)

    def _annotated_names(self, cls: str) -> list[str]:
        info = self.program.cls(cls)
        return (
            [n for n, b in info.members.items() if getattr(b, "annotation", None) is not None] if info else []
        )

    def enter(self, value: Value, node: ast.AST) -> Value:
        """`with value:`."""
        raise NotImplementedError

    def _play_defaults(self, info: object, keywords: dict[str, Value], node: ast.AST) -> None:
        """Callable defaults of fields run in the constructor."""
        for base in self.program.mro(info.name):  # type: ignore[attr-defined]
            cls = self.program.cls(base)
            for name, binding in cls.members.items() if cls else ():
                value = getattr(binding, "value", None)
                if name in keywords or not isinstance(value, ast.Call):
                    continue
                default = next((k.value for k in value.keywords if k.arg == "default"), None)
                if isinstance(default, (ast.Name, ast.Attribute)):
                    qualified = self.program.qualified(default, cls.mod)  # type: ignore[union-attr]
                    if qualified and self.program.locate(qualified):
                        function = self.named(qualified)
                        if isinstance(function, Func):
                            self.call(function, [], {}, node)

    # Functions outside the project

    def _in_thread(
        self, function: Value, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        with self.quiet():
            result = self.call(function, args, keywords, node)
        return Awaitable(None if isinstance(result, Awaitable) else result, "the thread's result")

    def _call_external(
        self, name: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        short = name.rpartition(".")[2]
        if name.startswith("builtins."):
            return self._builtin(short, args, keywords, node)
        if name in BRIDGES:
            if not args:
                return Partial(External(name), (), ()) if not keywords else Partial(External(name))
            return Bridge(args[0], name=short, node=node)
        if name in self.session.facts.bridges:
            return Bridge(args[0] if args else None, name=short)
        if name in self.session.facts.queries:
            self.report(
                CALL, node, short, f"{short}()", extra={"cause": "a query, as the configuration says"}
            )
            return None
        if name in self.session.facts.safe:
            return None
        if name in _BACK:
            return Bridge(args[0] if args else None, back=True, name=short)
        if name in RUN_IN_THREAD:
            return self._in_thread(args[0], args[1:], keywords, node) if args else None
        if name in ("functools.partial", "functools.partialmethod") and args:
            return Partial(args[0], tuple(args[1:]), tuple(keywords.items()), name.endswith("method"))
        if name in ("functools.wraps", "functools.update_wrapper", "functools.lru_cache", "functools.cache"):
            return (
                Partial(External("<identity>"))
                if not args or not isinstance(args[0], Func) or name.endswith("wraps")
                else args[0]
            )
        if name == "<identity>":
            return args[0] if args else None
        sync = FUNCTIONS.get(name)
        if sync is not None:
            return self._django_function(name, short, sync, args, keywords, node)
        if (short.startswith("a") and name in SINCE) or name in _TWINS:
            return self._django_async(name, short, args, node)
        blocking = CALLS.get(name)
        if blocking is not None:
            self._blocks(node, f"{name}()", blocking.instead, blocking.code)
            return None
        if name in _WHOLE:
            return self._consume(name, short, args, keywords, node)
        for arg in args:
            if isinstance(arg, Seq) and isinstance(arg.pending, Pending):
                self.iterate(arg, node, "call", node)
        return self._known_result(name, short, args, keywords, node)

    def _django_function(
        self, name: str, short: str, sync: Sync, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        self._read_users(args, keywords, node)
        first = args[0] if args else None
        model = first.cls if isinstance(first, Class) else getattr(first, "model", None)
        level = PROVEN if sync.effect == "query" else LIKELY
        if name.endswith("django.db.connection.close"):
            level = PROVEN
        kind = QUERY if sync.twin else SYNC_ONLY
        self.report(
            kind,
            node,
            short,
            f"{_shown_name(name)}()",
            level=level,
            receiver=External(name),
            twin=sync.twin,
            since=sync.since,
            extra={"why": sync.why, "function": name},
        )
        return self._function_result(sync.result, first, model, node)

    def _function_result(self, result: str, first: Value, model: str | None, node: ast.AST) -> Value:
        if isinstance(first, Manager):
            first = self.base_queryset(first, node)
        plan = first.plan if isinstance(first, Query) else Plan("fetched")
        if result == "first-arg-instance":
            return Inst(model, self.fetched(plan, node)) if model else None
        if result == "first-arg-list":
            return Seq("list", Inst(model, self.fetched(plan, node)) if model else None)
        if result in ("user", "user-or-none"):
            user = Inst(self.models.user, Plan("fetched"))
            return Union((user, NOTHING)) if result == "user-or-none" else user
        if result == "cursor":
            return Inst("django.db.backends.utils.CursorWrapper")
        return None

    def _django_async(self, name: str, short: str, args: list[Value], node: ast.AST) -> Value:
        since = SINCE.get(name)
        if since is not None and self.session.target < since:
            self.report(TOO_NEW, node, short, f"{_shown_name(name)}()", since=since)
        module = name.rpartition(".")[0]
        sync = next(
            (s for n, s in FUNCTIONS.items() if s.twin == short and n.rpartition(".")[0] == module), None
        )
        if sync is None:
            return None
        first = args[0] if args else None
        model = first.cls if isinstance(first, Class) else getattr(first, "model", None)
        return Awaitable(self._function_result(sync.result, first, model, node), f"{short}()")

    def _builtin(self, name: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        first = args[0] if args else None
        at = _arg(node, 0)
        if name == "len":
            return self.length(first, at, node)
        if name == "bool":
            self.truth(first, at, node)
            return BOOL
        if name in ("str", "repr", "format", "ascii"):
            return self.text(first, at, "repr" if name in ("repr", "ascii") else "str", node)
        if name == "print":
            for n, arg in enumerate(args):
                self.text(arg, _arg(node, n), "str", node)
            return NOTHING
        if name == "open":
            blocking = CALLS["builtins.open"]
            self._blocks(node, "open()", blocking.instead, blocking.code)
            return Inst("builtins.file")
        if name in ("getattr", "hasattr") and len(args) >= 2:
            attribute = args[1]
            if isinstance(attribute, Const) and isinstance(attribute.value, str):
                since = REQUEST_SINCE.get(attribute.value)
                if (
                    name == "hasattr"
                    and since is not None
                    and isinstance(first, Inst)
                    and first.cls in REQUESTS
                ):
                    return Const(self.session.target >= since)
                value = self.each(first, lambda option: self.attribute(option, attribute.value, node))
                key = dotted(at)
                if key:
                    self.remember(f"{key}.{attribute.value}", value)
                return BOOL if name == "hasattr" else value
            return None
        if name in _WHOLE:
            return self._consume(name, name, args, keywords, node)
        if name == "int":
            return INT
        if name == "anext" and args:
            return Awaitable(self.async_items(first, at), "anext()")
        if name == "aiter" and args:
            return AsyncIter(self.async_items(first, at), "aiter()")
        if name == "hash" and isinstance(first, Inst):
            self.dunder(first, "__hash__", at, node)
            return INT
        if name == "type" and len(args) == 1:
            return map_options(
                first, lambda option: Class(option.cls) if isinstance(option, Inst) else option
            )
        if name in ("staticmethod", "classmethod") and args:
            return Partial(first) if name == "staticmethod" else first
        if name in ("isinstance", "issubclass", "callable"):
            return BOOL
        return Inst(f"builtins.{name}") if name in ("object", "dict", "bytes", "float") else None

    def _consume(
        self, name: str, short: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        """A function that iterates what it is given."""
        gives = _WHOLE[name]
        if short in ("max", "min") and len(args) > 1:
            return join(args[0], args[1])
        key = keywords.get("key")
        if short in ("map", "filter"):
            items = [self.iterate(arg, _arg(node, n + 1), short, node) for n, arg in enumerate(args[1:])]
            function = args[0] if args else None
            if function is not None and items:

                def work() -> Value:
                    result = self.call(function, items, {}, node)
                    return result if short == "map" else items[0]

                return Seq("iter", pending=Pending(work, self))
            return Seq("iter", items[0] if items else None)
        if short in ("copy", "dumps") and args:
            if isinstance(args[0], Query):
                self.iterate(args[0], _arg(node, 0), name, node)
            return args[0] if short == "copy" else None
        if short == "iter":
            return self.iterator(args[0], _arg(node, 0), node) if len(args) == 1 else None
        if short == "next" and args:
            generator = args[0]
            if isinstance(generator, Seq) and isinstance(generator.pending, GeneratorEffects):
                return self._step(generator, generator.pending, node)
            return self.iterate(generator, _arg(node, 0), short, node)
        if short == "chain":

            def chained() -> Value:
                found = [self.iterate(arg, _arg(node, n), "chain", node) for n, arg in enumerate(args)]
                result = found[0] if found else None
                for item in found[1:]:
                    result = join(result, item)
                return result

            return Seq("iter", pending=Pending(chained, self))
        wanted = args if short in ("zip", "chain") else args[1:2] if short == "reduce" else args[:1]
        offset = 1 if short == "reduce" else 0
        items = []
        for n, arg in enumerate(wanted):
            if short == "dict" and isinstance(arg, Seq) and arg.kind == "dict":
                return arg
            items.append(self.iterate(arg, _arg(node, n + offset), short, node))
        if short == "reduce" and args and items:
            return self.call(args[0], [items[0], items[0]], {}, node)
        if key is not None and key != NOTHING and items:
            self.call(key, items[:1], {}, node)
        first = items[0] if items else None
        if short == "all" or short == "any":
            if isinstance(first, Inst):
                self._truth(first, _arg(node, 0), node)
        if gives == "enumerate":
            return Seq("iter", Tup((INT, first)))
        if gives == "zip":
            return Seq("iter", Tup(tuple(items)))
        if gives == "groupby":
            if len(args) > 1:
                self.call(args[1], [first], {}, node)
            return Seq("iter", Tup((None, Seq("iter", first))))
        if gives == "dict":
            pair = first.items if isinstance(first, Tup) and len(first.items) == 2 else (None, None)
            return Seq("dict", *pair)
        if gives in ("list", "tuple", "set", "iter"):
            return Seq(gives, first)
        if gives == "item":
            return first
        return BOOL if gives == "bool" else None

    def _step(self, generator: Seq, pending: _GeneratorEffects, node: ast.AST) -> Value:
        """`next(generator)`: what stands before the next `yield` happens."""
        key = dotted(_arg(node, 0))
        if pending.reaches():
            self.play_effect(pending, node)
            if key is not None:
                self.remember(key, replace(generator, pending=None))
        elif key is not None:
            self.remember(key, replace(generator, pending=pending.advanced()))
        return generator.item

    def _render(self, node: ast.Call) -> None:
        """Templates iterate what they are given: a queryset in the context is evaluated, as a rule."""
        for arg in (*node.args, *(k.value for k in node.keywords)):
            for value in arg.values if isinstance(arg, ast.Dict) else ():
                with self.quiet():
                    held = self.eval(value)
                if isinstance(held, Query) and held.rows != "raw":
                    with _capped(self, LIKELY):
                        self._evaluate(held, value, "render", node)

    def _known_result(
        self, name: str, short: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        if name == "django.contrib.auth.get_user_model":
            return Class(self.models.user)
        if name == "django.db.models.Prefetch":
            held = [("lookup", _text(args[0]) if args else _text(keywords.get("lookup")))]
            inner = keywords.get("queryset") or (args[1] if len(args) > 1 else None)
            held += [("queryset", inner), ("to_attr", _text(keywords.get("to_attr")))]
            return Inst(name, args=tuple(held))
        if name == "django.db.transaction.atomic":
            if args and isinstance(args[0], Func):
                return args[0]
            return Inst("django.db.transaction.Atomic")
        if name == "django.core.paginator.Paginator":
            source = args[0] if args else keywords.get("object_list")
            if isinstance(source, Manager):
                source = self.base_queryset(source, node)
            if isinstance(source, Query) and not source.cached and not source.empty:
                return Inst(name, args=(("item", self.item_of(source, node)), ("source", source)))
            return None
        if name == LAZY_OBJECT and args:
            return Inst(name, args=(("_setup", args[0]),))
        if (name.startswith("django.http.") and name.endswith("Response")) or short.startswith(
            "HttpResponse"
        ):
            # Takes its content in at once; a streaming one asks for an iterator only.
            content = args[0] if args else keywords.get("content") or keywords.get("streaming_content")
            if isinstance(content, Query) or (isinstance(content, Seq) and not short.startswith("Streaming")):
                self.iterate(content, _arg(node, 0), "response", node)
            return Inst(name)
        if name in _RENDERING and isinstance(node, ast.Call):
            self._render(node)
            return STR if name.endswith("string") else Inst("django.http.HttpResponse")
        if name == "django.core.serializers.serialize" and len(args) > 1:
            if isinstance(args[1], Query):
                self.iterate(args[1], _arg(node, 1), "serialize", node)
            return STR
        if name == "django.apps.apps.get_model" and args:
            label = _text(args[0])
            if isinstance(label, str):
                app, _, model = label.rpartition(".")
                if not app and len(args) > 1 and isinstance(_text(args[1]), str):
                    app, model = label, str(_text(args[1]))
                found = self.models.by_label(app, model)
                return Class(found) if found else None
            return None
        if name in ("asyncio.gather",):
            return Awaitable(
                Tup(tuple(a.result if isinstance(a, Awaitable) else None for a in args)), "gather()"
            )
        if (
            name in ("asyncio.create_task", "asyncio.wait_for", "asyncio.shield", "asyncio.ensure_future")
            and args
        ):
            return Awaitable(
                args[0].result if isinstance(args[0], Awaitable) else None,
                "" if short in ("create_task", "ensure_future") else f"{short}()",
            )
        if name == "asyncio.run" and args:
            return args[0].result if isinstance(args[0], Awaitable) else None
        if (
            name in ("typing.cast", "typing_extensions.cast")
            and len(args) == 2
            and isinstance(node, ast.Call)
        ):
            declared, known = self.annotation(node.args[0], self.mod), args[1]
            if isinstance(known, Inst) and isinstance(declared, Inst):
                return (
                    replace(known, cls=declared.cls) if self.program.is_a(declared.cls, known.cls) else known
                )
            if isinstance(known, (Inst, Query, Manager)):
                return known
            # Of lists and numbers a cast says too little: that they may be awaited, say.
            silent = isinstance(declared, Inst) and declared.cls.startswith("builtins.")
            return declared if isinstance(declared, (Inst, Query, Manager)) and not silent else None
        if name == "asyncio.sleep":
            return Awaitable(NOTHING, "asyncio.sleep()")
        if short in ("iscoroutinefunction", "isasyncgenfunction") and args:
            told = {_is_coroutine_function(option) for option in options(args[0])}
            known = told.pop() if len(told) == 1 else None
            return FALSE if known is False else TRUE if known and short == "iscoroutinefunction" else None
        if short == "in_async_context":
            # Strawberry's: what is played here runs on the loop.
            return Const(True)
        if name == "operator.attrgetter" and args:
            return Inst(name, args=(("path", _text(args[0])),))
        if name == "contextvars.copy_context":
            return Inst("contextvars.Context")
        if name in ("logging.getLogger", "structlog.get_logger"):
            return Inst("logging.Logger")
        if name == "copy.deepcopy" and args:
            return args[0]
        if short == "cast" and name.startswith("typing") and len(args) > 1:
            promised = self.annotation(node.args[0], self.mod) if isinstance(node, ast.Call) else None
            return args[1] if args[1] is not None else promised
        if name == "dataclasses.replace" and args and isinstance(args[0], Inst):
            changed = {**dict(args[0].args), **keywords}
            return replace(args[0], args=tuple((k, v) for k, v in changed.items() if v is not None))
        if name == "collections.defaultdict":
            made = self.call(args[0], [], {}, node) if args else None
            return Seq("dict", None, Seq("list") if args and args[0] == External("builtins.list") else made)
        if name == "asyncio.as_completed" and args:
            return Seq("iter", self.iterate(args[0], _arg(node, 0), "for", node))
        if name == "itertools.chain":
            return Seq("iter", None)
        if short.endswith("connections.__getitem__"):
            return External("django.db.connection")
        if short == "run_in_executor" and len(args) >= 2:
            return self._in_thread(args[1], args[2:], keywords, node)
        if self.program.is_a(name, SESSION) and not args and not keywords:
            return Inst(name, args=(("fresh", Const(True)),))
        if short[:1].isupper():
            return Inst(name)
        return None


def made_serializer(cls: str, args: list[Value], keywords: dict[str, Value]) -> Inst:
    """An instance of a serializer's class: what it shows, and whether that are many."""
    held: list[tuple[str, Value]] = [("instance", keywords.get("instance") or (args[0] if args else None))]
    if isinstance(keywords.get("many"), Const):
        held.append(("many", keywords["many"]))
    if "data" in keywords or len(args) > 1:
        held.append(("_input", Const(True)))
    if keywords.get("instance", args[0] if args else NOTHING) != NOTHING:
        held.append(("_updates", Const(True)))
    return Inst(cls, args=tuple(held))


class _GeneratorEffects:
    """What a generator function of the project's does once it is iterated."""

    __slots__ = ("function", "line", "summary", "taken")

    def __init__(self, function: Func, summary: Summary, line: int | None = None, taken: int = 0) -> None:
        self.function = function
        self.summary = summary
        self.line = line
        """Of the first thing that happens, from 1; None if nothing does."""
        self.taken = taken
        """How many steps were made."""

    def advanced(self) -> _GeneratorEffects:
        """After one more step."""
        return _GeneratorEffects(self.function, self.summary, self.line, self.taken + 1)

    def reaches(self) -> bool:
        """Whether the next step does it: what stands behind its `yield` waits for another one."""
        if self.line is None:
            return False
        yields = [n for n in ast.walk(self.function.node) if isinstance(n, (ast.Yield, ast.YieldFrom))]
        if self.taken >= len(yields) or (self.taken and _loops(self.function.node)):
            return True
        return self.line <= sorted(n.lineno for n in yields)[self.taken]


GeneratorEffects = _GeneratorEffects


def _loops(function: ast.AST) -> bool:
    return any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(function))


class _capped:
    """Nothing in here is surer than `level`."""

    def __init__(self, frame: Calls, level: int) -> None:
        self._frame, self._level = frame, level

    def __enter__(self) -> None:
        self._old = self._frame.cap
        self._frame.cap = min(self._old, self._level)

    def __exit__(self, *_: object) -> None:
        self._frame.cap = self._old


def _of_model(model: str) -> Callable[[Value], Value]:
    """A queryset of unknown model that a manager's or queryset's method gives is of its own."""

    def fill(value: Value) -> Value:
        return replace(value, model=model) if isinstance(value, Query) and value.model is None else value

    return fill


def _called_name(function: Func, node: ast.AST) -> str:
    """A call of the project's own, in words."""
    if function.name == "<lambda>":
        return "This lambda"
    cls = function.owner.rpartition(".")[2].partition("@")[0]
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called and called != function.name and not function.name.startswith("__") and called not in _WHOLE:
            # Under a decorator's wrapper, or another name: users know it by the one that they wrote.
            return f"{called}()"
    if function.name in ("__init__", "__post_init__"):
        return f"{cls}()"
    if isinstance(node, ast.Attribute) and node.attr == function.name and cls:
        return f"{cls}.{function.name}"
    return f"{cls}.{function.name}()" if cls else f"{function.name}()"


def _is_coroutine_function(value: Value) -> bool | None:
    if isinstance(value, Func):
        return value.is_async
    if isinstance(value, Method) and isinstance(value.receiver, (Query, Manager)):
        return value.name in ASYNC
    return None


def _arg(node: ast.AST, index: int) -> ast.AST:
    if isinstance(node, ast.Call):
        if index < len(node.args):
            arg = node.args[index]
            return arg.value if isinstance(arg, ast.Starred) else arg
        if node.keywords and not node.args:
            return node.keywords[0].value
    return node


def _text(value: Value) -> Value:
    return value.value if isinstance(value, Const) else value if isinstance(value, Query) else None


def _steps(paths: list[str]) -> list[str]:
    """The paths, and the ways to them."""
    return ["__".join(path.split("__")[: n + 1]) for path in paths for n in range(path.count("__") + 1)]


def _literal_keys(node: ast.AST, keyword: str) -> list[str]:
    """The keys of a dict that is written out as an argument."""
    if isinstance(node, ast.Call):
        for each in node.keywords:
            if each.arg == keyword and isinstance(each.value, ast.Dict):
                return [
                    k.value
                    for k in each.value.keys
                    if isinstance(k, ast.Constant) and isinstance(k.value, str)
                ]
    return []


def _is_empty_list(node: ast.AST) -> bool:
    first = _arg(node, 0)
    return isinstance(first, (ast.List, ast.Tuple)) and not first.elts


def _is_empty_in(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(
        (k.arg or "").endswith("__in") and isinstance(k.value, (ast.List, ast.Tuple)) and not k.value.elts
        for k in node.keywords
    )


def _shown_name(name: str) -> str:
    if name.startswith("django.db."):
        return name.removeprefix("django.db.")
    return name.rpartition(".")[2]


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0].partition("+")[0]


def _inside(function: Func) -> str:
    return f"{function.owner.rpartition('.')[2]}." if function.owner else ""


__all__ = ["CALL", "Calls", "Effect", "GeneratorEffects", "Step", "not_none"]

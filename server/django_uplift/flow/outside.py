"""Functions outside the project: builtins, Django's, asyncio's."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from django_uplift.django.async_api import FUNCTIONS, REQUEST_SINCE, SINCE, Sync
from django_uplift.django.blocking import CALLS
from django_uplift.django.clients import MAKERS, server_of
from django_uplift.django.orm import ASYNC
from django_uplift.flow.arguments import argument
from django_uplift.flow.attributes import LAZY_OBJECT, REQUESTS, SESSION
from django_uplift.flow.bridges import BRIDGES, RUN_IN_THREAD
from django_uplift.flow.consumers import Consumers
from django_uplift.flow.events import CALL, LIKELY, PROVEN, QUERY, SYNC_ONLY, TOO_NEW
from django_uplift.flow.frame import Pending, dotted, is_absent
from django_uplift.flow.functions import TAKES_ALL, Capped
from django_uplift.flow.instances import TEMPLATE
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
    map_options,
    not_none,
    options,
)

_TWINS = frozenset(f"{name.rpartition('.')[0]}.{sync.twin}" for name, sync in FUNCTIONS.items() if sync.twin)
"""Django's async functions, by qualified name."""
_RENDERING = frozenset({"django.shortcuts.render", "django.template.loader.render_to_string"})
_BACK = frozenset({"asgiref.sync.async_to_sync", "asgiref.sync.AsyncToSync"})


class Outside(Consumers):
    """Calls of functions that are known by their names."""

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
        server = server_of(name)
        if server:
            self.asks_server(node, f"{name}()", server)
            return None
        if name in TAKES_ALL:
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
            f"{shown_name(name)}()",
            level=level,
            receiver=External(name),
            twin=sync.twin,
            since=sync.since,
            extra={"why": sync.why, "function": name},
        )
        if short == "prefetch_related_objects" and args:
            self._prefetched(args, node)
        return self._function_result(sync.result, first, model, node)

    def _prefetched(self, args: list[Value], node: ast.AST) -> None:
        """`prefetch_related_objects(objects, ...)`: the objects of a list that has a name have more on board."""

        def bring(value: Value) -> Value:
            if isinstance(value, Inst) and value.plan is not None:
                return replace(value, plan=self._prefetch(value.plan, args[1:], value.cls))
            return value

        at = argument(node, 0)
        for each in at.elts if isinstance(at, (ast.List, ast.Tuple)) else [at]:
            held = self.local(dotted(each) or "")
            if isinstance(held, Seq) and held.kind != "dict":
                self.refine(each, replace(held, item=map_options(held.item, bring)))
            elif not is_absent(held):
                self.refine(each, map_options(held, bring))

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
            self.report(TOO_NEW, node, short, f"{shown_name(name)}()", since=since)
        module = name.rpartition(".")[0]
        sync = next(
            (s for n, s in FUNCTIONS.items() if s.twin == short and n.rpartition(".")[0] == module), None
        )
        if sync is None:
            return None
        first = args[0] if args else None
        model = first.cls if isinstance(first, Class) else getattr(first, "model", None)
        if short == "aprefetch_related_objects" and args:
            self._prefetched(args, node)
        return Awaitable(self._function_result(sync.result, first, model, node), f"{short}()")

    def _builtin(self, name: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        first = args[0] if args else None
        at = argument(node, 0)
        if name == "len":
            return self.length(first, at, node)
        if name == "bool":
            self.truth(first, at, node)
            return BOOL
        if name in ("str", "repr", "format", "ascii"):
            return self.text(first, at, "repr" if name in ("repr", "ascii") else "str", node)
        if name == "print":
            for n, arg in enumerate(args):
                self.text(arg, argument(node, n), "str", node)
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
        if name in TAKES_ALL:
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
        if name == "isinstance" and isinstance(first, LazyUser) and args[1:] and _is_lazy(args[1]):
            return TRUE
        if name in ("isinstance", "issubclass", "callable"):
            return BOOL
        return Inst(f"builtins.{name}") if name in ("object", "dict", "bytes", "float") else None

    def render_template(self, node: ast.Call, text: str | None = None) -> None:
        """Templates iterate what they are given: a queryset in the context is evaluated, as a rule.

        `text` is the template's own, where that is known.
        """
        for arg in (*node.args, *(k.value for k in node.keywords)):
            if isinstance(arg, ast.Call) and arg.args and (dotted(arg.func) or "").endswith("Context"):
                arg = arg.args[0]
            if isinstance(arg, ast.Dict):
                for key, value in zip(arg.keys, arg.values, strict=True):
                    if key is not None:
                        with self.quiet():
                            name, held = self.eval(key), self.eval(value)
                        self._shown_as(name, held, value, node, text)
            elif isinstance(arg, ast.Name):
                given = self.local(arg.id)
                for entry, held in given.entries if isinstance(given, Seq) else ():
                    self._shown_as(Const(entry), held, arg, None, text)

    def _shown_as(
        self, name: Value, held: Value, node: ast.AST, site: ast.AST | None, text: str | None
    ) -> None:
        """A template shows `held` under a name."""
        if not isinstance(held, Query) or held.rows == "raw":
            return
        if text is not None and isinstance(name, Const) and not re.search(rf"\b{name.value}\b", text):
            return
        with Capped(self, LIKELY):
            self._evaluate(held, node, "render", site)

    def _serializes_relations(self, rows: Value, node: ast.AST) -> bool:
        """`serializers.serialize(...)` asks for the many-to-many relations of each row that were not prefetched."""
        plan = rows.plan if isinstance(rows, Query) else getattr(getattr(rows, "item", None), "plan", None)
        model = rows.model if isinstance(rows, Query) else getattr(getattr(rows, "item", None), "cls", None)
        info = self.models.info(model) if isinstance(model, str) else None
        wanted = next((k.value for k in getattr(node, "keywords", ()) if k.arg == "fields"), None)
        if info is None or plan is None or (isinstance(rows, Query) and rows.empty):
            return False
        named = {e.value for e in getattr(wanted, "elts", ()) if isinstance(e, ast.Constant)}
        for name, field in info.fields.items():
            if field.kind != "m2m" or field.through or name in plan.prefetched:
                continue
            if wanted is None or name in named:
                self.report(
                    SYNC_ONLY,
                    node,
                    "serialize",
                    "serializers.serialize()",
                    level=LIKELY,
                    extra={"why": f"it queries for {name} of each object"},
                )
                return True
        return False

    def _reads_relations(self, instance: Value, node: ast.AST) -> None:
        """`model_to_dict(instance)` asks for the many-to-many relations that were not prefetched."""
        instance = not_none(instance)
        info = self.models.info(instance.cls) if isinstance(instance, Inst) else None
        plan = instance.plan if isinstance(instance, Inst) else None
        if info is None or plan is None:
            return
        named: dict[str, set[object]] = {}
        written: dict[str, ast.expr] = {}
        if isinstance(node, ast.Call):
            written = dict(zip(("fields", "exclude"), node.args[1:], strict=False))
            written |= {k.arg: k.value for k in node.keywords if k.arg}
        for word, given in written.items():
            if isinstance(given, (ast.List, ast.Tuple, ast.Set)):
                named[word] = {e.value for e in given.elts if isinstance(e, ast.Constant)}
            elif not (isinstance(given, ast.Constant) and given.value is None):
                return
        for name, field in info.fields.items():
            left_out = name in named.get("exclude", ()) or ("fields" in named and name not in named["fields"])
            if field.kind == "m2m" and name not in plan.prefetched and not left_out:
                self.report(
                    SYNC_ONLY,
                    node,
                    "model_to_dict",
                    "model_to_dict()",
                    level=LIKELY if plan.origin == "unknown" else PROVEN,
                    extra={"why": f"it queries for {name}"},
                )
                return

    def _known_result(
        self, name: str, short: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        if name == "django.contrib.auth.get_user_model":
            return Class(self.models.user)
        if name == "django.db.models.Prefetch":
            held = [("lookup", text_of(args[0]) if args else text_of(keywords.get("lookup")))]
            inner = keywords.get("queryset") or (args[1] if len(args) > 1 else None)
            held += [("queryset", inner), ("to_attr", text_of(keywords.get("to_attr")))]
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
                self.iterate(content, argument(node, 0), "response", node)
            return Inst(name)
        if name in _RENDERING and isinstance(node, ast.Call):
            self.render_template(node)
            return STR if name.endswith("string") else Inst("django.http.HttpResponse")
        if name in ("django.template.Template", "django.template.base.Template"):
            return Inst(TEMPLATE, args=(("text", args[0] if args else None),))
        if name in ("django.template.loader.get_template", "django.template.loader.select_template"):
            return Inst(TEMPLATE)
        if name == "django.core.serializers.serialize" and len(args) > 1:
            if not self._serializes_relations(args[1], node) and isinstance(args[1], Query):
                self.iterate(args[1], argument(node, 1), "serialize", node)
            return STR
        if name in ("django.forms.models.model_to_dict", "django.forms.model_to_dict") and args:
            self._reads_relations(args[0], node)
            return Inst("builtins.dict")
        if name == "django.apps.apps.get_model" and args:
            label = text_of(args[0])
            if isinstance(label, str):
                app, _, model = label.rpartition(".")
                if not app and len(args) > 1 and isinstance(text_of(args[1]), str):
                    app, model = label, str(text_of(args[1]))
                found = self.models.by_label(app, model)
                if found or app:
                    return Class(found) if found else None
            return Class("django.db.models.Model")
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
        if name == "asyncio.wait" and args:
            done = Seq("set", self.iterate(args[0], argument(node, 0), "for", node))
            return Awaitable(Tup((done, done)), "wait()")
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
            return Inst(name, args=(("path", text_of(args[0])),))
        if name == "operator.methodcaller" and args and isinstance(text_of(args[0]), str):
            return Inst(name, args=(("name", text_of(args[0])), ("args", Tup(tuple(args[1:])))))
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
            return Seq("iter", self.iterate(args[0], argument(node, 0), "for", node))
        if name == "itertools.chain":
            return Seq("iter", None)
        if short.endswith("connections.__getitem__"):
            return External("django.db.connection")
        if short == "run_in_executor" and len(args) >= 2:
            return self._in_thread(args[1], args[2:], keywords, node)
        if self.program.is_a(name, SESSION) and not args and not keywords:
            return Inst(name, args=(("fresh", Const(True)),))
        if name in MAKERS:
            return Inst(MAKERS[name])
        if short[:1].isupper():
            return Inst(name)
        return None


def _is_lazy(cls: Value) -> bool:
    return isinstance(cls, External) and cls.name.startswith("django.utils.functional.")


def _is_coroutine_function(value: Value) -> bool | None:
    if isinstance(value, Func):
        return value.is_async
    if isinstance(value, Method) and isinstance(value.receiver, (Query, Manager)):
        return value.name in ASYNC
    return None


def text_of(value: Value) -> Value:
    return value.value if isinstance(value, Const) else value if isinstance(value, Query) else None


def shown_name(name: str) -> str:
    if name.startswith("django.db."):
        return name.removeprefix("django.db.")
    return name.rpartition(".")[2]

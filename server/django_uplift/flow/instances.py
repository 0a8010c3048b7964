"""Methods of models' instances and of other objects of Django's."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.django.async_api import METHODS
from django_uplift.django.blocking import CALLS
from django_uplift.django.builtin_models import READS
from django_uplift.django.clients import client_of
from django_uplift.django.orm import INSTANCE, V42, VALIDATION, instance_twin
from django_uplift.flow.arguments import argument, short_name
from django_uplift.flow.attributes import REQUESTS, SESSION
from django_uplift.flow.evaluation import FORMS
from django_uplift.flow.events import LIKELY, QUERY, SYNC_ONLY, TOO_NEW
from django_uplift.flow.frame import dotted, operand
from django_uplift.flow.functions import Capped, GeneratorEffects
from django_uplift.flow.querysets import Querysets
from django_uplift.types.models import ModelInfo
from django_uplift.types.program import Assigned
from django_uplift.types.values import (
    STR,
    Awaitable,
    Class,
    Const,
    External,
    Inst,
    Manager,
    Method,
    Plan,
    Query,
    Seq,
    Value,
    not_none,
)

_VIEWS = ("django.", "builtins.", "rest_framework.", "adrf.")
TEMPLATE = "django.template.base.Template"
_CACHE = "django.core.cache.backends.base.BaseCache"


class Instances(Querysets):
    """Calls of objects' methods."""

    def _instance_method(
        self, method: Method, receiver: Inst, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        name = method.name
        info = self.models.info(receiver.cls)
        if info is not None:
            if name in ("arefresh_from_db", "refresh_from_db") and isinstance(node, ast.Call):
                self._refresh(node, args, keywords)
            if name.startswith(("get_next_by_", "get_previous_by_")):
                self.report(SYNC_ONLY, node, name, f"{short_name(receiver.cls)}.{name}()", receiver=receiver)
                return Inst(receiver.cls, Plan("fetched"))
            if name in INSTANCE:
                twin = instance_twin(name)
                assert twin is not None
                self.report(
                    QUERY,
                    node,
                    name,
                    f"{short_name(receiver.cls)}.{name}()",
                    receiver=receiver,
                    twin=twin[0],
                    since=twin[1],
                )
                return None
            if name in ("asave", "adelete", "arefresh_from_db"):
                if self.session.target < V42:
                    self.report(TOO_NEW, node, name, f"{short_name(receiver.cls)}.{name}()", since=V42)
                return Awaitable(None, f"{name}()")
            excluded = name == "clean_fields" and bool(args or keywords)
            if not excluded and (left_out := self._left_out(name, receiver, info)):
                self.report(
                    SYNC_ONLY,
                    node,
                    name,
                    f"{short_name(receiver.cls)}.{name}()",
                    receiver=receiver,
                    extra={"why": f"it reads the deferred field {left_out}"},
                )
                return None
            if name in VALIDATION:
                related = any(f.kind in ("fk", "o2o") for f in info.fields.values())
                unique = any(f.unique or f.kind == "o2o" for f in info.fields.values())
                if (name == "clean_fields" and related) or (name != "clean_fields" and (related or unique)):
                    self.report(
                        SYNC_ONLY,
                        node,
                        name,
                        f"{short_name(receiver.cls)}.{name}()",
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
                    if name in ("asend", "asend_robust") and receiver.args:
                        self.send(receiver, node, is_async=True)
                    if known.effect == "maybe" and self.program.is_a(cls, SESSION):
                        self.session_loaded(operand(node) or node)
                    if known.since and self.session.target < known.since:
                        self.report(TOO_NEW, node, name, f"{short_name(cls)}.{name}()", since=known.since)
                    return (
                        Awaitable(self._sync_result(known, method, node), f"{name}()") if sync_name else None
                    )
            client = client_of(base)
            if client is not None and name in client.makes:
                return Inst(client.makes[name])
            if client is not None and client.asks(name):
                self.asks_server(node, f"{short_name(cls)}.{name}()", client.server)
                return None
            blocking = CALLS.get(f"{base}.{name}")
            if blocking is not None:
                self._blocks(node, f"{short_name(cls)}.{name}()", blocking.instead, blocking.code)
                return None
        if cls == TEMPLATE and name == "render" and isinstance(node, ast.Call):
            written = dict(receiver.args).get("text")
            self.render_template(node, written.value if isinstance(written, Const) else None)
            return STR
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
                    with Capped(self, LIKELY):
                        self.text(arg, argument(node, n), "format", node)
        return None

    def _left_out(self, name: str, receiver: Inst, info: ModelInfo) -> str:
        """The field that one of Django's own methods reads and that the query left out; '' if none."""
        plan = receiver.plan
        if plan is None or (not plan.deferred and plan.only is None):
            return ""
        if name == "clean_fields":
            # What is left blank is skipped only after it was read.
            read = tuple(n for n, f in info.fields.items() if f.kind == "plain")
        else:
            orders = self.program.mro(receiver.cls)
            read = next((READS[base][name] for base in orders if name in READS.get(base, ())), ())
        for each in read:
            if each in plan.deferred or (plan.only is not None and each not in plan.only and each != "id"):
                return each
        return ""

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
        if any(
            self.program.cls(base) is None and not base.startswith(_VIEWS)
            for base in self.program.mro(view.cls)
        ):
            # Some base may fetch more.
            rows = replace(rows, plan=replace(rows.plan, origin="unknown"))
        rows = replace(rows, cached=False)
        if "queryset" in name:
            return rows
        if name == "get_object":
            self.report(SYNC_ONLY, node, name, "self.get_object()", receiver=view)
        row = self.item_of(rows, node)
        return Awaitable(row, name) if name == "aget_object" else row

    def render_template(self, node: ast.Call, text: str | None = None) -> None:
        """A template is rendered with the context that stands in a call."""
        raise NotImplementedError

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
        if name == "enter_context" and isinstance(args[0], Seq):
            effects = args[0].pending
            if isinstance(effects, GeneratorEffects) and not effects.reaches():
                # It is what stands behind the `yield` that does it.
                left.append((External("<identity>"), [args[0]], {}))
                return args[0].item
        if name == "enter_context":
            return self.enter(args[0], node)
        if name == "enter_async_context":
            return Awaitable(self.enter_async(args[0], node), "enter_async_context()")
        return None

    def enter(self, value: Value, node: ast.AST) -> Value:
        """`with value:`."""
        raise NotImplementedError

    def enter_async(self, value: Value, node: ast.AST) -> Value:
        """`async with value:`."""
        raise NotImplementedError

    def _refresh(self, node: ast.Call, args: list[Value], keywords: dict[str, Value]) -> None:
        """A refreshed instance has its columns anew, and no relation on board; with `fields`, only those."""
        at = operand(node)
        key = dotted(at) if at is not None else None
        held = not_none(self.local(key)) if key else None
        if not key or not isinstance(held, Inst) or held.plan is None:
            return
        plan = held.plan
        if plan.origin == "created":
            plan = replace(plan, origin="fetched")
        if not args and "fields" not in keywords:
            # What the query could bring along would be gone by now.
            plan = replace(plan, loaded=frozenset(), only=None, deferred=frozenset(), node=None, place=None)
        else:
            named = next((k.value for k in node.keywords if k.arg == "fields"), None)
            for each in named.elts if isinstance(named, (ast.List, ast.Tuple)) else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    plan = plan.without(each.value)
                    plan = replace(plan, deferred=plan.deferred - {each.value})
        self.bind(key, replace(held, plan=plan))

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

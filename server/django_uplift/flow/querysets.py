"""Methods of querysets and managers, and the rows that they give."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.django.async_api import METHODS
from django_uplift.django.orm import (
    ASYNC,
    FREE_WHEN_CACHED,
    FREE_WHEN_EMPTY,
    LAZY,
    NOT_ON_MANAGERS,
    RELATED,
    TERMINAL,
    V41,
    V42,
    bypasses_override,
    queryset_twin,
)
from django_uplift.flow.arguments import argument
from django_uplift.flow.bridges import Bridges
from django_uplift.flow.events import POSSIBLE, PROVEN, QUERY, TOO_NEW
from django_uplift.flow.frame import dotted, operand
from django_uplift.types.values import (
    BOOL,
    INT,
    NOTHING,
    STR,
    AsyncIter,
    Awaitable,
    Const,
    Inst,
    Manager,
    Method,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    not_none,
)

_CREATE = ("create", "get_or_create", "update_or_create")
_CHANGE_RELATION = frozenset(f"{a}{name}" for name in (*RELATED, *_CREATE) for a in ("", "a"))


class Querysets(Bridges):
    """Calls of querysets' and managers' methods."""

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
        held = not_none(self.local(owner)) if owner else None
        if owner and isinstance(at, ast.Attribute) and isinstance(held, Inst) and held.plan is not None:
            plan = replace(held.plan, prefetched=held.plan.prefetched - {at.attr})
            self.remember(owner, replace(held, plan=plan))
            self.env.pop(f"{owner}.{at.attr}", None)

    def _receiver_text(self, receiver: Query | Manager) -> str:
        model = (receiver.model or "").rpartition(".")[2].partition("@")[0]
        if isinstance(receiver, Manager) and not receiver.related:
            return f"{model}.objects" if model else "a manager"
        return f"{model} queryset" if model else "a queryset"

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
            none = args == [NOTHING]
            plan = replace(plan, prefetched=frozenset()) if none else self._prefetch(plan, args, query.model)
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
            or (query.cached and name in FREE_WHEN_CACHED)
            or (query.cached and name == "first" and (query.ordered or self.models.is_ordered(query.model)))
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
            given = _literal_keys(node, "defaults")
            if name in ("get_or_create", "update_or_create") and plan.loaded:
                # What is created has on board what it is given, whatever the query selects.
                both = {*keywords, *given, *_literal_keys(node, "create_defaults")}
                plan = replace(plan, loaded=frozenset(p for p in plan.loaded if p.partition("__")[0] in both))
            if name == "update_or_create":
                plan = plan.adding(loaded=given)
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
    first = argument(node, 0)
    return isinstance(first, (ast.List, ast.Tuple)) and not first.elts


def _is_empty_in(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(
        (k.arg or "").endswith("__in") and isinstance(k.value, (ast.List, ast.Tuple)) and not k.value.elts
        for k in node.keywords
    )

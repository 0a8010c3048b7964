"""Expressions, played one node at a time."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django_uplift.flow.bridges import BRIDGES
from django_uplift.flow.events import AWAIT_ITERATOR, AWAIT_SYNC, LIKELY, MISSING_AWAIT, UNCALLED_BRIDGE
from django_uplift.flow.frame import Pending, dotted, is_absent
from django_uplift.flow.graphql import GraphQL
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
    Partial,
    Plan,
    Query,
    Seq,
    Super,
    Tup,
    Union,
    Value,
    join,
    not_none,
    options,
)

_MISSING = object()


class Expressions(GraphQL):
    """Reads of every kind of expression."""

    def eval(self, node: ast.expr | None) -> Value:
        """Play an expression; its value."""
        kind = node.__class__
        if kind is ast.Name:
            return self.lookup(node.id)  # type: ignore[union-attr]
        play = _PLAY.get(kind)
        return play(self, node) if play is not None else None

    def name(self, node: ast.Name) -> Value:
        """What a name holds."""
        return self.lookup(node.id)

    def lookup(self, identifier: str) -> Value:
        """What an identifier holds here."""
        if identifier not in self.globals:
            value = self.local(identifier)
            if not is_absent(value):
                return value
        return self.global_value(identifier)

    def global_value(self, identifier: str) -> Value:
        """What a module-level name, or a builtin, holds."""
        if identifier in self.mod.names:
            return self.session_value(self.mod, identifier)
        qualified = self.program.top(identifier, self.mod)
        return self.named(qualified) if qualified else None

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if value is None:
            return NOTHING
        if value is True:
            return TRUE
        if value is False:
            return FALSE
        return _literal(value) if isinstance(value, (str, int)) else Inst(f"builtins.{type(value).__name__}")

    def _attribute(self, node: ast.Attribute) -> Value:
        return self.read(node)

    def _call_node(self, node: ast.Call) -> Value:
        function_node = node.func
        if isinstance(function_node, ast.Name) and function_node.id == "super" and not node.args:
            return self._super()
        around, self.calling = self.calling, node
        function = self.eval(function_node)
        self.calling = around
        args: list[Value] = []
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                held = self.eval(arg.value)
                if isinstance(held, Tup):
                    args += held.items
                else:
                    args.append(self.iterate(held, arg.value, "star", node))
            else:
                args.append(self.eval(arg))
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None and isinstance(keyword.value, ast.Dict):
                for key, held in zip(keyword.value.keys, keyword.value.values, strict=True):
                    name, value = self.eval(key), self.eval(held)
                    if isinstance(name, Const) and isinstance(name.value, str):
                        keywords[name.value] = value
                continue
            value = self.eval(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Seq):
                keywords.update(value.entries)
        if function is None:
            return self._unknown_call(node, function_node, args, keywords)
        return self.call(function, args, keywords, node)

    def consume_all(self, args: list[Value], node: ast.AST) -> None:
        """What is given to code that we can't see is iterated there, as a rule."""
        for arg in args:
            if isinstance(arg, Seq) and isinstance(arg.pending, Pending):
                self.iterate(arg, node, "call", node)
            elif isinstance(arg, AsyncIter) and arg.pending is not None:
                self.async_items(arg, node)

    def _unknown_call(
        self, node: ast.Call, function: ast.expr, args: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """A call of something that we don't know: some names say enough."""
        self.consume_all(args, node)
        if isinstance(function, ast.Attribute):
            name = function.attr
            if name == "run_in_executor" and len(args) >= 2:
                return self._in_thread(args[1], args[2:], keywords, node)
            if name == "submit" and args and isinstance(args[0], Func):
                self._in_thread(args[0], args[1:], keywords, node)
                return None
            if name == "call_soon" and args:
                self.call(args[0], args[1:], {}, node)
        return None

    def _super(self) -> Value:
        frame: Any = self
        while frame is not None:
            func = frame.func
            if func is not None and func.owner:
                return Super(func.owner, func.bound)
            frame = frame.outer
        return None

    # Await

    def _await(self, node: ast.Await) -> Value:
        before = set(self.events)
        value = self.eval(node.value)
        shown = any(key not in before and self.events[key].node is node.value for key in self.events)
        if isinstance(value, Union):
            return self.each(value, lambda option: self._awaited(option, node, shown=True))
        return self._awaited(value, node, shown)

    def _awaited(self, value: Value, node: ast.Await, shown: bool) -> Value:
        if isinstance(value, Awaitable):
            return value.result
        if isinstance(value, AsyncIter):
            self.report(AWAIT_ITERATOR, node, value.origin, value.origin, receiver=value)
            return Seq("list", value.item)
        if isinstance(value, Bridge) and not value.back:
            self.report(UNCALLED_BRIDGE, node, value.name, value.name, receiver=value)
            return None
        if isinstance(value, Partial) and value.func == External("asgiref.sync.sync_to_async"):
            return None
        known = (
            isinstance(value, (Query, Manager, Seq, Tup))
            or value in (INT, BOOL, STR)
            or (isinstance(value, Inst) and self.models.is_model(value.cls))
        )
        if isinstance(value, Inst) and known and self.program.member(value.cls, "__await__"):
            known = False
        if isinstance(value, Manager) and self.program.cls(value.cls) and self.program.is_open(value.cls):
            known = False
        if isinstance(node.value, ast.Call) and known:
            # What a function of the project's gives may be wrapped in ways that we don't see.
            with self.quiet():
                known = not isinstance(self.eval(node.value.func), (Func, Bridge, Partial, Union))
        if known and not shown:
            op = (
                node.value.func.attr
                if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute)
                else ""
            )
            self.report(AWAIT_SYNC, node, op, self.describe(value), receiver=value)
        return value

    def describe(self, value: Value) -> str:
        """A value in words."""
        if isinstance(value, Query):
            return self.shown(value, ast.Pass())
        if isinstance(value, Manager):
            return "a manager"
        if isinstance(value, Inst):
            return f"a {value.cls.rpartition('.')[2].partition('@')[0]}"
        return "a plain value"

    # Operators

    def _bool_op(self, node: ast.BoolOp) -> Value:
        result: Value = _MISSING
        is_or = isinstance(node.op, ast.Or)
        before: dict[str, Value] | None = None
        happened: set[tuple[int, str, str]] = set()
        for n, operand in enumerate(node.values):
            if n == 1 and self.mod.installed:
                happened = set(self.events)
            if n == 0:
                value = self.eval(operand)
            else:
                rarely = is_or and n == len(node.values) - 1 and self._is_memo(node.values[0])
                if rarely:
                    with self.guarded():
                        value = self.eval(operand)
                else:
                    value = self.eval(operand)
            if n < len(node.values) - 1:
                known = self.truth(value, operand, node)
                if known is not None and known is is_or:
                    if before is not None:
                        self.merge(before)
                    return value if result is _MISSING else join(result, value)
                if before is None and known is None:
                    before = self.snapshot()
                self.narrow(operand, not is_or)
                if isinstance(value, LazyUser):
                    value = Inst(value.user, Plan("fetched"))
            if is_or and n < len(node.values) - 1:
                value = not_none(value)
            result = value if result is _MISSING else join(result, value)
        if self.mod.installed:
            self.doubt(self.events.keys() - happened)
        if before is not None:
            self.merge(before)
        return None if result is _MISSING else result

    def _is_memo(self, node: ast.expr) -> bool:
        """Whether `node or load()` remembers what was loaded: globals, and attributes of ours."""
        if isinstance(node, ast.Attribute):
            return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        if isinstance(node, ast.Name):
            return is_absent(self.local(node.id)) or node.id in self.globals
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return (
                node.func.attr == "get"
                and isinstance(node.func.value, ast.Name)
                and is_absent(self.local(node.func.value.id))
            )
        return False

    def narrow(self, test: ast.expr, outcome: bool) -> None:
        """What a test's outcome says about names."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self.narrow(test.operand, not outcome)
            return
        if isinstance(test, ast.BoolOp):
            if isinstance(test.op, ast.And) == outcome:
                for value in test.values:
                    self.narrow(value, outcome)
            return
        if outcome:
            self._is_on_board(test)
        key = dotted(test)
        if key is not None:
            held = self.local(key)
            if isinstance(held, Union):
                if outcome:
                    self.remember(key, not_none(held))
                elif NOTHING in held.options and all(
                    o == NOTHING or (isinstance(o, Inst) and self.models.is_model(o.cls))
                    for o in held.options
                ):
                    self.remember(key, NOTHING)
            return
        if (
            isinstance(test, ast.Compare)
            and len(test.ops) == 1
            and isinstance(test.comparators[0], ast.Constant)
        ):
            if test.comparators[0].value is None and isinstance(test.ops[0], (ast.Is, ast.IsNot)):
                key = dotted(test.left)
                held = self.local(key) if key else None
                is_none = isinstance(test.ops[0], ast.Is) == outcome
                if key and isinstance(held, Union):
                    self.remember(key, NOTHING if is_none and NOTHING in held.options else not_none(held))
            return
        if (
            isinstance(test, ast.Call)
            and isinstance(test.func, ast.Name)
            and test.func.id == "isinstance"
            and len(test.args) == 2
        ):
            key = dotted(test.args[0])
            if key is None:
                return
            held = self.local(key)
            wanted = self._classes(test.args[1])
            if not wanted or isinstance(held, LazyUser):
                return
            if outcome:
                kept = [
                    o
                    for o in options(held)
                    if not is_absent(held) and isinstance(o, Inst) and self.program.is_a(o.cls, *wanted)
                ]
                if kept:
                    self.remember(key, kept[0] if len(kept) == 1 else Union(tuple(kept)))
                elif len(wanted) == 1:
                    if self.models.is_model(wanted[0]):
                        plan = held.plan if isinstance(held, Inst) and held.plan else Plan()
                        self.remember(key, Inst(wanted[0], plan))
                    elif self.models.is_queryset(wanted[0]):
                        if not isinstance(held, Query):
                            self.remember(key, Query(None))
                    else:
                        self.remember(key, Inst(wanted[0]))
                else:
                    self.remember(key, None)
            elif isinstance(held, Union):
                rest = [o for o in held.options if not self._is_instance(o, wanted)]
                if rest:
                    self.remember(key, rest[0] if len(rest) == 1 else Union(tuple(rest)))

    def _is_on_board(self, test: ast.expr) -> None:
        """``field.is_cached(order)``, ``"customer" in order._state.fields_cache``: the relation is there."""
        if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and len(test.args) == 1:
            key = dotted(test.args[0])
            held = self.local(key) if key else None
            if test.func.attr == "is_cached" and key and isinstance(held, Inst) and held.plan is not None:
                self.remember(key, replace(held, plan=replace(held.plan, origin="created")))
        elif isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In):
            cache, name = test.comparators[0], test.left
            if isinstance(cache, ast.Attribute) and isinstance(name, ast.Constant):
                if cache.attr == "fields_cache" and isinstance(cache.value, ast.Attribute):
                    self.board(cache.value.value, str(name.value))
                elif cache.attr == "_prefetched_objects_cache":
                    key = dotted(cache.value)
                    held = self.local(key) if key else None
                    if key and isinstance(held, Inst) and held.plan is not None:
                        plan = held.plan.adding(prefetched=[str(name.value)])
                        self.remember(key, replace(held, plan=plan))

    def _is_instance(self, value: Value, wanted: list[str]) -> bool:
        if isinstance(value, Inst):
            return self.program.is_a(value.cls, *wanted)
        if isinstance(value, Query):
            return "django.db.models.QuerySet" in wanted
        if isinstance(value, Seq):
            return f"builtins.{value.kind}" in wanted
        return isinstance(value, Const) and f"builtins.{value.kind}" in wanted

    def _classes(self, node: ast.expr) -> list[str]:
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        found = []
        with self.quiet():
            for each in nodes:
                value = self.eval(each)
                if isinstance(value, Class):
                    found.append(value.cls)
                elif isinstance(value, External):
                    found.append(value.name)
        return found

    def _unary(self, node: ast.UnaryOp) -> Value:
        value = self.eval(node.operand)
        if isinstance(node.op, ast.Not):
            known = self.truth(value, node.operand, node)
            return BOOL if known is None else Const(not known)
        if isinstance(node.op, ast.USub) and isinstance(value, Const) and isinstance(value.value, int):
            return Const(-value.value)
        return value

    def _bin_op(self, node: ast.BinOp) -> Value:
        left, right = self.eval(node.left), self.eval(node.right)
        if isinstance(left, Query):
            if isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.BitXor)):
                empties = [isinstance(side, Query) and side.empty for side in (left, right)]
                empty = any(empties) if isinstance(node.op, ast.BitAnd) else all(empties)
                return replace(left, empty=empty, cached=False)
            return None
        if isinstance(node.op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
            values = right.items if isinstance(right, Tup) else (right,)
            written = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            for n, value in enumerate(values):
                self.text(value, written[n] if len(written) == len(values) else node.right, "format", node)
            return STR
        if isinstance(node.op, ast.Add) and isinstance(left, Seq):
            item = right.item if isinstance(right, Seq) else None
            return Seq(left.kind, left.item if item is None else join(left.item, item))
        if isinstance(left, Inst) and not left.cls.startswith("builtins."):
            dunder = _OPERATORS.get(type(node.op))
            if dunder:
                return self.dunder(left, dunder, node, node, right)
        return left if left == right and left in (INT, STR) else None

    def _compare(self, node: ast.Compare) -> Value:
        left_node = node.left
        left = self.eval(left_node)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.eval(right_node)
            if isinstance(op, (ast.In, ast.NotIn)):
                self.contains(right, left, right_node, node)
            elif isinstance(op, (ast.Eq, ast.NotEq)):
                for value, at in ((left, left_node), (right, right_node)):
                    if isinstance(value, LazyUser):
                        self.read_user(value, at)
                    self.wake(value, at)
                same = self._same_member(left, right)
                if same is not None and len(node.ops) == 1:
                    return Const(same == isinstance(op, ast.Eq))
                if isinstance(left, Inst):
                    self.dunder(left, "__eq__", left_node, node, right)
            elif isinstance(op, (ast.Is, ast.IsNot)):
                if isinstance(left, Const) and isinstance(right, Const) and len(node.ops) == 1:
                    return Const((left == right) == isinstance(op, ast.Is))
                given = isinstance(left, (Func, Class, Bridge, Partial)) or self._is_given(left_node)
                if given and right == NOTHING and len(node.ops) == 1:
                    return Const(isinstance(op, ast.IsNot))
                same = self._same_member(left, right)
                if same is not None and len(node.ops) == 1:
                    return Const(same == isinstance(op, ast.Is))
            elif isinstance(left, Inst):
                self.dunder(left, "__lt__", left_node, node, right)
            left, left_node = right, right_node
        return BOOL

    def _is_given(self, node: ast.expr) -> bool:
        """Whether an attribute was set on the very object at hand, and not to None."""
        if not isinstance(node, ast.Attribute):
            return False
        held = self.local(dotted(node.value) or "")
        value = dict(held.args).get(node.attr) if isinstance(held, Inst) else None
        return isinstance(value, (Seq, Query, Inst, Tup))

    def _same_member(self, first: Value, second: Value) -> bool | None:
        """Whether two members of enumerations are one; None where that is not known."""
        words = [dict(v.args).get("_self") if isinstance(v, Inst) else None for v in (first, second)]
        return None if None in words else words[0] == words[1]

    def _if_exp(self, node: ast.IfExp) -> Value:
        known = self.truth(self.eval(node.test), node.test, node)
        if known is not None:
            return self.eval(node.body if known else node.orelse)
        before = self.snapshot()
        happened = set(self.events) if self.mod.installed else set()
        outer = self.bridged_elsewhere
        self.narrow(node.test, True)
        self.bridged_elsewhere = outer | self.awaited_twins(node.orelse)
        first = self.eval(node.body)
        after, self.env = self.env, before
        self.narrow(node.test, False)
        self.bridged_elsewhere = outer | self.awaited_twins(node.body)
        second = self.eval(node.orelse)
        self.bridged_elsewhere = outer
        self.merge(after)
        if self.mod.installed:
            self.doubt(self.events.keys() - happened)
        return join(first, second)

    def awaited_twins(self, node: ast.expr) -> frozenset[str]:
        """What an expression awaits the async twins of."""
        raise NotImplementedError

    # Displays

    def _list(self, node: ast.List | ast.Set) -> Value:
        item: Value = _MISSING
        for element in node.elts:
            if isinstance(element, ast.Starred):
                value = self.iterate(self.eval(element.value), element.value, "star", element)
            else:
                value = self.eval(element)
            item = value if item is _MISSING else join(item, value)
        return Seq("set" if isinstance(node, ast.Set) else "list", None if item is _MISSING else item)

    def _tuple(self, node: ast.Tuple) -> Value:
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return Seq("tuple", self._list(ast.List(node.elts, ast.Load())).item)
        return Tup(tuple(self.eval(e) for e in node.elts))

    def _dict(self, node: ast.Dict) -> Value:
        value: Value = _MISSING
        key_value: Value = None
        entries: list[tuple[str, Value]] = []
        for key, element in zip(node.keys, node.values, strict=True):
            if key is not None:
                key_value = self.eval(key)
                if isinstance(key_value, Inst):
                    self.dunder(key_value, "__hash__", key, node)
            held = self.eval(element)
            if key is not None:
                value = held if value is _MISSING else join(value, held)
                if isinstance(key_value, Const) and isinstance(key_value.value, str) and held is not None:
                    entries.append((key_value.value, held))
        item = STR if isinstance(key_value, Const) else key_value
        # Only what can be called or queried is worth telling apart.
        telling = any(
            isinstance(held, (Func, Query, Manager, Class))
            or held in (TRUE, FALSE)
            or (isinstance(held, Inst) and held.plan is not None)
            for _, held in entries
        )
        kept = tuple(entries) if telling and len(entries) <= 16 else ()
        return Seq("dict", item, None if value is _MISSING else value, entries=kept)

    # Comprehensions

    def _generator_expression(self, node: ast.GeneratorExp) -> Value:
        """Its first iterable is asked for an iterator at once, the rest is done when it is iterated."""
        first = node.generators[0]
        value = self.eval(first.iter)
        if any(g.is_async for g in node.generators) or any(
            isinstance(n, ast.Await) for n in ast.walk(node.elt)
        ):

            def awork() -> Value:
                made = self._comprehension(node, value)
                return made.item if isinstance(made, AsyncIter) else None

            return AsyncIter(pending=Pending(awork, self))
        if isinstance(value, Query) or (isinstance(value, Inst) and not value.cls.startswith("builtins.")):
            item = self.iterate(value, first.iter, "comprehension", node)
            value = Seq("list", item)

        def work() -> Value:
            made = self._comprehension(node, value)
            return made.item if isinstance(made, Seq) else None

        return Seq("iter", pending=Pending(work, self))

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, first: Value = _MISSING
    ) -> Value:
        names = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        held = {key: value for key, value in self.env.items() if key.partition(".")[0] in names}
        is_async = False
        for n, generator in enumerate(node.generators):
            self._generator(generator, node, first if n == 0 else _MISSING)
            is_async = is_async or bool(generator.is_async)
        if isinstance(node, ast.DictComp):
            key, item = self.eval(node.key), self.eval(node.value)
        else:
            key, item = None, self.eval(node.elt)
        is_async = is_async or (isinstance(node, ast.GeneratorExp) and isinstance(node.elt, ast.Await))
        for name in [key_ for key_ in self.env if key_.partition(".")[0] in names]:
            del self.env[name]
        self.env.update(held)
        if isinstance(node, ast.GeneratorExp):
            return AsyncIter(item) if is_async else Seq("iter", item)
        if isinstance(node, ast.DictComp):
            return Seq("dict", key, item)
        return Seq("set" if isinstance(node, ast.SetComp) else "list", item)

    def _generator(self, generator: ast.comprehension, node: ast.AST, value: Value) -> None:
        if value is _MISSING:
            value = self.eval(generator.iter)
        if generator.is_async:
            item = self.async_items(value, generator.iter)
        else:
            item = self.iterate(value, generator.iter, "comprehension", node)
        self.assign(generator.target, item, generator.iter)
        for condition in generator.ifs:
            self.truth(self.eval(condition), condition, condition)
            self.narrow(condition, True)

    def async_items(self, value: Value, node: ast.AST) -> Value:
        """What `async for` gives."""

        def act(option: Value) -> Value:
            if isinstance(option, AsyncIter):
                if isinstance(option.pending, Pending):
                    return option.pending.run(quietly=bool(self.muted))
                return option.item
            if isinstance(option, Inst):
                made = self.dunder(option, "__aiter__", node, node)
                if isinstance(made, AsyncIter):
                    return made.item
                if isinstance(made, Inst):
                    step = self.dunder(made, "__anext__", node, node)
                    return step.result if isinstance(step, Awaitable) else None
                return None
            if isinstance(option, Query):
                self.cache_filled(node, option)
                return self.item_of(option, node)
            if isinstance(option, Awaitable) and option.origin:
                self.report(MISSING_AWAIT, node, "async for", option.origin)
            return None

        return self.each(value, act)

    # The rest

    def _f_string(self, node: ast.JoinedStr) -> Value:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.eval(part.value)
                self.text(value, part.value, "repr" if part.conversion == 114 else "format", part.value)
                if part.format_spec is not None:
                    self.eval(part.format_spec)
        return STR

    def _subscript(self, node: ast.Subscript) -> Value:
        value = self.eval(node.value)
        key = None
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                self.eval(part)
        else:
            key = self.eval(node.slice)
        return self.index(value, node.slice, key, node)

    def _lambda(self, node: ast.Lambda) -> Value:
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.eval(default)
        return Func(self.mod.name, node, node.lineno, node.col_offset, scope=self)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.eval(node.value)
        self.assign(node.target, value, node.value)
        return value

    def _yield(self, node: ast.Yield) -> Value:
        self.generator = True
        self.yielded.append(self.eval(node.value))
        return None

    def _yield_from(self, node: ast.YieldFrom) -> Value:
        self.generator = True
        self.yielded.append(self.iterate(self.eval(node.value), node.value, "yield from", node))
        return None

    def _starred(self, node: ast.Starred) -> Value:
        return self.eval(node.value)


@lru_cache(maxsize=2048, typed=True)
def _literal(value: str | int) -> Const:
    """The same few strings are met again and again: names of fields and keys."""
    return Const(value)


_OPERATORS: dict[type, str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
}
_PLAY: dict[type, Callable[[Any, Any], Value]] = {
    ast.Name: Expressions.name,
    ast.Attribute: Expressions._attribute,
    ast.Call: Expressions._call_node,
    ast.Constant: Expressions._constant,
    ast.Await: Expressions._await,
    ast.BoolOp: Expressions._bool_op,
    ast.UnaryOp: Expressions._unary,
    ast.BinOp: Expressions._bin_op,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._if_exp,
    ast.List: Expressions._list,
    ast.Set: Expressions._list,
    ast.Tuple: Expressions._tuple,
    ast.Dict: Expressions._dict,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._generator_expression,
    ast.JoinedStr: Expressions._f_string,
    ast.Subscript: Expressions._subscript,
    ast.Lambda: Expressions._lambda,
    ast.NamedExpr: Expressions._walrus,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
    ast.Starred: Expressions._starred,
}

__all__ = ["BRIDGES", "LIKELY", "Expressions"]

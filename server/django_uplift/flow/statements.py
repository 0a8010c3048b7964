"""Statements, and the functions that they make up."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django_uplift.flow.attributes import SESSION
from django_uplift.flow.events import (
    ATOMIC_ON_ASYNC,
    BLOCK,
    LIKELY,
    MISSING_AWAIT,
    POSSIBLE,
    RAISING,
    SYNC_ONLY,
)
from django_uplift.flow.events import (
    SESSION as SESSION_EVENT,
)
from django_uplift.flow.frame import Env, Pending, dotted, is_absent
from django_uplift.flow.patterns import Patterns
from django_uplift.types.program import BRIDGE_NAMES, imported
from django_uplift.types.values import (
    NOTHING,
    Awaitable,
    Bridge,
    Class,
    Const,
    Func,
    Inst,
    Manager,
    Query,
    Seq,
    Union,
    Value,
    join,
)


class Statements(Patterns):
    """Plays statements; each says whether the next one is reached."""

    def run(self, body: list[ast.stmt]) -> bool:
        for statement in body:
            play = _PLAY.get(statement.__class__)
            if play is not None and play(self, statement) is False:
                return False
        return True

    def _expression(self, node: ast.Expr) -> None:
        value = self.eval(node.value)
        if (
            isinstance(value, Awaitable)
            and value.origin
            and not isinstance(node.value, (ast.Await, ast.Name))
        ):
            self.report(MISSING_AWAIT, node.value, "statement", value.origin)

    def _assign_statement(self, node: ast.Assign) -> None:
        value = self.eval(node.value)
        for target in node.targets:
            self.assign(target, value, node.value)

    def _ann_assign(self, node: ast.AnnAssign) -> None:
        declared = self.annotation(node.annotation, self.mod)
        value = self.eval(node.value) if node.value is not None else None
        if node.value is not None or declared is not None:
            self.assign(
                node.target,
                value if value is not None and value != NOTHING else declared,
                node.value or node.target,
            )

    def _aug_assign(self, node: ast.AugAssign) -> None:
        held = self.eval(_as_load(node.target))
        value = self.eval(node.value)
        if isinstance(held, Seq) and isinstance(node.op, ast.Add):
            item = self.iterate(value, node.value, "extend", node)
            self.assign(
                node.target, Seq(held.kind, item if held.item is None else join(held.item, item)), node.value
            )
        elif isinstance(held, Inst) and self.program.member(
            held.cls, f"__i{_AUGMENTED.get(type(node.op), '')}__"
        ):
            made = self.dunder(held, f"__i{_AUGMENTED[type(node.op)]}__", node.target, node, value)
            self.assign(node.target, made, node.value)
        elif not isinstance(held, Query):
            self.assign(node.target, None if held != value else held, node.value)

    def _return(self, node: ast.Return) -> bool:
        value = self.eval(node.value) if node.value is not None else NOTHING
        self.returned.append(value)
        function = self.func.node if self.func is not None else None
        if isinstance(function, ast.AsyncFunctionDef) and function.decorator_list:
            self.responded(node, value)
        self.resolved(node, value)
        return False

    def _raise(self, node: ast.Raise) -> bool:
        self.eval(node.exc)
        return False

    def _break(self, node: ast.Break) -> bool:
        self.breaks.append(self.snapshot())
        return False

    def _jump(self, node: ast.stmt) -> bool:
        return False

    def _if(self, node: ast.If) -> bool:
        known = self.truth(self.eval(node.test), node.test, node)
        if known is not None and not isinstance(node.test, ast.Constant):
            known = (
                known
                if isinstance(node.test, (ast.Name, ast.Compare, ast.UnaryOp, ast.Call, ast.BoolOp))
                or getattr(node.test, "attr", "") == "in_atomic_block"
                else None
            )
        rarely = self._is_first_time(node.test)
        before = self.snapshot()
        outer = self.bridged_elsewhere
        happened = set(self.events) if self.mod.installed else set()
        first = False
        after = before
        if known is not False:
            self.narrow(node.test, True)
            self.bridged_elsewhere = outer | self._bridged(node.orelse)
            if rarely:
                with self.guarded():
                    first = self.run(node.body)
            else:
                first = self.run(node.body)
            after = self.env
        self.env = before
        in_body = self.events.keys() - happened if self.mod.installed else set()
        second = False
        if known is not True:
            self.narrow(node.test, False)
            self.bridged_elsewhere = outer | self._bridged(node.body)
            second = self.run(node.orelse)
        self.bridged_elsewhere = outer
        if known is None and self.mod.installed:
            self._in_one_branch(node, in_body, self.events.keys() - happened - in_body)
        if first and second:
            self.merge(after)
        elif first:
            self.env = after
        elif second and not node.orelse and self._is_there_already(node.test):
            # `if cached: return cached`: what follows happens once.
            self.guard += id(node) not in self.returned_early
            self.returned_early.add(id(node))
        return first or second

    def _bridged(self, body: list[ast.stmt]) -> frozenset[str]:
        """The functions that statements hand to ``sync_to_async`` and its like, as they are written."""
        if not body or not (self.mod.has_bridges or self.is_async):
            return frozenset()
        known = self.mod.bridged
        found = known.get(id(body[0]))
        if found is None:
            found = known[id(body[0])] = frozenset((*_handed_to_bridges(body), *_awaited_twins(body)))
        return found

    def awaited_twins(self, node: ast.expr) -> frozenset[str]:
        return frozenset(_awaited_twins([node])) if self.is_async else frozenset()

    def _in_one_branch(
        self, node: ast.If, in_body: set[tuple[int, str, str]], in_else: set[tuple[int, str, str]]
    ) -> None:
        """A package serves others too: what one of its branches does is only possible, what both do is certain."""
        if any(self.events[key].kind in RAISING for key in in_body) and any(
            self.events[key].kind in RAISING for key in in_else
        ):
            return
        if not isinstance(node.orelse[-1] if node.orelse else None, ast.Raise):
            self.doubt(in_body)
        if not isinstance(node.body[-1], ast.Raise):
            self.doubt(in_else)

    def _is_there_already(self, test: ast.expr) -> bool:
        """``if cached:`` and ``if cached is not None:`` of something that outlives the function."""
        if isinstance(test, ast.NamedExpr):
            return self._is_memo(test.value)
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.IsNot):
            right = test.comparators[0]
            return isinstance(right, ast.Constant) and right.value is None and self._is_kept(test.left)
        if isinstance(test, ast.Name) and not is_absent(self.local(test.id)):
            return False
        return self._is_kept(test)

    def _is_first_time(self, test: ast.expr) -> bool:
        """``if cached is None:`` and ``if not cached:`` of something that outlives the function."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._is_kept(test.operand)
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Is):
            right = test.comparators[0]
            return isinstance(right, ast.Constant) and right.value is None and self._is_kept(test.left)
        return False

    def _is_kept(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            if node.id in self.globals:
                return True
            return is_absent(self.local(node.id)) and node.id in self.mod.names
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and (
                node.value.id in ("self", "cls") or node.value.id[:1].isupper()
            ):
                return (
                    node.attr.startswith("_") and not node.attr.endswith("_manager")
                ) or "cache" in node.attr
            return False
        return False

    def _for(self, node: ast.For) -> bool:
        value = self.eval(node.iter)
        item = self.iterate(value, node.iter, "for", node)
        return self._loop(node, item)

    def _async_for(self, node: ast.AsyncFor) -> bool:
        item = self.async_items(self.eval(node.iter), node.iter)
        return self._loop(node, item)

    def _loop(self, node: ast.For | ast.AsyncFor, item: Value) -> bool:
        outer, self.breaks = self.breaks, []
        for _ in range(2):
            before = self.snapshot()
            self.assign(node.target, item, node.iter)
            self.run(node.body)
            changed = _has_changed(before, self.env)
            self.merge(before)
            if not changed:
                break
        breaks, self.breaks = self.breaks, outer
        return self._after(node, breaks)

    def _after(self, node: ast.For | ast.AsyncFor | ast.While, breaks: list[Env]) -> bool:
        """What comes after a loop: its `else`, and the ways out of its middle."""
        reached = self.run(node.orelse)
        if not reached and breaks:
            self.env = breaks.pop()
            reached = True
        for other in breaks:
            self.merge(other)
        return reached

    def _while(self, node: ast.While) -> bool:
        known = None
        outer, self.breaks = self.breaks, []
        for _ in range(2):
            known = self.truth(self.eval(node.test), node.test, node)
            before = self.snapshot()
            self.narrow(node.test, True)
            happened = set(self.events)
            self.run(node.body)
            if known is None and self.mod.installed:
                self.doubt(self.events.keys() - happened)
            changed = _has_changed(before, self.env)
            self.merge(before)
            if not changed:
                break
        breaks, self.breaks = self.breaks, outer
        if known is True:
            # Its end is a way out of its middle.
            if not breaks:
                return False
            self.env = breaks.pop()
            return self._after(ast.While(node.test, [], []), breaks)
        return self._after(node, breaks)

    def _with(self, node: ast.With) -> bool:
        blocks = 0
        left = []
        for item in node.items:
            value = self.eval(item.context_expr)
            if isinstance(value, Inst) and value.cls in _SYNC_BLOCKS:
                # The call that makes a cursor queries too: the block stands for both.
                self.events.pop((id(item.context_expr), SYNC_ONLY, "cursor"), None)
                self.report(
                    BLOCK,
                    node if self.is_async else item.context_expr,
                    value.cls,
                    _SYNC_BLOCKS[value.cls],
                    extra={"item": item},
                )
                blocks += 1
                self.blocks += 1
                entered: Value = value
            else:
                entered = self.enter(value, item.context_expr)
                left.append((value, item))
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered, item.context_expr)
        result = self.run(node.body)
        self.blocks -= blocks
        for value, item in left:
            value = self._by_now(value, item.optional_vars)
            if isinstance(value, Inst):
                self.dunder(value, "__exit__", item.context_expr, item.context_expr)
        self._leave(node)
        return result

    def _by_now(self, manager: Value, name: ast.expr | None) -> Value:
        """A context manager at the end of its block, by way of the name that it was given there."""
        held = self.local(name.id) if isinstance(name, ast.Name) and isinstance(manager, Inst) else None
        return held if isinstance(held, Inst) and held.cls == manager.cls else manager

    def _leave(self, node: ast.With | ast.AsyncWith) -> None:
        """What was handed to an exit stack is called where its block ends."""
        for item in node.items:
            for function, args, keywords in self.exits.pop(dotted(item.optional_vars or node) or "", ()):
                made = self.call(function, args, keywords, item.context_expr)
                if isinstance(made, Seq) and made.pending is not None:
                    self.iterate(made, item.context_expr, "call", item.context_expr)

    def enter(self, value: Value, node: ast.AST) -> Value:
        """`with value:`."""
        if isinstance(value, Inst):
            found = self.program.member(value.cls, "__enter__")
            return self.dunder(value, "__enter__", node, node) if found else value
        if (
            isinstance(value, Seq)
            and value.pending is not None
            and not isinstance(value.pending, (Query, Pending))
        ):
            self.play_effect(value.pending, node)
            return value.item
        return value.item if isinstance(value, Seq) else None

    def _async_with(self, node: ast.AsyncWith) -> bool:
        left = []
        for item in node.items:
            value = self.eval(item.context_expr)
            left.append((value, item.context_expr))
            entered = self.enter_async(value, item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered, item.context_expr)
        result = self.run(node.body)
        for n, (value, at) in enumerate(left):
            value = self._by_now(value, node.items[n].optional_vars)
            if isinstance(value, Inst):
                self.dunder(value, "__aexit__", at, at)
        self._leave(node)
        return result

    def enter_async(self, value: Value, node: ast.AST) -> Value:
        """`async with value:`."""
        if isinstance(value, Inst):
            if self.program.member(value.cls, "__aenter__") is not None:
                made = self.dunder(value, "__aenter__", node, node)
                return made.result if isinstance(made, Awaitable) else None
            return value if self.program.cls(value.cls) is None else None
        return value.item if hasattr(value, "item") else None

    def _try(self, node: ast.Try) -> bool:
        before = self.snapshot()
        reached = self.run(node.body)
        if reached:
            reached = self.run(node.orelse)
        after = self.env
        happened = set(self.events)
        ways = [after] if reached else []
        start = dict(before)
        self.env = start
        self.merge(after)
        start = self.env
        for handler in node.handlers:
            if _asks_for_loop(node) and _catches(handler, "RuntimeError"):
                # There is a loop: what is played here runs on it.
                continue
            self.env = dict(start)
            if _catches(handler, "AttributeError"):
                self._is_another(node.body)
            if handler.name:
                self.bind(handler.name, None)
            if self.run(handler.body):
                ways.append(self.env)
        if ways:
            self.env = ways[0]
            for way in ways[1:]:
                self.merge(way)
        else:
            self.env = dict(start)
        if self.mod.installed:
            self.doubt(self.events.keys() - happened)
        final = self.run(node.finalbody)
        return bool(ways) and final

    def _is_another(self, body: list[ast.stmt]) -> None:
        """What had not the attribute that was asked for is no queryset after all, nor a manager."""
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    if isinstance(self.local(node.value.id), (Query, Manager)):
                        self.bind(node.value.id, None)

    def _match(self, node: ast.Match) -> bool:
        subject = self.eval(node.subject)
        before = self.snapshot()
        ways = []
        certain = False
        for case in node.cases:
            self.env = dict(before)
            matches = self.matched(case.pattern, subject, node.subject)
            if matches is False:
                continue
            if case.guard is not None:
                self.truth(self.eval(case.guard), case.guard, case.guard)
                self.narrow(case.guard, True)
            if self.run(case.body):
                ways.append(self.env)
            certain = bool(matches) and case.guard is None
            if certain:
                break
        reached = bool(ways) or not certain
        self.env = ways.pop() if certain and ways else before
        for way in ways:
            self.merge(way)
        return reached

    def _assert(self, node: ast.Assert) -> None:
        known = self.truth(self.eval(node.test), node.test, node)
        if node.msg is not None and known is not True:
            # Read by whoever gets the error: what is read for it is gone afterwards.
            before, cap = self.snapshot(), self.cap
            self.cap = min(cap, POSSIBLE)
            self.eval(node.msg)
            self.env, self.cap = before, cap
        self.narrow(node.test, True)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.env.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                base = self.eval(target.value)
                key = self.eval(target.slice) if not isinstance(target.slice, ast.Slice) else None
                if isinstance(base, Inst) and base.cls == SESSION:
                    self.report(
                        SESSION_EVENT,
                        target,
                        "__delitem__",
                        "request.session",
                        level=LIKELY,
                        receiver=base,
                        twin="apop",
                    )
                elif isinstance(base, Inst):
                    self.dunder(base, "__delitem__", target, target, key)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for identifier, target in imported(node, self.mod.package):
            if identifier != "*":
                self.bind(identifier, self.named(target))

    def _global(self, node: ast.Global) -> None:
        self.globals.update(node.names)

    def _class(self, node: ast.ClassDef) -> None:
        bases = []
        for base in node.bases:
            value = self.eval(base)
            if isinstance(value, Class):
                bases.append(value.cls)
            elif hasattr(value, "name") and isinstance(value.name, str):
                bases.append(value.name)
        name = self.program.add_local(self.mod, node, bases)
        self.session.models._infos.pop(name, None)
        # The body runs here and now.
        held = self.snapshot()
        self.run(
            [s for s in node.body if not isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
        )
        self.env = held
        self.session.local_scopes[name] = self
        self.bind(node.name, Class(name))
        hook = self.program.member(name, "__init_subclass__", after=name)
        if hook is not None and isinstance(hook[1], ast.FunctionDef):
            self.call(
                Func(
                    hook[0].mod.name, hook[1], hook[1].lineno, hook[1].col_offset, Class(name), hook[0].name
                ),
                [],
                {},
                node,
            )

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.eval(default)
        function: Value = Func(self.mod.name, node, node.lineno, node.col_offset, scope=self)
        self.nested.append(function)
        function = self.decorated(function, node, self)
        self.bind(node.name, function)

    @property
    def nested(self) -> list[Func]:
        """The functions that were defined while this one was played."""
        if self._nested is None:
            self._nested = []
        return self._nested

    _nested: list[Func] | None = None

    def decorated(
        self, function: Func, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Patterns
    ) -> Value:
        """What the name of a function holds once its decorators have run."""
        value: Value = function
        for decorator in reversed(node.decorator_list):
            value = self._decorate(value, decorator, frame, function)
        return value

    def _decorate(self, value: Value, decorator: ast.expr, frame: Patterns, function: Func) -> Value:
        key = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
        last = key.rpartition(".")[2]
        if last in _TRANSPARENT:
            for argument in decorator.args if isinstance(decorator, ast.Call) else ():
                frame.eval(argument)
            return value
        made = frame.eval(decorator)
        name = getattr(made, "name", "") if not isinstance(made, Func) else ""
        if last == "atomic":
            if function.is_async:
                frame.report(ATOMIC_ON_ASYNC, decorator, "atomic", f"{key}", extra={"function": function})
            return value
        if name in ("functools.lru_cache", "functools.cache", "django.utils.functional.cached_property"):
            return value
        if made is None or isinstance(made, Const):
            return value
        with frame.quiet():
            result = frame.call(made, [value], {}, decorator)
        if isinstance(result, (Func, Bridge)) or (
            isinstance(result, Union) and any(isinstance(o, (Func, Bridge)) for o in result.options)
        ):
            return result
        if isinstance(result, Inst) and any(isinstance(held, Func) for _, held in result.args):
            # A class as a decorator: what stands under the name is one of its objects.
            if any(self.program.member(result.cls, name) for name in ("__get__", "__call__")):
                return result
        return value


def _handed_to_bridges(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and node.args:
                name = dotted(node.func)
                if name and name.rpartition(".")[2] in BRIDGE_NAMES and (held := dotted(node.args[0])):
                    yield held


def _awaited_twins(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """``verdict`` for ``await averdict(request)``: who tests which of both to call knows why."""
    for top in nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                owner, dot, name = (dotted(node.value.func) or "").rpartition(".")
                if name.startswith("a") and len(name) > 1:
                    yield f"await {owner}{dot}{name[1:]}"
                if name.endswith("_async"):
                    yield f"await {owner}{dot}{name.removesuffix('_async')}"


_AUGMENTED: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitOr: "or",
    ast.BitAnd: "and",
}
_SYNC_BLOCKS = {
    "django.db.transaction.Atomic": "transaction.atomic()",
    "django.db.backends.utils.CursorWrapper": "connection.cursor()",
}
_TRANSPARENT = frozenset(
    [
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "abstractmethod",
        "override",
        "overload",
        "contextmanager",
        "asynccontextmanager",
        "setter",
        "getter",
        "deleter",
        "wraps",
        "final",
        "receiver",
        "task",
        "shared_task",
        "fixture",
        "mark",
        "parametrize",
        "api_view",
        "action",
        "require_http_methods",
        "login_required",
        "permission_required",
        "csrf_exempt",
        "never_cache",
        "lru_cache",
        "cache",
        "total_ordering",
        "dataclass",
        "method_decorator",
    ]
)


def _has_changed(before: dict[str, Value], after: dict[str, Value]) -> bool:
    """Whether a loop's body gave a name from before it something that can matter when it runs again."""
    for key, old in before.items():
        new = after.get(key, old)
        if new is not old and new is not None and type(new) in _MATTERS and new != old:
            return True
    return False


_MATTERS = frozenset({Query, Manager, Func, Union, Inst, Bridge, Class})


def _asks_for_loop(node: ast.Try) -> bool:
    """Whether a `try` only finds out if there is a running event loop."""
    first = node.body[0]
    value = getattr(first, "value", None) if isinstance(first, (ast.Assign, ast.Expr, ast.Return)) else None
    if len(node.body) > 2 or not isinstance(value, ast.Call):
        return False
    return (dotted(value.func) or "").rpartition(".")[2] == "get_running_loop"


def _catches(handler: ast.ExceptHandler, name: str) -> bool:
    return isinstance(handler.type, ast.Name) and handler.type.id == name


def _as_load(target: ast.expr) -> ast.expr:
    return target


_PLAY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Expr: Statements._expression,
    ast.Assign: Statements._assign_statement,
    ast.AnnAssign: Statements._ann_assign,
    ast.AugAssign: Statements._aug_assign,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Break: Statements._break,
    ast.Continue: Statements._jump,
    ast.If: Statements._if,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._async_for,
    ast.While: Statements._while,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._async_with,
    ast.Try: Statements._try,
    ast.Match: Statements._match,
    ast.Assert: Statements._assert,
    ast.Delete: Statements._delete,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import,
    ast.Global: Statements._global,
    ast.ClassDef: Statements._class,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
}
# `except*` came with Python 3.11.
_TRY_STAR = getattr(ast, "TryStar", None)
if _TRY_STAR is not None:
    _PLAY[_TRY_STAR] = Statements._try

"""Calls: who is called decides how."""

from __future__ import annotations

import ast

from django_uplift.flow.arguments import argument
from django_uplift.flow.constructors import Constructors
from django_uplift.types.values import (
    STR,
    AsyncIter,
    Awaitable,
    Bridge,
    Class,
    Const,
    External,
    Func,
    Inst,
    Manager,
    Method,
    Partial,
    Query,
    Seq,
    Tup,
    Union,
    Value,
)


class Calls(Constructors):
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
            if function.cls == "operator.methodcaller" and args:
                held = dict(function.args)
                method = self.each(args[0], lambda option: self.attribute(option, str(held["name"]), node))
                return self.call(method, list(held["args"].items), {}, node)
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
                self.iterate(args[0], argument(node, 0), "join", node)
            elif method.name == "format":
                for n, arg in enumerate(args):
                    self.text(arg, argument(node, n), "format", node)
            return STR if isinstance(receiver.value, str) else None
        if isinstance(receiver, (Bridge, Func)) and method.name in ("delay", "apply_async"):
            name = receiver.name
            self.asks_server(node, f"{name}.{method.name}()", "the message broker")
            return None
        if isinstance(receiver, Func) and method.name in ("s", "si"):
            return Inst("celery.canvas.Signature")
        if isinstance(receiver, Awaitable):
            # A task's.
            return receiver.result if method.name == "result" else None
        if isinstance(receiver, AsyncIter):
            step = method.name in ("__anext__", "asend")
            return Awaitable(self.async_items(receiver, node) if step else None, f"{method.name}()")
        return None

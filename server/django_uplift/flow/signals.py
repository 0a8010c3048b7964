"""Receivers of the project's signals: `send()` on an event loop runs them there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress

from django_uplift.flow.forms import Forms
from django_uplift.types.program import Mod, imported
from django_uplift.types.values import Class, Func, Inst, Seq, Value

SIGNAL = "django.dispatch.Signal"


def named_signal(value: Value, name: str) -> Value:
    """The signal that a module's name holds, told apart by that name."""
    if isinstance(value, Inst) and value.cls == SIGNAL and not value.args:
        return Inst(SIGNAL, args=(("_name", Class(name)),))
    return value


class Signals(Forms):
    """Plays signals."""

    def send(self, signal: Inst, node: ast.AST, *, is_async: bool = False) -> Value:
        held = dict(signal.args).get("_name")
        connected = self.session.receivers
        if connected is None:
            connected = self.session.receivers = {}
            for name, receiver in self._connections():
                connected.setdefault(name, []).append(receiver)
        given: dict[str, Value] = {"sender": None, "signal": signal}
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg:
                with self.quiet():
                    given[keyword.arg] = self.eval(keyword.value)
        for receiver in connected.get(held.cls if isinstance(held, Class) else "", ()):
            # `send` can't run coroutine functions, `asend` runs all others in a thread.
            if (isinstance(receiver, Func) and receiver.is_async) == is_async:
                self.call(receiver, [], given, node)
        return Seq("list")

    def _connections(self) -> Iterator[tuple[str, Value]]:
        """Signals by name, with functions that are connected to them."""
        for path in self.session.paths_with((b"connect(", b"receiver(")):
            with suppress(OSError):
                name, _ = self.program.modules.name_of(path)
                mod = self.program.mod(name)
                if mod is not None and mod.path == path:
                    yield from self._connections_of(mod)

    def _connections_of(self, mod: Mod) -> Iterator[tuple[str, Value]]:
        frame = type(self)(self.session, mod, None, None, self.depth + 1)
        local: dict[str, str] = {}
        nodes = list(ast.walk(mod.module))
        for node in nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                local.update(imported(node, mod.package))

        def named(node: ast.expr) -> str:
            if isinstance(node, ast.Name) and node.id not in mod.names and node.id in local:
                return self.program.follow(local[node.id])
            return self.program.qualified(node, mod) or ""

        with frame.quiet():
            for node in nodes:
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    for decorator in node.decorator_list:
                        if isinstance(decorator, ast.Call) and decorator.args:
                            if named(decorator.func) == "django.dispatch.receiver":
                                first = decorator.args[0]
                                signals = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
                                for signal in signals:
                                    yield named(signal), Func(mod.name, node, node.lineno, node.col_offset)
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    if node.func.attr == "connect" and (signal_name := named(node.func.value)):
                        target = named(node.args[0])
                        receiver = self.named(target) if target else frame.eval(node.args[0])
                        if receiver is not None:
                            yield signal_name, receiver

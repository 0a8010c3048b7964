"""Functions as a whole: their parameters, what a call of one comes to, and what classes and modules hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django_uplift.flow.entries import request_of
from django_uplift.flow.events import BLOCKING, POSSIBLE, RAISING, Effect
from django_uplift.flow.frame import Frame
from django_uplift.flow.functions import GeneratorEffects
from django_uplift.flow.session import (
    MAX_CONTEXTS,
    MAX_CONTEXTS_INSIDE,
    MAX_DECORATED,
    MAX_DEPTH,
    MAX_INSIDE,
    Key,
    LoopCall,
    Session,
    Summary,
)
from django_uplift.flow.signals import named_signal
from django_uplift.flow.statements import Statements
from django_uplift.flow.telling import shallow, simplified, telling
from django_uplift.types.annotations import annotated
from django_uplift.types.program import Assigned, ClassInfo, Mod
from django_uplift.types.values import (
    NOTHING,
    STR,
    AsyncIter,
    Awaitable,
    Bridge,
    Class,
    Const,
    Func,
    Inst,
    Manager,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    join,
    map_options,
    options,
)

_NOTHING_KNOWN = Summary()
_BARE = frozenset({"typing.NamedTuple", "typing.TypedDict", "builtins.object"})
_MEMOISING = frozenset({"lru_cache", "cache", "cached", "memoize", "alru_cache"})


class Player(Statements):
    """Plays functions of the project."""

    # What modules and classes hold

    def session_value(self, mod: Any, identifier: str) -> Value:
        if not mod.installed:
            self.program.reads.add(mod.name)
        key = (mod.name, identifier)
        return self.session.held(self.session.values, key, lambda: self._module_value(mod, identifier))

    def _module_value(self, mod: Mod, identifier: str) -> Value:
        binding = mod.names.get(identifier)
        if isinstance(binding, str):
            return self.named(binding)
        if isinstance(binding, ast.ClassDef):
            return Class(f"{mod.name}.{identifier}")
        if binding is None:
            for star in mod.stars:
                name = self.program._through_star(star, identifier)
                if name:
                    return self.named(name)
            return None
        frame = Player(self.session, mod, None, depth=self.depth + 1)
        with frame.quiet():
            if isinstance(binding, Assigned):
                declared = self.annotation(binding.annotation, mod) if binding.annotation else None
                if self.depth > MAX_DEPTH:
                    return declared
                held = frame.eval(binding.value)
                if isinstance(held, Const) and not identifier.isupper():
                    return declared
                held = named_signal(held, f"{mod.name}.{identifier}")
                return held if held is not None else declared
            function = Func(mod.name, binding, binding.lineno, binding.col_offset)
            return frame.decorated(function, binding, frame) if binding.decorator_list else function

    def class_value(self, info: Any, name: str, binding: Assigned) -> Value:
        return self.session.held(
            self.session.values, (info.name, name), lambda: self._class_value(info, binding)
        )

    def _class_value(self, info: ClassInfo, binding: Assigned) -> Value:
        frame = Player(self.session, info.mod, None, self.session.local_scopes.get(info.name), self.depth + 1)
        with frame.quiet():
            for member, node in info.members.items():
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    frame.env[member] = Func(
                        info.mod.name, node, node.lineno, node.col_offset, owner=info.name
                    )
            return frame.eval(binding.value) if self.depth <= MAX_DEPTH else None

    def annotation(self, node: ast.expr | None, mod: Any) -> Value:
        owner = self.func.owner if self.func is not None else ""
        return annotated(node, mod, self.program, self.models, owner)

    # Methods

    def method_of(self, info: Any, node: Any, value: Value, at: ast.AST) -> Value:
        names = {_decorator_name(d) for d in node.decorator_list}
        function = Func(
            info.mod.name,
            node,
            node.lineno,
            node.col_offset,
            value,
            info.name,
            self.session.local_scopes.get(info.name),
        )
        if "staticmethod" in names:
            return replace(function, bound=None)
        if "classmethod" in names:
            cls = getattr(value, "cls", None)
            return replace(function, bound=value if isinstance(value, Class) else Class(cls) if cls else None)
        if names & {"property", "cached_property"}:
            return self._read_property(function, names, at)
        if _is_abstract(node) or _does_nothing(node):
            overriding = self._overriding(info, node.name, value)
            if overriding is not None:
                return overriding
        if not node.decorator_list:
            return function
        held = _bound_to(value, self._decorated(info, function))
        if isinstance(held, Inst) and self.program.member(held.cls, "__get__"):
            return self.dunder(held, "__get__", at, at, value, None)
        return held

    def _decorated(self, info: ClassInfo, function: Func) -> Value:
        """What a class holds under a method's name, whoever it is read from."""
        node: Any = function.node

        def decorate() -> Value:
            frame = Player(self.session, info.mod, None, None, self.depth + 1)
            with frame.quiet():
                return frame.decorated(replace(function, bound=None), node, frame)

        if function.scope is not None:
            return decorate()
        key = (info.name, f"@{node.name}:{node.lineno}")
        return self.session.held(self.session.values, key, decorate)

    def _read_property(self, function: Func, names: set[str], at: ast.AST) -> Value:
        summary = self.summary(function, [], {})
        if "cached_property" in names:
            with self.guarded():
                self._effects(summary, function, at)
            if isinstance(at, ast.Attribute) and summary.returns is not None:
                self.keep(at, summary.returns)
        else:
            self._effects(summary, function, at)
        if isinstance(at, ast.Attribute):
            for _, paths in summary.warmed:
                for path in paths:
                    self.board(at.value, path)
        return summary.returns

    def _overriding(self, info: ClassInfo, name: str, value: Value) -> Value:
        """The overrides of a hook whose own body does nothing."""
        if not isinstance(value, Inst):
            return None
        found: list[Value] = []
        for sub in self.models.subclasses(info.name):
            other = self.program.cls(sub)
            node = other.members.get(name) if other is not None else None
            if (
                other is not None
                and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and not _is_abstract(node)
            ):
                found.append(self.method_of(other, node, Inst(sub, value.plan), node))
        if not found:
            return None
        # Which one it is, is not known: never certain.
        return Union((*found[:4], None))

    def unbound(self, info: Any, node: Any, cls: Class) -> Value:
        names = {_decorator_name(d) for d in node.decorator_list}
        if names & {"property", "cached_property"}:
            return None
        function = Func(info.mod.name, node, node.lineno, node.col_offset, None, info.name)
        if "classmethod" in names:
            return replace(function, bound=cls)
        if "staticmethod" in names:
            return function
        return self._decorated(info, function) if node.decorator_list else function

    def setter_of(self, found: Any, base: Inst) -> Value:
        info, _ = found
        for node in info.node.body:
            if isinstance(node, ast.FunctionDef) and any(
                _decorator_name(d) == "setter" for d in node.decorator_list
            ):
                if node.name == getattr(found[1], "name", None):
                    return Func(info.mod.name, node, node.lineno, node.col_offset, base, info.name)
        return None

    def attribute_of(self, cls: str, name: str) -> Value:
        return self.session.held(
            self.session.attributes, (cls, name), lambda: self._find_attribute(cls, name)
        )

    def _find_attribute(self, cls: str, name: str) -> Value:
        found = self.program.member(cls, "__init__")
        if found is not None and isinstance(found[1], ast.FunctionDef) and self.depth <= MAX_DEPTH:
            # What constructors hand to those of the bases is known here only.
            owner, node = found[0], found[1]
            scope = self.session.local_scopes.get(owner.name)
            made = Func(owner.mod.name, node, node.lineno, node.col_offset, Inst(cls), owner.name, scope)
            with self.quiet():
                held = dict(self.summary(made, [], {}).attributes).get(name)
            if held is not None and held != NOTHING:
                return held
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            if info is None:
                continue
            writers = self.session.writers(info).get(name, ())
            for writer in sorted(writers, key=lambda n: n.name != "__init__"):
                if self.depth > MAX_DEPTH:
                    return None
                function = Func(
                    info.mod.name,
                    writer,
                    writer.lineno,
                    writer.col_offset,
                    Inst(cls),
                    info.name,
                    self.session.local_scopes.get(info.name),
                )
                with self.quiet():
                    held = dict(self.summary(function, [], {}).attributes).get(name)
                if held is not None and held != NOTHING:
                    return held
        return None

    # Calls

    def summary(
        self, function: Func, args: list[Value], keywords: dict[str, Value], *, is_call: bool = False
    ) -> Summary:
        node = function.node
        mod = self.program.mod(function.module)
        if mod is None or self.depth >= MAX_DEPTH or self.session.is_exhausted():
            return _NOTHING_KNOWN
        if mod.installed and self.inside >= MAX_INSIDE:
            self.session.cut_short(self.inside)
            return _NOTHING_KNOWN
        if mod.installed and self.session.is_exhausted(in_packages=True):
            return _NOTHING_KNOWN
        if isinstance(node, ast.AsyncFunctionDef):
            declared = self._declared(function, mod)
            if declared is not None and _is_plain(declared) and not _tells((*args, *keywords.values())):
                return Summary(returns=declared)
        if isinstance(function.bound, Inst) and function.bound.args:
            function = replace(function, bound=shallow(function.bound))
        args = [shallow(arg) for arg in args]
        place = (function.module, function.line, function.column, function.scope)
        given = self._arguments(function, args, keywords, is_call=is_call)
        values = simplified(given, self._naming(function), self._is_data)
        closure = self._closure(function) if function.scope is not None else ()
        key = Key((function, values, closure))
        told_apart = self.session.contexts.setdefault(place, set())
        if key not in told_apart:
            # Recursion must not use up what the calls that begin it need.
            if len(told_apart) >= _contexts_of(values, mod) * (1 if self.depth else 4):
                values = simplified(self._arguments(function, [], {}), frozenset(), self._is_data)
                key = Key((function, values, closure))
            else:
                told_apart.add(key)

        def play() -> Summary:
            return self._play(function, mod, dict(values))

        return self.session.remembered(key, play, Summary(returns=self._declared(function, mod)))

    def _is_data(self, cls: str) -> bool:
        """Whether a class is a bare schema: nothing but annotated names, from bases that are known to be so."""
        return bool(
            self.session.held(self.session.values, (cls, "@data"), lambda: self._has_names_alone(cls))
        )

    def _has_names_alone(self, cls: str) -> bool:
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            if info is None:
                if base not in _BARE:
                    return False
            elif any(
                not isinstance(member, Assigned) or member.annotation is None
                for member in info.members.values()
            ):
                return False
        return True

    def _naming(self, function: Func) -> frozenset[str]:
        """The parameters that name attributes, as in ``getattr(order, name)``: their texts matter."""
        place = (function.module, function.line, function.column)
        names = self.session.naming.get(place)
        if names is None:
            found = {
                inner.args[1].id
                for inner in ast.walk(function.node)
                if isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Name)
                and inner.func.id in ("getattr", "hasattr")
                and len(inner.args) > 1
                and isinstance(inner.args[1], ast.Name)
            }
            names = self.session.naming[place] = frozenset(found)
        return names

    def _closure(self, function: Func) -> tuple[tuple[str, Value], ...]:
        """What the names that a nested function uses hold around it now."""
        place = (function.module, function.line, function.column)
        names = self.session.free_names.get(place)
        if names is None:
            found = {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}
            names = self.session.free_names[place] = tuple(sorted(found))
        held: list[tuple[str, Value]] = []
        for name in names:
            frame: Frame | None = function.scope
            while frame is not None:
                if name in frame.env:
                    held.append((name, telling(frame.env[name], self._is_data)))
                    if name in frame.looked_into:
                        prefix = f"{name}."
                        held += [
                            (k, telling(v, self._is_data))
                            for k, v in frame.env.items()
                            if k.startswith(prefix)
                        ]
                    break
                frame = frame.outer
        return tuple(held)

    def _declared(self, function: Func, mod: Mod) -> Value:
        node = function.node
        if isinstance(node, ast.Lambda) or node.returns is None:
            return None
        owner = getattr(function.bound, "cls", "") or function.owner
        key = (function.module, function.line, function.column, owner)
        return self.session.held(
            self.session.declared,
            key,
            lambda: annotated(node.returns, mod, self.program, self.models, owner),
        )

    def _play(self, function: Func, mod: Mod, values: dict[str, Value]) -> Summary:
        frame = Player(self.session, mod, function, function.scope, self.depth + 1)
        frame.env.update(values)
        node = function.node
        if mod.installed:
            frame.inside = self.inside + 1
        else:
            self.program.reads.add(mod.name)
        self.session.spend(in_package=mod.installed)
        if isinstance(node, ast.Lambda):
            returns = frame.eval(node.body)
        else:
            if frame.run(node.body):
                # A body that is left out says nothing of what its overrides, or stubs' originals, return.
                frame.returned.append(None if _is_abstract(node) else NOTHING)
            returns = _joined(frame.returned)
        summary = self._came_to(frame, function, mod, returns)
        if isinstance(node, ast.AsyncFunctionDef):
            events = tuple(frame.events.values())
            return summary._replace(loop=LoopCall(function, tuple(values.items()), events))
        return summary

    def _came_to(self, frame: Player, function: Func, mod: Mod, returns: Value) -> Summary:
        """What a call came to that was played in `frame`."""
        node = function.node
        raising, blocking = frame.effects()
        if _is_memoised(node):
            raising, blocking = _rarer(raising), _rarer(blocking)
        declared = self._declared(function, mod)
        if frame.generator:
            item = _joined(frame.yielded)
            if isinstance(node, ast.AsyncFunctionDef):
                if item is None and isinstance(declared, AsyncIter):
                    item = declared.item
                return Summary(AsyncIter(item))
            inner = Summary(None, raising, blocking)
            if item is None and isinstance(declared, Seq):
                item = declared.item
            lines = [e.node.lineno for e in frame.events.values() if e.kind in RAISING or e.kind == BLOCKING]  # type: ignore[attr-defined]
            effects = GeneratorEffects(function, inner, min(lines, default=None))
            return Summary(Seq("iter", item, pending=effects))
        if returns is None or (
            isinstance(returns, Union) and None in returns.options and declared is not None
        ):
            returns = declared
        elif isinstance(returns, Query) and returns.model is None and isinstance(declared, Query):
            returns = replace(returns, model=declared.model)
        warmed = tuple((name, frozenset(paths)) for name, paths in frame.warmed.items())
        return Summary(returns, raising, blocking, self._attributes(frame, function), warmed=warmed)

    def _attributes(self, frame: Player, function: Func) -> tuple[tuple[str, Value], ...]:
        node = function.node
        if function.bound is None or isinstance(node, ast.Lambda) or not node.args.args:
            return ()
        prefix = f"{node.args.args[0].arg}."
        size = len(prefix)
        return tuple(
            (key[size:], value)
            for key, value in frame.env.items()
            if key.startswith(prefix) and "." not in key[size:] and value is not None
        )

    # Parameters

    def _arguments(
        self, function: Func, args: list[Value], keywords: dict[str, Value], *, is_call: bool = False
    ) -> dict[str, Value]:
        """The values of a function's parameters, by name. Without arguments, this may be no call in particular."""
        is_call = is_call or bool(args or keywords)
        node = function.node
        spec = node.args
        positional = [*spec.posonlyargs, *spec.args]
        given = list(args)
        values: dict[str, Value] = {}
        names = {_decorator_name(d) for d in getattr(node, "decorator_list", ())}
        if function.bound is not None and (positional or spec.vararg) and "staticmethod" not in names:
            given.insert(0, function.bound)
        defaults = dict(
            zip(
                [a.arg for a in positional[len(positional) - len(spec.defaults) :]],
                spec.defaults,
                strict=True,
            )
        )
        defaults.update(
            {a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None}
        )
        for n, arg in enumerate([*positional, *spec.kwonlyargs]):
            value: Value = None
            if n < len(given) and n < len(positional):
                value = given[n]
            elif arg.arg in keywords:
                value = keywords[arg.arg]
            elif arg.arg in defaults and is_call:
                value = self._default(defaults[arg.arg])
                value = value if value != NOTHING or arg.annotation is None else NOTHING
            values[arg.arg] = self._parameter(function, arg, value, n)
        if spec.vararg is not None:
            rest = given[len(positional) :]
            values[spec.vararg.arg] = Tup(tuple(rest)) if is_call or rest else Seq("tuple")
        if spec.kwarg is not None:
            taken = {a.arg for a in (*positional, *spec.kwonlyargs)}
            entries = tuple((n, v) for n, v in keywords.items() if n not in taken and v is not None)
            values[spec.kwarg.arg] = Seq("dict", STR, entries=entries[:16])
        return values

    def _default(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            return self.eval(node)
        return None

    def _parameter(self, function: Func, arg: ast.arg, value: Value, position: int) -> Value:
        mod = self.program.mod(function.module)
        if value is not None and not (isinstance(value, Query) and value.model is None):
            return value
        if arg.annotation is not None and mod is not None:
            key = (function.module, arg.lineno, arg.col_offset, function.owner)
            declared = self.session.held(
                self.session.declared,
                key,
                lambda: annotated(arg.annotation, mod, self.program, self.models, function.owner),
            )
            if declared is not None:
                return declared
        if arg.arg == "request" and position <= 1 and value is None:
            cls = request_of(function, mod, self.program)
            return Inst(cls) if cls else None
        if function.owner and function.bound is None and position == 0 and arg.arg in ("self", "cls"):
            plan = Plan() if self.models.is_model(function.owner) else None
            return Inst(function.owner, plan) if arg.arg == "self" else Class(function.owner)
        return value

    def enter_function(self, function: Func, known: dict[str, Value] | None = None) -> Player:
        """A frame in which `function` was played with what is `known` of its parameters, or what they promise."""
        mod = self.program.mod(function.module)
        assert mod is not None
        frame = type(self)(self.session, mod, function, function.scope, 0)
        frame.env.update({**self._arguments(function, [], {}), **(known or {})})
        node = function.node
        if isinstance(node, ast.Lambda):
            frame.eval(node.body)
        else:
            frame.run(node.body)
        return frame


def _bound_to(value: Value, held: Value) -> Value:
    """What a decorated method is when it is read from `value`: wrappers get it as their first argument."""
    if isinstance(held, Func):
        return held if held.bound is not None else replace(held, bound=value)
    if isinstance(held, Bridge):
        return replace(held, func=_bound_to(value, held.func))
    return map_options(held, lambda option: _bound_to(value, option)) if isinstance(held, Union) else held


def _contexts_of(values: tuple[tuple[str, Value], ...], mod: Mod) -> int:
    """How many calls of a function with such arguments are told apart for one file."""
    kinds = {type(value) for _, value in values}
    if Func in kinds:
        # A decorator, say: with an unknown function it is of no use.
        return MAX_DECORATED
    return MAX_CONTEXTS_INSIDE if mod.installed and kinds.isdisjoint((Query, Manager)) else MAX_CONTEXTS


def _tells(values: Iterable[Value]) -> bool:
    """Whether one of the arguments is an object of which we know how it was made: it may lack what is read of it."""
    return any(
        isinstance(option, (Inst, Query)) and option.plan is not None and option.plan.origin != "unknown"
        for value in values
        for option in options(value)
    )


def _is_plain(value: Value) -> bool:
    """Whether nothing about queries can hide in a value."""
    if isinstance(value, Union):
        return all(_is_plain(option) for option in value.options)
    return value == NOTHING or (
        isinstance(value, Inst) and value.cls.startswith(("builtins.", "datetime.", "decimal.", "uuid."))
    )


def _joined(values: list[Value]) -> Value:
    if not values:
        return None
    result = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def _rarer(effect: Effect | None) -> Effect | None:
    return (
        effect._replace(level=max(effect.level - 1, POSSIBLE), guarded=True) if effect is not None else None
    )


def _decorator_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_memoised(node: ast.AST) -> bool:
    return any(_decorator_name(d) in _MEMOISING for d in getattr(node, "decorator_list", ()))


def _is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if any(_decorator_name(d) == "abstractmethod" for d in node.decorator_list):
        return True
    if not body:
        return True
    first = body[0]
    if len(body) == 1 and isinstance(first, ast.Raise):
        text = ast.dump(first.exc) if first.exc else ""
        return "NotImplementedError" in text
    return len(body) == 1 and isinstance(first, ast.Pass)


def _does_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method returns an empty value and does nothing else, as hooks do that some classes fill."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return False
    value = body[0].value
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return value is None or (isinstance(value, ast.Constant) and not value.value)


__all__ = ["Awaitable", "Manager", "Player", "Session"]

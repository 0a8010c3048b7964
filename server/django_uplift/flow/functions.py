"""Functions of the project: a call of one comes to what playing it came to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django_uplift.django.orm import instance_twin
from django_uplift.flow.evaluation import Evaluation
from django_uplift.flow.events import BLOCKING, CALL
from django_uplift.flow.frame import RUNNERS, dotted, operand
from django_uplift.flow.session import Summary
from django_uplift.types.values import (
    AsyncIter,
    Awaitable,
    Bridge,
    Func,
    Inst,
    Manager,
    Query,
    Seq,
    Value,
    map_options,
)

TAKES_ALL = {
    "list": "list", "tuple": "tuple", "set": "set", "frozenset": "set", "sorted": "list", "sum": "", "any": "bool",
    "all": "bool", "max": "item", "min": "item", "dict": "dict", "enumerate": "enumerate", "zip": "zip", "map": "map",
    "filter": "iter", "reversed": "iter", "iter": "iter", "next": "item", "collections.Counter": "",
    "collections.deque": "list",
    "random.choice": "item", "random.sample": "list", "random.shuffle": "", "itertools.chain": "iter",
    "itertools.islice": "iter", "itertools.groupby": "groupby", "itertools.batched": "iter", "functools.reduce": "",
    "pickle.dumps": "", "copy.copy": "", "json.dumps": "", "heapq.nlargest": "list", "statistics.mean": "",
    "itertools.chain.from_iterable": "iter", "builtins.print": "",
    "itertools.accumulate": "iter", "itertools.cycle": "iter", "itertools.compress": "iter",
    "itertools.takewhile": "iter-by", "itertools.dropwhile": "iter-by", "itertools.filterfalse": "iter-by",
    "itertools.starmap": "map", "itertools.zip_longest": "zip", "itertools.product": "zip",
    "itertools.pairwise": "pairs", "itertools.combinations": "pairs", "itertools.permutations": "pairs",
    "more_itertools.chunked": "lists",
}  # fmt: skip
"""Functions that iterate their arguments, and the kind of what they give."""
_TWIN_KEYWORDS = {
    "save": ("force_insert", "force_update", "using", "update_fields"),
    "delete": ("using", "keep_parents"),
    "refresh_from_db": ("using", "fields"),
}
"""What the twins hand on to overrides; one with arguments of its own is not called with them."""


class Functions(Evaluation):
    """Calls of the project's own functions."""

    def async_items(self, value: Value, node: ast.AST) -> Value:
        """What `async for` gives."""
        raise NotImplementedError

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
        summary = self.summary(function, args, keywords, is_call=True)
        if isinstance(function.bound, (Query, Manager)) and function.bound.model is not None:
            summary = summary._replace(returns=map_options(summary.returns, _of_model(function.bound.model)))
        if function.is_async:
            if isinstance(summary.returns, AsyncIter):
                return replace(summary.returns, origin=f"{function.name}()")
            if summary.returns is None and yields(function.node):
                # It is being played, or nothing more may be spent.
                return AsyncIter(origin=f"{function.name}()")
            return Awaitable(self._changed(summary, function, node), f"{function.name}()")
        if isinstance(summary.returns, Seq) and isinstance(summary.returns.pending, GeneratorEffects):
            return summary.returns
        self._effects(summary, function, node)
        if summary.warmed:
            self._warm(summary, function, node)
        return self._changed(summary, function, node)

    def _changed(self, summary: Summary, function: Func, node: ast.AST) -> Value:
        """What a call gives; what it set on its object is known of that from now on."""
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
        if isinstance(effect, GeneratorEffects):
            self._effects(effect.summary, effect.function, node)

    def summary(
        self, function: Func, args: list[Value], keywords: dict[str, Value], *, is_call: bool = False
    ) -> Summary:
        """What a call comes to; without `is_call`, and without arguments, any call."""
        raise NotImplementedError


class GeneratorEffects:
    """What a generator function of the project's does once it is iterated."""

    __slots__ = ("function", "line", "summary", "taken")

    def __init__(self, function: Func, summary: Summary, line: int | None = None, taken: int = 0) -> None:
        self.function = function
        self.summary = summary
        self.line = line
        """Of the first thing that happens, from 1; None if nothing does."""
        self.taken = taken
        """How many steps were made."""

    def advanced(self) -> GeneratorEffects:
        """After one more step."""
        return GeneratorEffects(self.function, self.summary, self.line, self.taken + 1)

    def reaches(self) -> bool:
        """Whether the next step does it: what stands behind its `yield` waits for another one."""
        if self.line is None:
            return False
        yields = [n for n in ast.walk(self.function.node) if isinstance(n, (ast.Yield, ast.YieldFrom))]
        if self.taken >= len(yields) or (self.taken and loops(self.function.node)):
            return True
        return self.line <= sorted(n.lineno for n in yields)[self.taken]


def yields(function: ast.AST) -> bool:
    """Whether a function is a generator, by its own body."""
    pending = list(ast.iter_child_nodes(function))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return False


def loops(function: ast.AST) -> bool:
    """Whether a function holds a loop."""
    return any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(function))


class Capped:
    """Nothing in here is surer than `level`."""

    def __init__(self, frame: Functions, level: int) -> None:
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
        if (
            called
            and called != function.name
            and not function.name.startswith("__")
            and called not in TAKES_ALL
        ):
            # Under a decorator's wrapper, or another name: users know it by the one that they wrote.
            return f"{called}()"
    if function.name in ("__init__", "__post_init__"):
        return f"{cls}()"
    if isinstance(node, ast.Attribute) and node.attr == function.name and cls:
        return f"{cls}.{function.name}"
    return f"{cls}.{function.name}()" if cls else f"{function.name}()"


def _inside(function: Func) -> str:
    return f"{function.owner.rpartition('.')[2]}." if function.owner else ""

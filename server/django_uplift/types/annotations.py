"""What annotations promise."""

from __future__ import annotations

import ast

from django_uplift.types.models import QUERYSET, Models
from django_uplift.types.program import Mod, Program, parse_expression
from django_uplift.types.values import (
    NOTHING,
    AsyncIter,
    Awaitable,
    Class,
    Inst,
    Manager,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    join,
)

_LISTS = {
    "list": "list", "List": "list", "Sequence": "list", "MutableSequence": "list", "Collection": "list", "set": "set",
    "Set": "set", "frozenset": "set", "FrozenSet": "set", "Iterable": "iter", "Iterator": "iter", "Generator": "iter",
    "deque": "list",
}  # fmt: skip
_AWAITABLES = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
_ASYNC_ITERS = frozenset({"AsyncIterator", "AsyncGenerator", "AsyncIterable"})
_OPAQUE = frozenset({"Any", "object", "Callable", "TypeVar", "ParamSpec", "Protocol", "Literal", "NoReturn"})
_PARENTS = frozenset({"strawberry.Parent", "strawberry.parent.Parent"})
_TYPING = ("typing.", "typing_extensions.", "collections.abc.", "builtins.", "collections.", "asyncio.")


def annotated(
    node: ast.expr | None, mod: Mod, program: Program, models: Models, owner: str = "", depth: int = 0
) -> Value:
    """The value that an annotation of `mod` promises; None if it says nothing that we know."""
    if node is None or depth > 6:
        return None

    def inner(each: ast.expr) -> Value:
        return annotated(each, mod, program, models, owner, depth + 1)

    if isinstance(node, ast.Constant):
        if node.value is None:
            return NOTHING
        if isinstance(node.value, str):
            parsed = parse_expression(node.value)
            return inner(parsed) if parsed is not None else None
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _either([inner(node.left), inner(node.right)])
    if isinstance(node, ast.Subscript):
        name = program.qualified(node.value, mod) or ""
        short = name.rpartition(".")[2]
        args = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if short == "Optional":
            return _either([inner(args[0]), NOTHING])
        if short == "Union":
            return _either([inner(arg) for arg in args])
        if short in ("Annotated", "Final", "ClassVar", "Required", "NotRequired") or name in _PARENTS:
            return inner(args[0])
        if name.startswith(_TYPING):
            if short in _LISTS:
                return Seq(_LISTS[short], inner(args[0]))
            if (
                short in ("dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict")
                and len(args) == 2
            ):
                return Seq("dict", inner(args[0]), inner(args[1]))
            if short in ("tuple", "Tuple"):
                if len(args) == 2 and isinstance(args[1], ast.Constant) and args[1].value is Ellipsis:
                    return Seq("tuple", inner(args[0]))
                return Tup(tuple(inner(arg) for arg in args))
            if short in _AWAITABLES:
                return Awaitable(inner(args[-1]))
            if short in _ASYNC_ITERS:
                return AsyncIter(inner(args[0]))
            if short in ("type", "Type"):
                held = inner(args[0])
                return Class(held.cls) if isinstance(held, Inst) else None
            return None
        base = of_class(name, program, models)
        return parametrised(base, inner(args[0]), models)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = program.qualified(node, mod) or ""
        short = name.rpartition(".")[2]
        if short == "Self" and owner:
            return Inst(owner, Plan() if models.is_model(owner) else None)
        return of_class(name, program, models)
    return None


def parametrised(base: Value, held: Value, models: Models) -> Value:
    """A queryset or manager of what stands in its brackets; `base` itself if it is neither."""
    if isinstance(base, (Query, Manager)) and isinstance(held, Inst):
        if isinstance(base, Query):
            return Query(held.cls, base.cls)
        info = models.info(held.cls)
        if info is not None and base.cls == "django.db.models.Manager":
            return Manager(held.cls, info.default_manager.cls, info.default_manager.queryset)
        return Manager(held.cls, base.cls, base.queryset)
    return base


def _either(values: list[Value]) -> Value:
    if any(value is None for value in values):
        known = [value for value in values if value is not None and value != NOTHING]
        return None if len(known) != 1 or len(values) > 2 else Union((known[0], None))
    result = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def of_class(name: str, program: Program, models: Models) -> Value:
    """An instance of a class, by its qualified name; None if that says nothing that we know."""
    if not name:
        return None
    short = name.rpartition(".")[2]
    if models.is_model(name):
        return Inst(name, Plan())
    if name.startswith(_TYPING):
        if short in _OPAQUE or not name.startswith("builtins."):
            return None
        return Seq(_LISTS[short]) if short in _LISTS else Seq("dict") if short == "dict" else Inst(name)
    if name == QUERYSET or models.is_queryset(name):
        return Query(None, name)
    if program.cls(name) is not None:
        if models.is_manager(name):
            return Manager(None, name, models.queryset_of(name))
        return Inst(name)
    if name in ("django.contrib.auth.base_user.AbstractBaseUser",):
        return Inst(models.user, Plan())
    if program.locate(name) is not None:
        return None
    if short[:1].isupper() and models.is_manager(name):
        return Manager(None, name)
    return Inst(name) if short[:1].isupper() and "." in name else None

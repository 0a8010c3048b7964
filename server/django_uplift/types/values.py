"""What an expression can be, as far as queries are concerned.

Values are frozen and compared by content, because they are keys of the analysis' memory. `None` (the Python object)
stands for 'not known' everywhere; the value of the literal ``None`` is `NOTHING`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias


class Place(NamedTuple):
    """A place in a file; `line` and `column` are 0-based, in characters."""

    path: Path
    line: int
    column: int
    inside: str = ""
    """The qualified name of the function around it; empty at module level, and where nobody asked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How instances were fetched: what they have on board, and what a read of them would have to query.

    `loaded` are single-valued relations, `prefetched` many-valued ones, both as ``a__b`` paths from the model.
    `only` and `deferred` are fields as `QuerySet.only` and `.defer` name them. `origin` is 'fetched' (by a query that
    the analysis saw), 'created' (built in the code), or 'unknown'.
    """

    origin: str = "unknown"
    loaded: frozenset[str] = frozenset()
    prefetched: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    deferred: frozenset[str] = frozenset()
    aliases: frozenset[tuple[str, str]] = frozenset()
    """What `Prefetch(lookup, to_attr=...)` calls relations: pairs of to-attr and lookup."""
    inner: tuple[tuple[str, Plan], ...] = ()
    """How `Prefetch(queryset=...)` fetches what these names lead to."""
    every_relation: bool = False
    """After `select_related()` without arguments: every relation that can't be null."""
    place: Place | None = field(default=None, compare=False)
    node: ast.AST | None = field(default=None, compare=False, repr=False)
    """The expression that fetches, for a fix that adds to it."""
    prefix: str = field(default="", compare=False)
    """The way from what the query fetches to these objects: ``a__b__``."""
    many: bool = field(default=False, compare=False)
    """Whether some relation on that way has many objects: `select_related` can't follow it."""

    def has(self, name: str) -> bool:
        """Whether the relation or to-attr `name` is on board."""
        return name in self.loaded or name in self.prefetched

    def below(self, name: str, *, many: bool = False) -> Plan:
        """The plan of the objects that `name` leads to, of which there can be `many`."""
        prefix = f"{name}__"
        given = next((plan for key, plan in self.inner if key == name), None)
        only = (_below(self.only, prefix) or None) if self.only else None
        return Plan(
            self.origin if self.has(name) else "fetched",
            _below(self.loaded, prefix),
            _below(self.prefetched, prefix),
            only if given is None else given.only,
            _below(self.deferred, prefix) if given is None else given.deferred,
            aliases=frozenset() if given is None else given.aliases,
            inner=() if given is None else given.inner,
            place=self.place,
            node=self.node,
            prefix=f"{self.prefix}{name}__",
            many=self.many or many,
        )

    def adding(self, *, loaded: Any = (), prefetched: Any = ()) -> Plan:
        """With more on board; ``a__b`` brings ``a`` along."""
        more = frozenset(_prefixes(loaded))
        many = frozenset(_prefixes(prefetched))
        if more <= self.loaded and many <= self.prefetched:
            return self
        return replace(self, loaded=self.loaded | more, prefetched=self.prefetched | many)

    def without(self, name: str) -> Plan:
        """With the relation `name` forgotten."""
        gone = {path for path in self.loaded if path == name or path.startswith(f"{name}__")}
        return replace(self, loaded=self.loaded - gone) if gone else self


def _below(paths: frozenset[str], prefix: str) -> frozenset[str]:
    return frozenset(path[len(prefix) :] for path in paths if path.startswith(prefix)) if paths else paths


def _prefixes(paths: Any) -> list[str]:
    found = []
    for path in paths:
        parts = path.split("__")
        found += ["__".join(parts[: n + 1]) for n in range(len(parts))]
    return found


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: str, int, bool, bytes, None. Tells flags and relation names apart."""

    value: Any
    kind: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.value).__name__)


@dataclass(frozen=True, slots=True)
class Inst:
    """An instance of the class `cls` (a qualified name); `plan` is set for models."""

    cls: str
    plan: Plan | None = None
    args: tuple[tuple[str, Any], ...] = ()
    """What the constructor was given, where attributes follow from it."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class itself."""

    cls: str


@dataclass(frozen=True, slots=True)
class Query:
    """A queryset. `rows` is 'model', or what `values` and its kin make of them: 'dict', 'tuple', 'value', 'raw'."""

    model: str | None
    cls: str = "django.db.models.QuerySet"
    plan: Plan = Plan()
    rows: str = "model"
    cached: bool = False
    """Whether the result cache is filled: iterating it again is free."""
    empty: bool = False
    """Whether it is known to be empty without asking the database."""
    ordered: bool = False
    perhaps_cached: bool = False
    parts: tuple[ast.AST, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager. `related` is '' for a model's own, else 'fk', 'm2m' or 'generic'."""

    model: str | None
    cls: str = "django.db.models.Manager"
    queryset: str = "django.db.models.QuerySet"
    related: str = ""
    plan: Plan = Plan()
    """For related managers: what is on board of the objects behind them."""
    cached: bool = False
    """Whether the relation was prefetched: `.all()` is free."""
    back: str = ""
    """The field that leads back to the owner: objects fetched through this manager have it on board."""
    perhaps_cached: bool = False
    """Whether the relation may have been prefetched where we can't see."""
    through: str = ""
    """For many-to-many relations: the model in between."""


@dataclass(frozen=True, slots=True)
class Func:
    """A function of the project, bound to `self` if that is set. `scope` is the frame that it closes over."""

    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda = field(compare=False, hash=False, repr=False)
    line: int = 0
    column: int = 0
    bound: Any = None
    owner: str = ""
    """The class that defines it."""
    scope: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """How users call it."""
        return getattr(self.node, "name", "<lambda>")

    @property
    def qualified(self) -> str:
        """Where it is defined, and its name."""
        owner = self.owner.partition("@")[0].replace("<locals>.", "")
        return f"{owner or self.module}.{self.name}"

    @property
    def is_async(self) -> bool:
        """Whether calling it gives a coroutine or an async generator."""
        return isinstance(self.node, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of Django's, or of another package, on a value that we know."""

    receiver: Any
    name: str
    note: str = ""
    """'manager' or 'queryset' where the project overrides it there; a model's name for a view's methods."""


@dataclass(frozen=True, slots=True)
class External:
    """A module, class or function outside the project, by its qualified name."""

    name: str


@dataclass(frozen=True, slots=True)
class Seq:
    """Something iterable whose items are alike. `kind` is 'list', 'tuple', 'set', 'iter' or 'dict' (items: keys)."""

    kind: str
    item: Any = None
    value: Any = None
    """For dicts: what its values are."""
    pending: Any = None
    """For iterators that query at their first step: the query."""
    entries: tuple[tuple[str, Any], ...] = ()
    """For dicts that are written out: what stands under each key."""


@dataclass(frozen=True, slots=True)
class Tup:
    """A tuple, item by item."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Awaitable:
    """What an async call gives: `await` turns it into `result`."""

    result: Any = None
    origin: str = ""
    """The a-method, coroutine function or bridge that made it, for messages."""


@dataclass(frozen=True, slots=True)
class AsyncIter:
    """An async generator or another async iterable."""

    item: Any = None
    origin: str = ""
    pending: Any = None
    """The work that iterating it does, where that is ours."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """`sync_to_async(func)` and its kin: calling it runs `func` in a thread. `back` is `async_to_sync`."""

    func: Any = None
    back: bool = False
    name: str = "sync_to_async"
    node: ast.AST | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(func, *args, **keywords)`."""

    func: Any
    args: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()
    method: bool = False
    """Whether it is a `partialmethod`: read from an instance, it is bound to it."""


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` inside a method of `owner`."""

    owner: str
    bound: Any


@dataclass(frozen=True, slots=True)
class LazyUser:
    """`request.user` before anything has read it."""

    user: str


@dataclass(frozen=True, slots=True)
class Union:
    """One of several."""

    options: tuple[Any, ...]


Value: TypeAlias = Any
"""One of the classes above, or None for what is not known."""

NOTHING = Const(None)
TRUE, FALSE = Const(True), Const(False)
STR, INT, BOOL, FLOAT = (Inst(f"builtins.{name}") for name in ("str", "int", "bool", "float"))
_MOST = 5


def join(first: Value, second: Value) -> Value:
    """What a name is where two ways meet."""
    if first == second:
        return first
    options: list[Value] = []
    for value in (first, second):
        for option in value.options if isinstance(value, Union) else (value,):
            if option not in options:
                options.append(option)
    if len(options) > _MOST:
        return None
    return Union(tuple(options))


def options(value: Value) -> tuple[Value, ...]:
    """The possible values, one by one."""
    return value.options if isinstance(value, Union) else (value,)


def map_options(value: Value, change: Any) -> Value:
    """`change` made to every possible value."""
    if not isinstance(value, Union):
        return change(value)
    result: Value = change(value.options[0])
    for option in value.options[1:]:
        result = join(result, change(option))
    return result


def not_none(value: Value) -> Value:
    """Without the literal None among the options."""
    if not isinstance(value, Union):
        return value
    rest = tuple(option for option in value.options if option != NOTHING)
    if len(rest) == len(value.options) or not rest:
        return value
    return rest[0] if len(rest) == 1 else Union(rest)

"""An indexed tree: nodes by type, parents, and spans in characters. Built in one walk."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, TypeVar, cast

from django_uplift.text.lines import Lines, Span

N = TypeVar("N", bound=ast.AST)
G = TypeVar("G")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = (
    ast.Module
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.Lambda
    | ast.ClassDef
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)

# Contexts and operators are shared singletons without a place: they never matter here.
_SKIPPED = {"ctx", "op", "ops", "type_ignores", "type_comment", "kind"}
_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(cls: type) -> tuple[str, ...]:
    fields = tuple(name for name in cast("Any", cls)._fields if name not in _SKIPPED)
    _FIELDS[cls] = fields
    return fields


class Tree:
    """One module's nodes.

    Nodes get a `parent` attribute; nothing else is written to them. `broken` are the ranges that did not parse and
    are missing (see `recover`), `code` is the text without them, of the same length.
    """

    __slots__ = ("_by_type", "_parts", "broken", "code", "lines", "module", "text")

    def __init__(
        self, module: ast.Module, lines: Lines, broken: tuple[Span, ...] = (), code: str | None = None
    ) -> None:
        self.module = module
        self.broken = broken
        self.code = lines.text if code is None else code
        self.lines = lines
        self.text = lines.text
        self._parts = [Part([module], lines.text)]
        self._by_type = dict(self._parts[0].nodes)

    @classmethod
    def of_parts(
        cls,
        module: ast.Module,
        parts: list[Part],
        lines: Lines,
        broken: tuple[Span, ...] = (),
        code: str | None = None,
    ) -> Tree:
        """A tree whose statements are indexed already, in parts: they become `module`'s children."""
        tree = cls.__new__(cls)
        tree.module = module
        tree.broken = broken
        tree.code = lines.text if code is None else code
        tree.lines = lines
        tree.text = lines.text
        tree._parts = parts
        tree._by_type = {ast.Module: [module]}
        for statement in module.body:
            statement.parent = module  # type: ignore[attr-defined]
        return tree

    def nodes(self, cls: type[N]) -> list[N]:
        """All nodes of exactly this type, in no particular order."""
        nodes = self._by_type.get(cls)
        if nodes is None:
            nodes = self._by_type[cls] = [node for part in self._parts for node in part.nodes.get(cls, ())]
        return cast("list[N]", nodes)

    def grouped(self, group: Callable[[NodesByType], dict[str, list[G]]], key: str) -> list[G]:
        """Nodes of one group. `group` is asked for a part of the tree at a time, in textual order.

        What it says of a part is kept as long as the part: it must look at nothing but nodes, and not at their lines.
        """
        found: list[G] = []
        for part in self._parts:
            groups = part.groups.get(group)
            if groups is None:
                groups = part.groups[group] = group(part.nodes)
            if key in groups:
                found += groups[key]
        return found

    def chosen(self, group: Callable[[NodesByType], dict[str, list[G]]], keys: Set[str]) -> list[G]:
        """Nodes of several groups, in no particular order. For `group` see `grouped`."""
        found: list[G] = []
        for part in self._parts:
            groups = part.groups.get(group)
            if groups is None:
                groups = part.groups[group] = group(part.nodes)
            for key in groups.keys() & keys:
                found += groups[key]
        return found

    def picked(self, cls: type[N], wanted: Callable[[Any], bool]) -> list[N]:
        """The nodes of a type that are `wanted`, in no particular order.

        What `wanted` says of a node is kept as long as its part of the tree, on the same terms as in `grouped`.
        """
        found: list[N] = []
        for part in self._parts:
            groups = part.groups.get((cls, wanted))
            if groups is None:
                nodes = list(filter(wanted, part.nodes.get(cls, ())))
                groups = part.groups[cls, wanted] = {"": nodes}
            found += groups[""]
        return found

    def holds(self, sought: Callable[[str], bool]) -> bool:
        """Whether `sought` is in the text of some part. What it says of a part is kept as long as that."""
        for part in self._parts:
            known = part.held.get(sought)
            if known is None:
                known = part.held[sought] = sought(part.text)
            if known:
                return True
        return False

    def release(self) -> None:
        """Undo the nodes' links to their parents: a tree that nobody holds any more is gone at once.

        As it is made of cycles, Python's search for garbage would have to find it, which takes longer than this.
        """
        for part in self._parts:
            for nodes in part.nodes.values():
                for node in nodes:
                    node.parent = None  # type: ignore[attr-defined]

    def span(self, node: ast.AST) -> Span:
        """The characters of a node that has a place (expressions, statements, arguments, aliases, handlers)."""
        place = cast("Any", node)
        from_ast = self.lines.from_ast
        return Span(
            from_ast(place.lineno, place.col_offset), from_ast(place.end_lineno, place.end_col_offset)
        )

    def source(self, node: ast.AST) -> str:
        """The text of a node, without the parentheses around it."""
        start, end = self.span(node)
        return self.text[start:end]


NodesByType = dict[type, list[ast.AST]]


class Part:
    """Some statements with all that is below them, their lines, and what was made of them."""

    __slots__ = ("groups", "held", "nodes", "text")

    def __init__(self, roots: Sequence[ast.AST], text: str) -> None:
        self.nodes = index(roots)
        self.text = text
        self.held: dict[object, bool] = {}
        self.groups: dict[object, dict[str, list[Any]]] = {}

    def retype(self, text: str) -> None:
        """Give it another text with the same nodes in the same lines."""
        self.text = text
        self.held.clear()


def index(roots: Sequence[ast.AST]) -> NodesByType:
    """The nodes below `roots`, which are included, by type; all but the roots get their `parent`."""
    by_type: NodesByType = {}
    stack: list[Any] = [*roots]
    pop, push = stack.pop, stack.append
    known = _FIELDS.get
    while stack:
        node = pop()
        cls = node.__class__
        nodes = by_type.get(cls)
        if nodes is None:
            by_type[cls] = [node]
        else:
            nodes.append(node)
        for name in known(cls) or _fields(cls):
            value: Any = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        item.parent = node  # type: ignore[attr-defined]
                        push(item)
            elif isinstance(value, ast.AST):
                value.parent = node  # type: ignore[attr-defined]
                push(value)
    return by_type


def parent(node: ast.AST) -> ast.AST | None:
    """The node around `node`; None for the module."""
    return getattr(node, "parent", None)


def mark_on_loop(module: ast.Module) -> None:
    """Say that a module's top level runs on an event loop, as a notebook's cells do: `await` may stand there."""
    module.on_loop = True  # type: ignore[attr-defined]


def is_on_loop(node: ast.AST) -> bool:
    """Whether that was said of a module."""
    return bool(getattr(node, "on_loop", False))


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around `node`, innermost first."""
    up = parent(node)
    while up is not None:
        yield up
        up = parent(up)


def statement_of(node: ast.AST) -> ast.stmt:
    """The innermost statement that holds `node` (or is it)."""
    at: ast.AST | None = node
    while at is not None and not isinstance(at, ast.stmt):
        at = parent(at)
    if at is None:
        raise ValueError("a module is in no statement")
    return at


def scope_of(node: ast.AST) -> ScopeNode:
    """The scope in which `node` is evaluated.

    Decorators, defaults, annotations, base classes and a comprehension's first iterable belong to the scope
    around the one that they introduce.
    """
    child, up = node, parent(node)
    while up is not None:
        if isinstance(up, ast.comprehension) and child is up.iter:
            owner = parent(up)
            if isinstance(owner, COMPREHENSIONS) and owner.generators[0] is up:
                child, up = owner, parent(owner)
                continue
        if isinstance(up, SCOPES) and _inside(child, up):
            return up
        child, up = up, parent(up)
    return cast("ast.Module", child)


def _inside(child: ast.AST, scope: ScopeNode) -> bool:
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt)
    return child is scope.body if isinstance(scope, ast.Lambda) else True


def function_of(node: ast.AST) -> FunctionNode | ast.Lambda | None:
    """The function in whose body `node` is evaluated; comprehensions are transparent, class bodies are not."""
    scope = scope_of(node)
    while isinstance(scope, COMPREHENSIONS):
        scope = scope_of(scope)
    return scope if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) else None

"""Who uses a function of the project: its calls and imports, and uses of which nothing can be said."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from django_uplift.engine.context import Context
from django_uplift.engine.run import Engine
from django_uplift.flow.rewrite import SYNC_TO_ASYNC
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, parent
from django_uplift.text.source import DecodeError, decode

_BRIDGES = frozenset({SYNC_TO_ASYNC, "channels.db.database_sync_to_async"})


class Function(NamedTuple):
    """A function, and the file that it stands in."""

    ctx: Context
    node: FunctionNode

    @property
    def name(self) -> str:
        """What it is called."""
        return self.node.name

    @property
    def cls(self) -> ast.ClassDef | None:
        """The class whose method it is."""
        up = parent(self.node)
        return up if isinstance(up, ast.ClassDef) else None

    @property
    def is_local(self) -> bool:
        """Whether it stands in another function."""
        return any(isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)) for up in ancestors(self.node))


@dataclass(frozen=True)
class Use:
    """One place that means a function.

    `kind`: 'call' (`call` is it), 'bridge' (``sync_to_async(f)``, which is `bridge`, called by `call`), 'import', or
    'other': handed on, decorated with, or perhaps another function of that name.
    """

    ctx: Context
    node: ast.expr | ast.alias
    kind: Literal["call", "bridge", "import", "other"]
    call: ast.Call | None = None
    bridge: ast.Call | None = None

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.node.lineno


class Sources:
    """The project's files as contexts, each parsed once, as far as they are asked for."""

    def __init__(self, engine: Engine, start: Context) -> None:
        self._engine = engine
        self._start = start
        self._known: dict[Path, Context | None] = {start.path: start}

    def context(self, path: Path) -> Context | None:
        """A file; None if it can't be read or does not parse."""
        if path not in self._known:
            try:
                text = decode(self._start.modules.store.read(path)).text
            except (OSError, DecodeError):
                self._known[path] = None
            else:
                self._known[path] = self._engine.context(path, text)
        return self._known[path]

    def with_word(self, word: str) -> Iterator[Context]:
        """The Python files of the project that hold a word."""
        pattern = re.compile(rb"\b%s\b" % re.escape(word.encode()))
        for path in dict.fromkeys((self._start.path, *self._start.modules.paths)):
            if path.suffix != ".py":
                continue
            try:
                data = self._start.modules.store.read(path)
            except OSError:
                continue
            if path == self._start.path or pattern.search(data):
                ctx = self.context(path)
                if ctx is not None:
                    yield ctx

    def is_ours(self, path: Path) -> bool:
        """Whether a file is one of the project's."""
        return path == self._start.path or any(path == each for each in self._start.modules.paths)


def uses_of(
    function: Function, sources: Sources, known: Callable[[Context, ast.Call], bool] = lambda *_: False
) -> Iterator[Use]:
    """The uses of a function in its project. `known` tells of calls which are proved to be of it."""
    if function.is_local:
        nodes = ast.walk(function.ctx.tree.module)
        yield from _uses_in(function, function.ctx, nodes, known)
        return
    for ctx in sources.with_word(function.name):
        yield from _uses_in(function, ctx, ast.walk(ctx.tree.module), known)


def _uses_in(
    function: Function, ctx: Context, nodes: Iterator[ast.AST], known: Callable[[Context, ast.Call], bool]
) -> Iterator[Use]:
    name, here = function.name, ctx.path == function.ctx.path
    qualified = f"{function.ctx.names.name}.{name}" if function.cls is None and not function.is_local else ""
    aliases = {name}
    for alias in ctx.tree.nodes(ast.alias):
        if qualified and alias.name == name and ctx.resolve(alias) == qualified:
            aliases.add(alias.asname or name)
            yield Use(ctx, alias, "import")
    for node in nodes:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and qualified and node.value == qualified:
                yield Use(ctx, node, "other")
        elif isinstance(node, ast.Name) and node.id in aliases and isinstance(node.ctx, ast.Load):
            if function.cls is not None:
                continue
            if here:
                if any(binding.node is function.node for binding in ctx.names.lookup(node.id, node)):
                    yield _use(ctx, node)
            elif qualified and ctx.resolve(node) == qualified:
                yield _use(ctx, node)
        elif isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load):
            if function.cls is not None:
                use = _use(ctx, node)
                sure = is_own(node, function) or (use.call is not None and known(ctx, use.call))
                yield use if sure else Use(ctx, node, "other")
            elif qualified and ctx.resolve(node) == qualified:
                yield _use(ctx, node)


def _use(ctx: Context, node: ast.Name | ast.Attribute) -> Use:
    up = parent(node)
    if isinstance(up, ast.Call) and up.func is node:
        return Use(ctx, node, "call", up)
    if isinstance(up, ast.Call) and up.args == [node] and not up.keywords:
        outer = parent(up)
        if isinstance(outer, ast.Call) and outer.func is up and ctx.resolve(up.func) in _BRIDGES:
            return Use(ctx, node, "bridge", outer, up)
    return Use(ctx, node, "other")


def is_own(node: ast.Attribute, function: Function) -> bool:
    """Whether an attribute is read of `self` or `cls` in the class whose method the function is."""
    if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
        return False
    return next((up for up in ancestors(node) if isinstance(up, ast.ClassDef)), None) is function.cls


def is_shared_name(function: Function, sources: Sources) -> bool:
    """Whether other classes define a method of that name: of two related ones, one would replace the other."""
    return any(
        isinstance(parent(node), ast.ClassDef) and node is not function.node
        for ctx in sources.with_word(function.name)
        for node in functions_of(ctx.tree)
        if node.name == function.name
    )


def functions_of(tree: Tree) -> list[FunctionNode]:
    """The functions of a file, sync and async."""
    return [*tree.nodes(ast.FunctionDef), *tree.nodes(ast.AsyncFunctionDef)]

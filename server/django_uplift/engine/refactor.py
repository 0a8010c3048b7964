"""Refactorings to async code: 'Convert to async' of a function, and 'Make async' of the helpers on a way to a query."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.async_decorators import ASYNC_SINCE
from django_uplift.engine.context import Context
from django_uplift.engine.findings import Change, Finding, Hop
from django_uplift.engine.fixes import converge, render_changes
from django_uplift.engine.references import Function, Sources, Use, functions_of, is_shared_name, uses_of
from django_uplift.engine.run import Engine
from django_uplift.flow.rewrite import awaiting, may_await, merged, room
from django_uplift.syntax.imports import ImportNode, Need
from django_uplift.syntax.statements import indent_of, statement_span
from django_uplift.syntax.tree import FunctionNode, Tree, ancestors, parent
from django_uplift.text.edits import Edit, OverlapError, apply_edits
from django_uplift.text.source import newline_of

_HANDLERS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})
_ASYNC_FAMILIES = ("async-orm", "async-use")
# Where these decorate, an async function is something else.
_KEEP = frozenset({"staticmethod", "classmethod"})


class FileChange(NamedTuple):
    """What becomes of one file, and why."""

    old: str
    new: str
    label: str


class Place(NamedTuple):
    """A line (from 1) of a file."""

    path: Path
    line: int


class Refactoring(NamedTuple):
    """A change of several files, and what it leaves to do."""

    files: dict[Path, FileChange]
    left: tuple[tuple[Path, Finding], ...] = ()
    """What still queries or blocks in the functions that were converted."""
    sync_callers: tuple[Place, ...] = ()
    """Sync code that would get a coroutine now."""
    remarks: tuple[str, ...] = ()
    """What else may stand in the way: decorators that are not async, base classes that call the function."""

    def notes(self) -> list[str]:
        """What is left, a sentence each."""
        told = [f"{place.path.name}:{place.line} uses it in sync code" for place in self.sync_callers]
        told += self.remarks
        for path, finding in self.left:
            text = self.files[path].new if path in self.files else ""
            line = text.count("\n", 0, finding.span.start) + 1
            told.append(f"{path.name}:{line} {finding.rule.code} {finding.message}")
        return told


def convertible(ctx: Context, offset: int, *, at_name: bool = False) -> ast.FunctionDef | None:
    """The sync function at `offset` that 'Convert to async' means; None if there is none that can be.

    `at_name` wants its line of ``def``, not any place in it.
    """
    starts = ctx.tree.lines.starts
    around = [
        node
        for node in ctx.tree.nodes(ast.FunctionDef)
        if starts[node.lineno - 1] <= offset <= (_head_end(node, ctx.tree) if at_name else ctx.span(node).end)
    ]
    found = max(around, key=lambda node: ctx.span(node).start, default=None)
    if found is None or _yields(found) or _is_dunder(found.name):
        return None
    names = {_decorator(d) for d in found.decorator_list}
    if names & {"property", "cached_property", "contextmanager", "overload", "sync_to_async"}:
        return None
    return found


def is_handler(node: ast.FunctionDef) -> bool:
    """Whether a method answers requests for a class-based view."""
    return isinstance(parent(node), ast.ClassDef) and node.name in _HANDLERS and _takes_request(node, 1)


def is_view(node: ast.FunctionDef) -> bool:
    """Whether a function is a view, as far as its signature tells."""
    return isinstance(parent(node), ast.Module) and _takes_request(node, 0)


def _takes_request(node: ast.FunctionDef, at: int) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return len(arguments) > at and arguments[at].arg == "request"


def convert_to_async(engine: Engine, path: Path, text: str, offset: int) -> Refactoring | None:
    """Make the function at `offset` async, with the fixes that its body needs then.

    Its calls in async code of the project are awaited. Handlers of one class-based view are converted together, as
    Django wants all of them to be of one kind. None if there is no sync function at `offset`.
    """
    ctx = engine.context(path, text)
    chosen = convertible(ctx, offset) if ctx is not None else None
    if ctx is None or chosen is None:
        return None
    sources = Sources(engine, ctx)
    functions = [Function(ctx, node) for node in _together(chosen)]
    work = _Work(engine, sources)
    for function in functions:
        work.convert(function, list(uses_of(function, sources)), [each.node for each in functions])
    return work.done()


def chain_of(engine: Engine, ctx: Context, finding: Finding) -> tuple[list[Function], Sources] | None:
    """The helpers on the way from a call in async code to its query, the called one first.

    None where one of them is no plain function of the project: a property, a constructor, a generator, another's code.
    """
    if not finding.trace or finding.rule.slug not in ("query-through-call", "blocking-call"):
        return None
    call = next((n for n in ctx.tree.nodes(ast.Call) if ctx.span(n) == finding.span), None)
    if call is None or not may_await(call):
        return None
    sources = Sources(engine, ctx)
    chain: list[Function] = []
    for hop in finding.trace:
        if call is None or not sources.is_ours(hop.path) or (there := sources.context(hop.path)) is None:
            return None
        if hop.line >= len(there.tree.lines):
            return None
        offset = there.tree.lines.starts[hop.line] + hop.column
        node = _innermost(there, offset)
        if node is None or node.name != _called(call) or not _is_plain(node):
            return None
        function = Function(there, node)
        if any(function.node is other.node for other in chain):
            return None
        chain.append(function)
        call = next(
            (n for n in there.tree.nodes(ast.Call) if there.span(n).start == offset and _called(n)), None
        )
    return chain, sources


def make_async(engine: Engine, path: Path, text: str, finding: Finding) -> Refactoring | None:
    """Make the helpers on the way to a finding's query async.

    A helper that only async code calls is converted; beside any other an async variant is put, with an ``a`` before its
    name. Calls in async code are awaited, in all files.
    """
    ctx = engine.context(path, text)
    found = chain_of(engine, ctx, finding) if ctx is not None else None
    if ctx is None or found is None:
        return None
    chain, sources = found
    proven = {(path, finding.span.start), *((hop.path, _offset(sources, hop)) for hop in finding.trace)}

    def known(there: Context, call: ast.Call) -> bool:
        return (there.path, there.span(call).start) in proven

    work = _Work(engine, sources)
    converted: list[FunctionNode] = []
    plans: list[tuple[Function, list[Use], str]] = []
    for function in chain:
        uses = list(uses_of(function, sources, known))
        twin = twin_of(function)
        if twin is not None:
            plans.append((function, uses, twin.name))
            break
        variant = "" if _only_async(function, uses, sources, converted) else _variant_name(function)
        if variant is None:
            return None
        if not variant:
            converted.append(function.node)
        plans.append((function, uses, variant))
    for number, (function, uses, variant) in enumerate(plans):
        if variant:
            below = plans[number + 1] if number + 1 < len(plans) else None
            work.call_variant(function, variant, uses, converted)
            if twin_of(function) is None:
                work.add_variant(function, variant, uses, below)
        else:
            work.convert(function, uses, converted)
    return work.done()


class _Work:
    """Collects the edits of a refactoring, then mends what the converted functions hold."""

    def __init__(self, engine: Engine, sources: Sources) -> None:
        self._engine = engine
        self._sources = sources
        self._changes: dict[Path, list[Change]] = defaultdict(list)
        self._labels: dict[Path, list[str]] = defaultdict(list)
        self._targets: dict[Path, list[_Target]] = defaultdict(list)
        self._sync_callers: list[Place] = []
        self._remarks: list[str] = []

    def convert(self, function: Function, uses: Iterable[Use], converted: Collection[ast.AST]) -> None:
        """Make a function itself async, and have its calls awaited."""
        ctx, start = function.ctx, function.ctx.span(function.node).start
        self._add(ctx, [Edit(start, start, "async ")], label=f"Make {function.name}() async")
        self._targets[ctx.path].append(_target(ctx.tree, function.node))
        self._remarks += _remarks(function)
        for use in uses:
            if use.call is None or not may_await(use.call, converted):
                if use.kind == "call" or (
                    use.kind != "import" and function.cls is None and not _is_route(use)
                ):
                    self._sync_callers.append(Place(use.ctx.path, use.line))
            elif use.bridge is not None:
                start, end = use.ctx.span(use.bridge)
                self._add(use.ctx, [Edit(start, end, use.ctx.source(use.node))], label=_awaits(function))
            else:
                edits = [*awaiting(use.call, use.ctx), *room(use.call, use.ctx)]
                self._add(use.ctx, edits, label=_awaits(function))

    def call_variant(
        self, function: Function, name: str, uses: Iterable[Use], converted: Collection[ast.AST]
    ) -> None:
        """Have an async variant of a function called in async code."""
        own = {id(each) for each in ast.walk(function.node)}
        for use in uses:
            if id(use.node) not in own and use.call is not None and may_await(use.call, converted):
                self._call_variant(use, function, name)

    def add_variant(
        self,
        function: Function,
        name: str,
        uses: Iterable[Use],
        below: tuple[Function, list[Use], str] | None,
    ) -> None:
        """Put an async variant beside a function."""
        ctx, node = function.ctx, function.node
        inner: list[Edit] = []
        own = {id(each) for each in ast.walk(node)}
        for use in uses:
            if id(use.node) in own and use.call is not None and use.bridge is None:
                inner += _merged_call(use, self._written(use, function, name)[0], (node,))
        needs: tuple[Need, ...] = ()
        for use in below[1] if below is not None else ():
            if below is not None and id(use.node) in own and use.call is not None and use.bridge is None:
                written = ""
                if below[2]:
                    written, more = self._written(use, below[0], below[2])
                    needs += more
                inner += _merged_call(use, written, (node,))
        first = node.decorator_list[0] if node.decorator_list else node
        start = ctx.tree.lines.starts[first.lineno - 1]
        end = ctx.span(node).end
        def_at = ctx.span(node).start
        at = ctx.text.index(function.name, def_at + len("def"))
        inner += [Edit(def_at, def_at, "async "), Edit(at, at + len(function.name), name)]
        copy = apply_edits(ctx.text, inner)[start : end + _growth(inner)]
        newline = newline_of(ctx.text)
        gap = newline * (2 if indent_of(ctx.tree, node) else 3)
        self._add(
            ctx, [Edit(end, end, f"{gap}{copy}")], needs, label=f"Add {name}() beside {function.name}()"
        )
        self._targets[ctx.path].append(_Target(name, 0))

    def _call_variant(self, use: Use, function: Function, name: str) -> None:
        assert use.call is not None
        written, needs = self._written(use, function, name)
        start, end = use.ctx.span(use.bridge if use.bridge is not None else use.node)
        edits = [*awaiting(use.call, use.ctx), *room(use.call, use.ctx), Edit(start, end, written)]
        self._add(use.ctx, list(merged(edits)), needs, label=f"Await {name}()")

    def _written(self, use: Use, function: Function, name: str) -> tuple[str, tuple[Need, ...]]:
        if isinstance(use.node, ast.Attribute):
            text = use.ctx.source(use.node)
            return text[: len(text) - len(use.node.attr)] + name, ()
        if use.ctx.path == function.ctx.path or function.is_local:
            return name, ()
        near = next(
            (up for a in use.ctx.tree.nodes(ast.alias) if a.name == function.name and (up := _import_of(a))),
            None,
        )
        module = function.ctx.names.name
        return use.ctx.reference_to(f"{module}.{name}", use.node, near, direct=True)

    def _add(self, ctx: Context, edits: Sequence[Edit], needs: tuple[Need, ...] = (), *, label: str) -> None:
        self._changes[ctx.path].append(Change(tuple(edits), needs))
        if label not in self._labels[ctx.path]:
            self._labels[ctx.path].append(label)

    def done(self) -> Refactoring | None:
        """The refactoring; None if its edits don't go together."""
        texts: dict[Path, str] = {}
        olds: dict[Path, str] = {}
        for path, changes in self._changes.items():
            ctx = self._sources.context(path)
            edits = render_changes(ctx, changes) if ctx is not None else None
            if ctx is None or edits is None:
                return None
            olds[path] = ctx.text
            try:
                texts[path] = apply_edits(ctx.text, edits)
            except OverlapError:
                return None
        engine = self._engine.fork(texts, select=_ASYNC_FAMILIES)
        left: list[tuple[Path, Finding]] = []
        for path, targets in self._targets.items():
            fixed = converge(texts[path], _checker(engine, path, targets), unsafe=False)
            texts[path] = fixed.text
            left += ((path, finding) for finding in fixed.remaining)
            engine.workspace.store.set_overlay(path, fixed.text.encode("utf-8", "surrogatepass"))
            engine.forget(path)
        files = {path: FileChange(olds[path], texts[path], "; ".join(self._labels[path])) for path in texts}
        return Refactoring(
            files, tuple(left), tuple(dict.fromkeys(self._sync_callers)), tuple(dict.fromkeys(self._remarks))
        )


class _Target(NamedTuple):
    """A function, found again after edits: by name, and which of that name it is."""

    name: str
    number: int


def _checker(
    engine: Engine, path: Path, targets: Sequence[_Target]
) -> Callable[[str], tuple[Context | None, Sequence[Finding]]]:
    def check(current: str) -> tuple[Context | None, Sequence[Finding]]:
        checked = engine.check_text(path, current)
        if checked.context is None:
            return None, ()
        tree = checked.context.tree
        spans = [statement_span(tree, f) for t in targets if (f := _find(tree, t)) is not None]
        inside = [
            f for f in checked.findings if any(s.start <= f.span.start and f.span.end <= s.end for s in spans)
        ]
        return checked.context, [f for f in inside if f.rule.family.startswith("async")]

    return check


def _merged_call(use: Use, written: str, to_be: Collection[ast.AST]) -> list[Edit]:
    """Edits that await a call inside a function that is about to be async, as `written` if that is given."""
    assert use.call is not None
    if not may_await(use.call, to_be):
        return []
    edits = [*awaiting(use.call, use.ctx), *room(use.call, use.ctx)]
    if written:
        edits.append(Edit(*use.ctx.span(use.node), written))
    return list(merged(edits))


def _only_async(
    function: Function, uses: Iterable[Use], sources: Sources, converted: Collection[ast.AST]
) -> bool:
    """Whether every use is a call that can be awaited, so that no sync function is needed."""
    if function.cls is not None and (
        is_shared_name(function, sources) or not function.ctx.ancestry(function.cls).complete
    ):
        return False
    return all(
        use.kind == "import" or (use.call is not None and may_await(use.call, {*converted, function.node}))
        for use in uses
    )


def twin_of(function: Function) -> FunctionNode | None:
    """The project's own async form of a function: beside it, with an ``a`` before the name and the same parameters."""
    name = _async_name(function.name)
    block = getattr(parent(function.node), "body", [])
    for node in block:
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name and not _yields(node):
            return node if _parameters(node) == _parameters(function.node) else None
    return None


def _parameters(node: FunctionNode) -> list[str]:
    return [each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)]


def _async_name(name: str) -> str:
    """``_get_rows`` becomes ``_aget_rows``, as Django names such."""
    bare = name.lstrip("_")
    return f"{name[: len(name) - len(bare)]}a{bare}"


def _variant_name(function: Function) -> str | None:
    """What an async variant is called; None where something else has the name."""
    name, tree = _async_name(function.name), function.ctx.tree
    taken = any(n.name == name for n in functions_of(tree)) or any(n.id == name for n in tree.nodes(ast.Name))
    return None if taken else name


def _remarks(function: Function) -> Iterator[str]:
    """What an async function is told by its decorators and base classes."""
    ctx, node = function.ctx, function.node
    for decorator in node.decorator_list:
        name = ctx.resolve(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
        since = ASYNC_SINCE.get(name)
        if since is not None and ctx.target < since:
            yield f"{name.rpartition('.')[2]} takes async views since Django {since} only"
    if function.cls is None or (isinstance(node, ast.FunctionDef) and is_handler(node)):
        return
    ancestry = ctx.ancestry(function.cls)
    if not ancestry.complete or any(name.startswith("django.") for name in ancestry.names):
        yield f"a base class of {function.cls.name} may call {node.name}() and get a coroutine"


def _is_route(use: Use) -> bool:
    """Whether a view is given to a URL pattern, which takes both kinds."""
    up = parent(use.node)
    return isinstance(up, ast.Call) and _called(up) in ("path", "re_path", "url")


def _together(function: ast.FunctionDef) -> list[ast.FunctionDef]:
    cls = parent(function)
    if isinstance(cls, ast.ClassDef) and is_handler(function):
        return [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name in _HANDLERS]
    return [function]


def _innermost(ctx: Context, offset: int) -> FunctionNode | None:
    around = [n for n in functions_of(ctx.tree) if ctx.span(n.body[0]).start <= offset < ctx.span(n).end]
    return max(around, key=lambda n: ctx.span(n).start, default=None)


def _is_plain(node: FunctionNode) -> bool:
    """Whether an async function of the same body does the same, awaited."""
    if not isinstance(node, ast.FunctionDef) or _yields(node) or _is_dunder(node.name):
        return False
    return all(_decorator(d) in _KEEP for d in node.decorator_list)


def _yields(node: FunctionNode) -> bool:
    return any(
        isinstance(inner, (ast.Yield, ast.YieldFrom))
        and next((up for up in ancestors(inner) if isinstance(up, _SCOPES)), None) is node
        for inner in ast.walk(node)
    )


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _decorator(node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _called(call: ast.Call) -> str:
    return _decorator(call)


def _head_end(node: ast.FunctionDef, tree: Tree) -> int:
    return tree.lines.line_span(tree.lines.line_of(tree.span(node).start)).end


def _offset(sources: Sources, hop: Hop) -> int:
    ctx = sources.context(hop.path)
    return ctx.tree.lines.starts[hop.line] + hop.column if ctx is not None else -1


def _import_of(alias: ast.alias) -> ImportNode | None:
    up = parent(alias)
    return up if isinstance(up, (ast.Import, ast.ImportFrom)) else None


def _awaits(function: Function) -> str:
    return f"Await {function.name}()"


def _growth(edits: Iterable[Edit]) -> int:
    return sum(len(edit.text) - (edit.end - edit.start) for edit in set(edits))


def _named(tree: Tree, name: str) -> list[FunctionNode]:
    return sorted((n for n in functions_of(tree) if n.name == name), key=lambda n: (n.lineno, n.col_offset))


def _target(tree: Tree, function: FunctionNode) -> _Target:
    return _Target(function.name, _named(tree, function.name).index(function))


def _find(tree: Tree, target: _Target) -> FunctionNode | None:
    found = _named(tree, target.name)
    return found[target.number] if target.number < len(found) else None

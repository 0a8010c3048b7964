"""Fixes of async code: what an expert would write instead, best first."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from django_uplift.django.orm import V41, V50
from django_uplift.django.releases import Release
from django_uplift.flow.blocks import wrap_block
from django_uplift.flow.events import (
    ASYNC_TO_SYNC,
    AWAIT_ITERATOR,
    AWAIT_SYNC,
    BLOCK,
    BOILERPLATE,
    CALL,
    DEFERRED,
    EVALUATE,
    GENERIC,
    MISSING_AWAIT,
    QUERY,
    RELATION,
    SESSION,
    SYNC_ONLY,
    UNCALLED_BRIDGE,
    USER,
    Event,
)
from django_uplift.syntax.calls import outer_span
from django_uplift.syntax.imports import Need
from django_uplift.syntax.statements import indent_of
from django_uplift.syntax.tree import COMPREHENSIONS, Tree, ancestors, parent
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of
from django_uplift.types.values import External, Inst, Manager, Method, Query

SYNC_TO_ASYNC = "asgiref.sync.sync_to_async"


class File(Protocol):
    """What a rewrite needs of the engine's context."""

    tree: Tree
    target: Release

    def reference_to(self, qualified: str, at: ast.AST) -> tuple[str, tuple[Need, ...]]:
        """How code at `at` writes a qualified name, and the imports for it."""
        ...


class Rewrite(NamedTuple):
    """One way to mend an event. `unsafe` says what may change."""

    title: str
    edits: tuple[Edit, ...]
    needs: tuple[Need, ...] = ()
    unsafe: str = ""


def rewrites(event: Event, file: File) -> list[Rewrite]:
    """The ways to mend an event, best first."""
    make = _MAKERS.get(event.kind)
    return [found for found in make(event, file) if found.edits] if make is not None else []


def may_await(node: ast.AST) -> bool:
    """Whether `await` can be written in place of `node`."""
    child, up = node, parent(node)
    while up is not None:
        if isinstance(up, ast.Lambda) and child is up.body:
            return False
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and child in up.body:
            return isinstance(up, ast.AsyncFunctionDef)
        if isinstance(up, ast.GeneratorExp) and child is not up.generators[0]:
            return False
        child, up = up, parent(up)
    return False


# Pieces


def needs_parentheses(node: ast.AST) -> bool:
    """Whether ``await x`` in place of `node` needs parentheses around it."""
    up = parent(node)
    if isinstance(up, ast.Attribute):
        return True
    if isinstance(up, ast.Subscript):
        return up.value is node
    if isinstance(up, ast.Call):
        return up.func is node
    return isinstance(up, ast.BinOp) and isinstance(up.op, ast.Pow) and up.left is node and False


def _awaiting(node: ast.expr, file: File) -> list[Edit]:
    """Edits that put `await` in front of an expression."""
    tree = file.tree
    start, end = tree.span(node)
    if isinstance(parent(node), ast.Await):
        return []
    if needs_parentheses(node) and outer_span(tree, node) == (start, end):
        return [Edit(start, start, "(await "), Edit(end, end, ")")]
    return [Edit(start, start, "await ")]


def _replaced(node: ast.AST, text: str, file: File, *, is_await: bool = False) -> list[Edit]:
    start, end = file.tree.span(node)
    if is_await:
        up = parent(node)
        if isinstance(up, ast.Await):
            start, end = file.tree.span(up)
            node = up
        if needs_parentheses(node) and outer_span(file.tree, node) == (start, end):  # type: ignore[arg-type]
            text = f"({text})"
    return [Edit(start, end, text)]


def _rename(attribute: ast.Attribute, new: str, file: File) -> Edit:
    end = file.tree.span(attribute).end
    return Edit(end - len(attribute.attr), end, new)


def _shell(outer: Span, inner: Span, before: str, after: str, file: File) -> tuple[Edit, ...]:
    """Edits that put other text around `inner` than what `outer` has around it.

    Comments stay, which needs parentheses around them unless `before` opens a bracket.
    """
    text = file.tree.text
    first = _COMMENT.findall(text, outer.start, inner.start)
    last = _COMMENT.findall(text, inner.end, outer.end)
    if first or last:
        newline = newline_of(text) + indent_of(file.tree, _At(file, outer.start))
        if before[:1] not in ("[", "{"):
            before, after = f"({before}", f"{after})"
        opening = before[0] + "".join(f"  {comment}{newline}" for comment in first)
        ending = "".join(f"  {comment}{newline}" for comment in last)
        before, after = opening + before[1:], after[:-1] + ending + after[-1]
    return Edit(outer.start, inner.start, before), Edit(inner.end, outer.end, after)


class _At(ast.AST):
    """A place, for the indentation of its line."""

    def __init__(self, file: File, offset: int) -> None:
        line = file.tree.lines.line_of(offset)
        self.lineno, self.col_offset = line + 1, 0
        self.end_lineno, self.end_col_offset = line + 1, 0


def _recast(outer: ast.expr, inner: ast.expr, before: str, after: str, file: File) -> tuple[Edit, ...]:
    """`len(x)` becomes `await x.acount()`: `outer` is replaced by `inner` with text around it."""
    tree = file.tree
    span, start_end = tree.span(outer), tree.span(inner)
    wrap = needs_parentheses(outer) and outer_span(tree, outer) == span
    if not isinstance(inner, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        before, after = f"{before}(", f"){after}"
    if wrap:
        before, after = f"({before}", f"{after})"
    if outer is inner:
        return Edit(span.start, span.start, before), Edit(span.end, span.end, after)
    return _shell(span, start_end, before, after, file)


def _relisted(outer: ast.expr, inner: ast.expr, file: File, brackets: str) -> tuple[Edit, ...]:
    """`list(orders)` becomes `[x async for x in orders]`."""
    tree = file.tree
    name = _item_name(_source(inner, file))
    before, after = f"{brackets[0]}{name} async for {name} in ", brackets[1]
    if isinstance(inner, (ast.IfExp, ast.Lambda, ast.NamedExpr)):
        before, after = f"{before}(", f"){after}"
    edits = list(_shell(tree.span(outer), tree.span(inner), before, after, file))
    attribute = _iterator_call(inner)
    if attribute is not None:
        edits.append(_rename(attribute, "aiterator", file))
    return tuple(sorted(edits))


_COMMENT = re.compile(r"#[^\r\n]*")


def _source(node: ast.AST, file: File) -> str:
    return file.tree.source(node)


def _item_name(text: str) -> str:
    for name in ("x", "item", "each", "row"):
        if not re.search(rf"\b{name}\b", text):
            return name
    return "x_"


def _listed(node: ast.expr, file: File, brackets: str = "[]") -> str:
    text = _async_iterable(node, file)
    name = _item_name(text)
    return f"{brackets[0]}{name} async for {name} in {text}{brackets[1]}"


def _async_iterable(node: ast.expr, file: File) -> str:
    """The text of a queryset as `async for` takes it."""
    text = _source(node, file)
    attribute = _iterator_call(node)
    if attribute is not None:
        at = file.tree.span(attribute).end - file.tree.span(node).start
        text = f"{text[: at - len('iterator')]}aiterator{text[at:]}"
    if isinstance(node, (ast.IfExp, ast.Lambda, ast.NamedExpr)):
        text = f"({text})"
    return text


def _iterator_call(node: ast.expr) -> ast.Attribute | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "iterator":
        return node.func
    return None


def _primary(node: ast.expr, file: File) -> str:
    """The text of an expression to which ``.method()`` can be appended."""
    text = _source(node, file)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        return text
    return f"({text})"


def _bridge(node: ast.AST, file: File) -> tuple[str, tuple[Need, ...]]:
    return file.reference_to(SYNC_TO_ASYNC, node)


def _in_thread(event: Event, file: File, *, unsafe: str = "") -> Iterator[Rewrite]:
    """The call or the read, made in a worker thread."""
    node = event.node
    if not isinstance(node, ast.expr) or not may_await(node):
        return
    name, needs = _bridge(node, file)
    if isinstance(node, ast.Call):
        start, end = file.tree.span(node.func)
        edits = [*_awaiting(node, file), Edit(start, start, f"{name}("), Edit(end, end, ")")]
        if edits[0].start == start and edits[0].text == "await ":
            edits = [Edit(start, start, f"await {name}("), *edits[2:]]
        elif edits[0].start == start:
            edits = [
                Edit(start, start, f"{edits[0].text}{name}("),
                *[e for e in edits[1:] if e.start != start],
            ]
        called = _source(node.func, file)
        shown = called if len(called) < 40 and "\n" not in called else "the call"
        yield Rewrite(f"Run {shown} in a thread with sync_to_async", tuple(edits), needs, unsafe)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        text = f"await {name}(lambda: {_source(node, file)})()"
        if any(isinstance(inner, ast.Await) for inner in ast.walk(node.value)):
            # No lambda can await.
            value = _source(node.value, file)
            text = f'await {name}(getattr)({value}, "{node.attr}")'
        yield Rewrite(
            "Read it in a thread with sync_to_async",
            tuple(_replaced(node, text, file, is_await=True)),
            needs,
            unsafe,
        )


# Queries


def _query(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Call) or not may_await(node):
        return
    native: list[Rewrite] = []
    if event.twin and event.since is not None and file.target >= event.since:
        reason = f"skips the project's own {event.op}()" if event.bypasses else ""
        if isinstance(node.func, ast.Attribute):
            edits = (*_awaiting(node, file), _rename(node.func, event.twin, file))
            native.append(Rewrite(f"Use await and {event.twin}()", edits, (), reason))
        elif isinstance(node.func, ast.Name) and isinstance(event.receiver, External):
            module = event.receiver.name.rpartition(".")[0]
            written, needs = file.reference_to(f"{module}.{event.twin}", node)
            edits = _merged([*_awaiting(node, file), Edit(*file.tree.span(node.func), written)])
            native.append(Rewrite(f"Use await and {event.twin}()", edits, needs, reason))
    threaded = list(_in_thread(event, file))
    yield from (threaded + native if event.bypasses else native or threaded)


def _merged(edits: list[Edit]) -> tuple[Edit, ...]:
    """An insertion in front of a replacement becomes part of it."""
    result: list[Edit] = []
    for edit in sorted(edits):
        if result and result[-1].start == result[-1].end == edit.start and edit.end > edit.start:
            result[-1] = Edit(edit.start, edit.end, result[-1].text + edit.text)
        else:
            result.append(edit)
    return tuple(result)


# Evaluation


def _evaluate(event: Event, file: File) -> Iterator[Rewrite]:
    node, site, form = event.node, event.extra.get("site"), event.op
    if not isinstance(node, ast.expr) or site is None:
        return
    tree = file.tree
    if file.target < V41:
        if may_await(node) and form in ("for", "list", "comprehension"):
            name, needs = _bridge(node, file)
            whole = site if form == "list" else node
            text = f"await {name}(list)({_source(node, file)})"
            yield Rewrite(
                "Fetch the list in a thread with sync_to_async",
                tuple(_replaced(whole, text, file, is_await=True)),
                needs,
            )
        return
    if isinstance(site, ast.For):
        if may_await(site) and (form in ("for", "iterator")):
            start = tree.span(site).start
            edits = [Edit(start, start, "async ")]
            attribute = _iterator_call(node)
            if attribute is not None:
                edits.append(_rename(attribute, "aiterator", file))
                if file.target < V50 and "prefetch_related" in _source(node, file):
                    return
            yield Rewrite("Use async for", tuple(edits))
        return
    if isinstance(site, COMPREHENSIONS):
        yield from _comprehension(node, site, file)
        return
    if not may_await(site if isinstance(site, ast.expr) else node):
        return
    receiver = event.receiver
    rows = receiver.rows if isinstance(receiver, Query) else "model"
    if form == "len" and isinstance(site, ast.Call) and rows != "raw":
        yield Rewrite("Use await and acount()", _recast(site, node, "await ", ".acount()", file))
        return
    if form == "bool" and rows != "raw":
        if _as_value(node, site):
            yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(node, file), file)))
            return
        whole = site if isinstance(site, ast.Call) and node in site.args else node
        yield Rewrite("Use await and aexists()", _recast(whole, node, "await ", ".aexists()", file))
        return
    if form == "in" and isinstance(site, ast.Compare) and len(site.ops) == 1:
        if rows == "model":
            negated = "not " if isinstance(site.ops[0], ast.NotIn) else ""
            text = f"{negated}await {_primary(node, file)}.acontains({_source(site.left, file)})"
            if negated and _binds_tighter_than_not(site):
                text = f"({text})"
            yield Rewrite("Use await and acontains()", tuple(_replaced(site, text, file)))
        yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(node, file), file)))
        return
    if form == "index" and isinstance(site, ast.Subscript):
        yield from _index(event, node, site, file)
        return
    if form == "step" and isinstance(site, ast.Subscript):
        yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(node, file), file)))
        return
    called = _source(site.func, file) if isinstance(site, ast.Call) else ""
    if isinstance(site, ast.Call) and len(site.args) == 1 and not site.keywords and site.args[0] is node:
        if called in ("list", "set"):
            title = f"Build the {called} with async for"
            yield Rewrite(title, _relisted(site, node, file, "{}" if called == "set" else "[]"))
            return
    unsafe = "shows a list, not a queryset" if form in ("str", "repr", "format") else ""
    yield Rewrite(
        "Build the list with async for", tuple(_replaced(node, _listed(node, file), file)), (), unsafe
    )


def _as_value(node: ast.expr, site: ast.AST) -> bool:
    """Whether the queryset itself, not only its truth, is what an `and`/`or` gives."""
    if not isinstance(site, ast.BoolOp):
        return False
    child: ast.AST = site
    for up in ancestors(site):
        if isinstance(up, (ast.If, ast.While, ast.IfExp, ast.Assert)) and child is up.test:
            return False
        if isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not):
            return False
        if isinstance(up, ast.comprehension) and child in up.ifs:
            return False
        if not isinstance(up, ast.BoolOp):
            return True
        child = up
    return True


def _binds_tighter_than_not(node: ast.AST) -> bool:
    return isinstance(parent(node), (ast.BinOp, ast.Compare, ast.Attribute, ast.Subscript, ast.Await))


def _comprehension(node: ast.expr, site: ast.AST, file: File) -> Iterator[Rewrite]:
    tree, text = file.tree, file.tree.text
    assert isinstance(site, COMPREHENSIONS)
    generator = next((g for g in site.generators if g.iter is node), None)
    if generator is None or not may_await(site):
        return
    before = tree.span(generator.target).start
    at = text.rfind("for", 0, before)
    edits = [Edit(at, at, "async ")]
    attribute = _iterator_call(node)
    if attribute is not None:
        edits.append(_rename(attribute, "aiterator", file))
    title = "Use async for"
    if isinstance(site, ast.GeneratorExp):
        start, end = tree.span(site)
        up = parent(site)
        shared = (
            isinstance(up, ast.Call) and len(up.args) == 1 and not up.keywords and tree.span(up).end == end
        )
        if shared:
            edits += [Edit(start + 1, start + 1, "["), Edit(end - 1, end - 1, "]")]
        else:
            edits += [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]
        title = "Build the list with async for"
    yield Rewrite(title, tuple(sorted(edits)))


def _index(event: Event, node: ast.expr, site: ast.Subscript, file: File) -> Iterator[Rewrite]:
    index = site.slice
    text = _primary(node, file)
    if isinstance(event.receiver, Query) and event.receiver.rows == "raw":
        # Slices of raw querysets run them too.
        yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(node, file), file)))
        return
    name = _item_name(text)
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        cut = (
            f"{text}[:{index.value + 1}]" if index.value == 0 else f"{text}[{index.value}:{index.value + 1}]"
        )
        exact = f"[{name} async for {name} in {cut}][0]"
        yield Rewrite("Fetch the one row with async for", tuple(_replaced(site, exact, file)))
        if index.value == 0:
            first = f"await {text}.afirst()"
            yield Rewrite(
                "Use await and afirst()",
                tuple(_replaced(site, first, file, is_await=True)),
                (),
                "gives None where there is no row, and orders by primary key",
            )
    else:
        yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(node, file), file)))


# Relations


def _relation(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Attribute):
        return
    up = parent(node)
    if (
        event.kind == RELATION
        and isinstance(up, ast.Attribute)
        and up.attr in ("pk", "id")
        and isinstance(up.ctx, ast.Load)
    ):
        field = event.extra.get("field")
        if field is not None and field.kind in ("fk", "o2o"):
            end = file.tree.span(up).end
            yield Rewrite(
                f"Read {node.attr}_id, which is there already",
                (Edit(file.tree.span(node).end - len(node.attr), end, f"{node.attr}_id"),),
            )
            return
    plan = event.receiver.plan if isinstance(event.receiver, Inst) else None
    field = event.extra.get("field")
    if event.kind == RELATION and plan is not None and plan.node is not None and field is not None:
        if plan.node in _nodes_of(file):
            yield from _select_related(plan.node, f"{plan.prefix}{node.attr}", field.kind, event, file)
    yield from _in_thread(event, file)


def _nodes_of(file: File) -> set[ast.AST]:
    tree = file.tree
    return {
        *tree.nodes(ast.Call),
        *tree.nodes(ast.Name),
        *tree.nodes(ast.Attribute),
        *tree.nodes(ast.Subscript),
    }


def _select_related(fetch: ast.AST, name: str, kind: str, event: Event, file: File) -> Iterator[Rewrite]:
    """Bring the relation along at the query that fetches the object."""
    method = "prefetch_related" if kind == "gfk" else "select_related"
    tree = file.tree
    await_drop = _dropped_await(event.node, file)
    existing = _chained_call(fetch, method)
    title = f"Add {method}({name!r}) to the query".replace("'", '"')
    quote = _quote(tree.text)
    if existing is not None and any(isinstance(a, ast.Constant) and a.value is None for a in existing.args):
        existing = None
    if existing is not None and existing.args:
        for arg in existing.args:
            # A longer path brings the shorter one along.
            if (
                isinstance(arg, ast.Constant)
                and isinstance(arg.value, str)
                and name.startswith(f"{arg.value}__")
            ):
                end = tree.span(arg).end
                yield Rewrite(title, (Edit(end - 1, end - 1, name[len(arg.value) :]), *await_drop))
                return
        end = tree.span(existing.args[-1]).end
        yield Rewrite(title, (Edit(end, end, f", {quote}{name}{quote}"), *await_drop))
        return
    insertion = f".{method}({quote}{name}{quote})"
    operand = _bridged(fetch)
    if operand is not None:
        end = tree.span(operand.value).end
        yield Rewrite(title, (Edit(end, end, insertion), *await_drop))
        return
    if (
        isinstance(fetch, ast.Call)
        and isinstance(fetch.func, ast.Attribute)
        and _is_terminal(fetch.func.attr)
    ):
        end = tree.span(fetch.func.value).end
        yield Rewrite(title, (Edit(end, end, insertion), *await_drop))
    elif (
        isinstance(fetch, ast.Call)
        and _called(fetch) in ("get_object_or_404", "aget_object_or_404")
        and fetch.args
    ):
        first = fetch.args[0]
        end = tree.span(first).end
        objects = (
            ""
            if isinstance(first, ast.Call) or (isinstance(first, ast.Attribute) and first.attr.islower())
            else ".objects"
        )
        yield Rewrite(title, (Edit(end, end, f"{objects}{insertion}"), *await_drop))
    elif isinstance(fetch, ast.Call) and isinstance(fetch.func, ast.Attribute) and not _is_module_call(fetch):
        end = tree.span(fetch).end
        attribute = _iterator_call(fetch) or (fetch.func if fetch.func.attr == "aiterator" else None)
        if attribute is not None:
            end = tree.span(attribute.value).end
        yield Rewrite(title, (Edit(end, end, insertion), *await_drop))
    elif isinstance(fetch, ast.Name):
        query = _assigned_query(fetch)
        if query is not None:
            end = tree.span(query).end
            yield Rewrite(title, (Edit(end, end, insertion), *await_drop))
        else:
            end = tree.span(fetch).end
            yield Rewrite(title, (Edit(end, end, insertion), *await_drop))


def _bridged(fetch: ast.AST) -> ast.Attribute | None:
    """The method that `sync_to_async(X.get)(...)` or `to_thread(X.get, ...)` calls."""
    if not isinstance(fetch, ast.Call):
        return None
    call = fetch.func if isinstance(fetch.func, ast.Call) else fetch
    if call is fetch and _called(fetch) not in (
        "to_thread",
        "run_in_executor",
        "run_sync",
        "run_in_threadpool",
    ):
        return None
    for arg in call.args:
        if isinstance(arg, ast.Attribute) and _is_terminal(arg.attr):
            return arg
    return None


def _is_module_call(fetch: ast.Call) -> bool:
    """Whether a call is no queryset's method, as far as names tell."""
    return _called(fetch) in (
        "to_thread",
        "run_in_executor",
        "run_sync",
        "run_in_threadpool",
        "gather",
        "wait_for",
    )


def _assigned_query(name: ast.Name) -> ast.expr | None:
    """The one queryset expression that a local name was given."""
    function: ast.AST | None = next(
        (up for up in ancestors(name) if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef))), None
    )
    if function is None:
        return None
    values = [
        statement.value
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name.id for t in statement.targets)
    ]
    value = values[0] if len(values) == 1 else None
    return value if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None


def _quote(text: str) -> str:
    return "'" if text.count("'") > text.count('"') else '"'


def _called(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def _is_terminal(name: str) -> bool:
    from django_uplift.django.orm import ASYNC, TERMINAL

    return name in TERMINAL or name in ASYNC


def _chained_call(node: ast.AST, method: str) -> ast.Call | None:
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Call):
            if _called(node) == method:
                return node
            node = node.func
        else:
            node = node.value
    return None


def _dropped_await(node: ast.AST, file: File) -> tuple[Edit, ...]:
    """`await order.customer` and `await order.customer.name` have nothing to await."""
    child = node
    for up in ancestors(node):
        if isinstance(up, ast.Attribute):
            child = up
            continue
        if isinstance(up, ast.Await) and up.value is child:
            return (Edit(file.tree.span(up).start, file.tree.span(child).start, ""),)
        break
    return ()


# The user and the session


def _user(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    target = node.value if isinstance(node, ast.Attribute) and node.attr != "user" else node
    if isinstance(target, ast.Attribute) and target.attr == "user" and may_await(target):
        if file.target >= V50:
            text = f"await {_source(target.value, file)}.auser()"
            yield Rewrite("Use await and auser()", tuple(_replaced(target, text, file, is_await=True)))
        elif isinstance(node, ast.Attribute) and node is not target and isinstance(node.ctx, ast.Load):
            name, needs = _bridge(node, file)
            text = f"await {name}(lambda: {_source(node, file)})()"
            yield Rewrite(
                "Read it in a thread with sync_to_async",
                tuple(_replaced(node, text, file, is_await=True)),
                needs,
            )


def _session(event: Event, file: File) -> Iterator[Rewrite]:
    node, op = event.node, event.op
    if (event.since is not None and file.target < event.since) or file.target < Release(5, 1):
        if isinstance(node, ast.Call):
            yield from _in_thread(event, file)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and may_await(node):
        yield Rewrite(
            f"Use await and {event.twin}()", (*_awaiting(node, file), _rename(node.func, event.twin, file))
        )
    elif op == "__setitem__" and isinstance(node, ast.Subscript):
        statement = parent(node)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            key, held = _source(node.slice, file), _source(statement.value, file)
            text = f"await {_source(node.value, file)}.aset({key}, {held})"
            yield Rewrite("Use await and aset()", (Edit(*file.tree.span(statement), text),))
    elif op == "__getitem__" and isinstance(node, ast.Subscript) and may_await(node):
        text = f"await {_source(node.value, file)}.aget({_source(node.slice, file)})"
        yield Rewrite(
            "Use await and aget()",
            tuple(_replaced(node, text, file, is_await=True)),
            (),
            "gives None where the key is missing",
        )
    elif op == "__contains__" and isinstance(node, ast.Compare) and len(node.ops) == 1 and may_await(node):
        negated = "not " if isinstance(node.ops[0], ast.NotIn) else ""
        text = f"{negated}await {_source(node.comparators[0], file)}.ahas_key({_source(node.left, file)})"
        yield Rewrite("Use await and ahas_key()", tuple(_replaced(node, text, file)))


# Misuse


def _missing_await(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Call) and may_await(node):
        yield Rewrite("Add await", tuple(_awaiting(node, file)))


def _await_iterator(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Await):
        return
    tree = file.tree
    value = node.value
    up = parent(node)
    drop = Edit(tree.span(node).start, tree.span(value).start, "")
    if isinstance(up, ast.For) and up.iter is node:
        start = tree.span(up).start
        yield Rewrite("Use async for", (Edit(start, start, "async "), drop))
    elif isinstance(up, ast.AsyncFor) and up.iter is node:
        yield Rewrite("Remove await", (drop,))
    elif isinstance(up, ast.comprehension) and up.iter is node:
        edits = [drop]
        if not up.is_async:
            at = tree.text.rfind("for", 0, tree.span(up.target).start)
            edits.append(Edit(at, at, "async "))
        yield Rewrite("Use async for", tuple(edits))
    else:
        yield Rewrite("Build the list with async for", tuple(_replaced(node, _listed(value, file), file)))


def _await_sync(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        drop = (Edit(file.tree.span(node).start, file.tree.span(node.value).start, ""),)
        if isinstance(event.receiver, Query) and file.target >= V41:
            yield Rewrite(
                "Build the list with async for", tuple(_replaced(node, _listed(node.value, file), file))
            )
        yield Rewrite("Remove await", drop)


def _uncalled(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        end = file.tree.span(node).end
        yield Rewrite("Call it", (Edit(end, end, "()"),))


def _async_to_sync(event: Event, file: File) -> Iterator[Rewrite]:
    """`async_to_sync(f)(x)` becomes `await f(x)`."""
    node = event.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Call)
        and len(node.func.args) == 1
        and may_await(node)
    ):
        operand = file.tree.span(node.func.args[0])
        edits = [*_shell(file.tree.span(node.func), operand, "", "", file), *_awaiting(node, file)]
        yield Rewrite("Await it", _merged(edits))


def _boilerplate(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Call):
        return
    up = parent(node)
    if event.twin == "async for":
        if isinstance(up, ast.Await) and len(node.args) == 1 and not node.keywords:
            if event.op == "tuple":
                text = f"tuple({_listed(node.args[0], file)})"
                edits = tuple(_replaced(up, text, file))
            else:
                edits = _relisted(up, node.args[0], file, "{}" if event.op == "set" else "[]")
            yield Rewrite(f"Build the {event.op} with async for", edits)
        return
    if not isinstance(node.func, ast.Call) or not node.func.args:
        return
    body = event.extra.get("body")
    if body is not None:
        inner = file.tree.span(body)
        start, end = file.tree.span(node)
        yield Rewrite(
            f"Use {event.twin}()",
            tuple(
                sorted((*_shell(Span(start, end), inner, "", "", file), _rename(body.func, event.twin, file)))
            ),
        )
        return
    operand = node.func.args[0]
    start, end = file.tree.span(node.func)
    if isinstance(operand, ast.Attribute):
        inner = file.tree.span(operand)
        edits = (*_shell(Span(start, end), inner, "", "", file), _rename(operand, event.twin, file))
        yield Rewrite(f"Use {event.twin}()", tuple(sorted(edits)))
    elif isinstance(operand, ast.Name):
        func = event.extra["bridge"].func
        if isinstance(func, External):
            written, needs = file.reference_to(f"{func.name.rpartition('.')[0]}.{event.twin}", node)
            yield Rewrite(f"Use {event.twin}()", (Edit(start, end, written),), needs)


def _block(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.With) and may_await(node):
        wrapped = wrap_block(node, file.tree)
        if wrapped is not None:
            name, needs = _bridge(node, file)
            yield Rewrite(
                "Move the block into a function and run it with sync_to_async", wrapped(name), needs
            )


def _sync_only(event: Event, file: File) -> Iterator[Rewrite]:
    if isinstance(event.receiver, External) and event.receiver.name.startswith("django.db.connection."):
        # A connection belongs to its thread: another one's is another.
        return
    yield from _in_thread(event, file)


def _call(event: Event, file: File) -> Iterator[Rewrite]:
    yield from _in_thread(event, file)


_Maker = Callable[[Event, File], Iterable[Rewrite]]
_MAKERS: dict[str, _Maker] = {
    QUERY: _query,
    EVALUATE: _evaluate,
    RELATION: _relation,
    DEFERRED: _relation,
    GENERIC: _relation,
    USER: _user,
    SESSION: _session,
    CALL: _call,
    BLOCK: _block,
    SYNC_ONLY: _sync_only,
    MISSING_AWAIT: _missing_await,
    AWAIT_ITERATOR: _await_iterator,
    AWAIT_SYNC: _await_sync,
    UNCALLED_BRIDGE: _uncalled,
    BOILERPLATE: _boilerplate,
    ASYNC_TO_SYNC: _async_to_sync,
}

__all__ = ["Manager", "Method", "Rewrite", "may_await", "rewrites"]

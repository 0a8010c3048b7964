"""Relations and fields that were not fetched: brought along, or read in a thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.flow.events import (
    DEFERRED,
    RELATION,
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
)
from django_uplift.flow.rewrites.threads import in_thread
from django_uplift.syntax.tree import ancestors, parent
from django_uplift.text.edits import Edit
from django_uplift.text.source import newline_of
from django_uplift.types.values import Inst


def relation(event: Event, file: File) -> Iterator[Rewrite]:
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
        if field is not None and field.kind in ("fk", "o2o") and not field.to_field:
            end = file.tree.span(up).end
            yield Rewrite(
                f"Read {node.attr}_id, which is there already",
                (Edit(file.tree.span(node).end - len(node.attr), end, f"{node.attr}_id"),),
            )
            return
    if event.kind == RELATION and _is_compared_to_none(node, up):
        field = event.extra.get("field")
        if field is not None and field.kind in ("fk", "o2o"):
            end = file.tree.span(node).end
            yield Rewrite(f"Ask {node.attr}_id, which is there already", (Edit(end, end, "_id"),))
    plan = event.receiver.plan if isinstance(event.receiver, Inst) else None
    if event.kind == DEFERRED and plan is not None and plan.node in nodes_of(file) and not plan.prefix:
        yield from _fetch_field(plan.node, node, file)
    field = event.extra.get("field")
    if event.kind == RELATION and plan is not None and plan.node is not None and field is not None:
        if plan.node in nodes_of(file):
            path = f"{plan.prefix}{node.attr}"
            if not _is_left_out(plan.node, path):
                many = plan.many or field.kind == "gfk"
                yield from _select_related(plan.node, path, event, file, many=many)
    yield from in_thread(event, file)


def _is_compared_to_none(node: ast.Attribute, up: ast.AST | None) -> bool:
    """``order.product is None``: the key says it."""
    return (
        isinstance(up, ast.Compare)
        and up.left is node
        and len(up.ops) == 1
        and isinstance(up.ops[0], (ast.Is, ast.IsNot))
        and isinstance(up.comparators[0], ast.Constant)
        and up.comparators[0].value is None
    )


def _fetch_field(fetch: ast.AST | None, node: ast.Attribute, file: File) -> Iterator[Rewrite]:
    """Name a field in `only()`, or no longer in `defer()`, at the query."""
    only, defer = _chained_call(fetch, "only"), _chained_call(fetch, "defer")
    if fetch is None or (only is None) == (defer is None):
        return
    tree, quote = file.tree, _quote(file.tree.text)
    drop = _dropped_await(node, file)
    if only is not None:
        if only.args and not isinstance(only.args[-1], ast.Starred):
            end = tree.span(only.args[-1]).end
            title = f'Fetch it with the object: only(..., "{node.attr}")'
            yield Rewrite(title, (Edit(end, end, f", {quote}{node.attr}{quote}"), *drop))
        return
    assert defer is not None
    at = [i for i, a in enumerate(defer.args) if isinstance(a, ast.Constant) and a.value == node.attr]
    if len(at) != 1:
        return
    title = f'Fetch it with the object: no longer defer("{node.attr}")'
    if len(defer.args) == 1 and not defer.keywords and isinstance(defer.func, ast.Attribute):
        yield Rewrite(title, (Edit(tree.span(defer.func.value).end, tree.span(defer).end, ""), *drop))
        return
    start, end = tree.span(defer.args[at[0]])
    if at[0] + 1 < len(defer.args):
        end = tree.span(defer.args[at[0] + 1]).start
    else:
        start = tree.span(defer.args[at[0] - 1]).end
    if "#" not in tree.text[start:end]:
        yield Rewrite(title, (Edit(start, end, ""), *drop))


def fetched_elsewhere(event: Event) -> bool:
    """Whether an event is the read of a relation whose object a query at a known place fetches."""
    plan = event.receiver.plan if isinstance(event.receiver, Inst) else None
    return (
        event.kind == RELATION
        and plan is not None
        and plan.node is not None
        and plan.place is not None
        and event.extra.get("field") is not None
        and isinstance(event.node, ast.Attribute)
    )


def bring_along(event: Event, file: File) -> Rewrite | None:
    """Bring a relation along at the query that fetches its object, which stands in another file, `file`."""
    node, plan = event.node, event.receiver.plan
    assert isinstance(node, ast.Attribute)
    same = [n for n in nodes_of(file) if type(n) is type(plan.node) and _place_of(n) == _place_of(plan.node)]
    name = f"{plan.prefix}{node.attr}"
    if len(same) != 1 or _is_left_out(same[0], name):
        return None
    many = plan.many or event.extra["field"].kind == "gfk"
    return next(_select_related(same[0], name, None, file, many=many), None)


def _place_of(node: ast.AST) -> tuple[object, ...]:
    return tuple(
        getattr(node, each, None) for each in ("lineno", "col_offset", "end_lineno", "end_col_offset")
    )


def nodes_of(file: File) -> set[ast.AST]:
    tree = file.tree
    return {
        *tree.nodes(ast.Call),
        *tree.nodes(ast.Name),
        *tree.nodes(ast.Attribute),
        *tree.nodes(ast.Subscript),
    }


def _is_left_out(fetch: ast.AST, path: str) -> bool:
    """Whether the query leaves out the column of a relation that `select_related` would have to follow."""
    first = path.partition("__")[0]
    only, deferred = _chained_call(fetch, "only"), _chained_call(fetch, "defer")
    if only is not None and not any(text.partition("__")[0] == first for text in _texts(only)):
        return True
    return deferred is not None and first in _texts(deferred)


def _texts(call: ast.Call) -> list[str]:
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def _select_related(
    fetch: ast.AST, name: str, event: Event | None, file: File, *, many: bool
) -> Iterator[Rewrite]:
    """Bring the relation along at the query that fetches the object; `many` may be on the way to it."""
    if _chained_call(fetch, "get_or_create") or _chained_call(fetch, "aget_or_create"):
        # What is created, is not selected.
        return
    if _chained_call(fetch, "update_or_create") or _chained_call(fetch, "aupdate_or_create"):
        return
    many = many or _chained_call(fetch, "raw") is not None
    method = "prefetch_related" if many else "select_related"
    tree = file.tree
    await_drop = _dropped_await(event.node, file) if event is not None else ()
    existing = _chained_call(_assigned_query(fetch) if isinstance(fetch, ast.Name) else fetch, method)
    title = f"Add {method}({name!r}) to the query".replace("'", '"')
    quote = _quote(tree.text)
    if existing is not None and any(isinstance(a, ast.Constant) and a.value is None for a in existing.args):
        existing = None
    if existing is not None and name in _texts(existing):
        # It was on board and is no more: the query can't help.
        return
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
    found = _place(fetch)
    if found is not None:
        value, before = found
        end = tree.span(value).end
        yield Rewrite(title, (Edit(end, end, f"{before}{_link(value, file)}{insertion}"), *await_drop))


def _place(fetch: ast.AST) -> tuple[ast.expr, str] | None:
    """The query to which a method is added, and what has to stand before that."""
    operand = _bridged(fetch)
    if operand is not None:
        return operand.value, ""
    if isinstance(fetch, ast.Name):
        return _assigned_query(fetch) or fetch, ""
    if isinstance(fetch, ast.Subscript) and isinstance(fetch.value, ast.Call):
        return fetch.value, ""
    if not isinstance(fetch, ast.Call):
        return None
    if isinstance(fetch.func, ast.Attribute) and _is_terminal(fetch.func.attr):
        return fetch.func.value, ""
    if _called(fetch) in ("get_object_or_404", "aget_object_or_404") and fetch.args:
        first = fetch.args[0]
        is_query = isinstance(first, ast.Call) or (isinstance(first, ast.Attribute) and first.attr.islower())
        return first, "" if is_query else ".objects"
    if isinstance(fetch.func, ast.Attribute) and not _is_module_call(fetch):
        if fetch.func.attr in ("iterator", "aiterator"):
            return fetch.func.value, ""
        return fetch, ""
    return None


def _link(value: ast.expr, file: File) -> str:
    """The line end and indentation between two calls of a chain that is written one call a line."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return ""
    text, lines = file.tree.text, file.tree.lines
    at = file.tree.span(value.func).end - len(value.func.attr)
    start = lines.starts[lines.line_of(at)]
    before = text[start:at]
    return f"{newline_of(text)}{before[:-1]}" if before.endswith(".") and not before[:-1].strip() else ""


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
    if isinstance(value, ast.Subscript):
        value = value.value
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


def _chained_call(node: ast.AST | None, method: str) -> ast.Call | None:
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

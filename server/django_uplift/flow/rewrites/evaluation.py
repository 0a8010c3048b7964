"""Querysets that are evaluated: async iteration, and the queries that ask for less."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.django.orm import V41, V50
from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.generators import anext_of, as_list, first_of
from django_uplift.flow.rewrites.once import once
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    bridge,
    is_consumed,
    item_name,
    iterator_call,
    listed,
    may_await,
    primary,
    recast,
    relisted,
    renamed,
    replaced,
    source,
)
from django_uplift.syntax.tree import COMPREHENSIONS, ancestors, parent
from django_uplift.text.edits import Edit
from django_uplift.types.values import Query


def evaluate(event: Event, file: File) -> Iterator[Rewrite]:
    node, site, form = event.node, event.extra.get("site"), event.op
    if not isinstance(node, ast.expr) or site is None:
        return
    tree = file.tree
    if file.target < V41:
        if may_await(node) and form in ("for", "list", "comprehension"):
            name, needs = bridge(node, file)
            whole = site if form == "list" else node
            text = f"await {name}(list)({source(node, file)})"
            yield Rewrite(
                "Fetch the list in a thread with sync_to_async",
                tuple(replaced(whole, text, file, is_await=True)),
                needs,
            )
        return
    yield from once(event, file)
    if isinstance(site, ast.For):
        if may_await(site) and (form in ("for", "iterator")):
            start = tree.span(site).start
            edits = [Edit(start, start, "async ")]
            attribute = iterator_call(node)
            if attribute is not None:
                edits.append(renamed(attribute, "aiterator", file))
                if file.target < V50 and "prefetch_related" in source(node, file):
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
        yield Rewrite("Use await and acount()", recast(site, node, "await ", ".acount()", file))
        return
    if form == "bool" and rows != "raw":
        if _as_value(node, site):
            yield Rewrite(
                "Build the list with async for",
                _listing(node, file),
                (),
                "gives a list, not a queryset",
            )
            return
        whole = site if isinstance(site, ast.Call) and node in site.args else node
        yield Rewrite("Use await and aexists()", recast(whole, node, "await ", ".aexists()", file))
        return
    if form == "in" and isinstance(site, ast.Compare) and len(site.ops) == 1:
        if rows == "model":
            negated = "not " if isinstance(site.ops[0], ast.NotIn) else ""
            text = f"{negated}await {primary(node, file)}.acontains({source(site.left, file)})"
            if negated and _binds_tighter_than_not(site):
                text = f"({text})"
            yield Rewrite("Use await and acontains()", tuple(replaced(site, text, file)))
        yield Rewrite("Build the list with async for", _listing(node, file))
        return
    if form == "index" and isinstance(site, ast.Subscript):
        yield from _index(event, node, site, file)
        return
    if form == "step" and isinstance(site, ast.Subscript):
        yield Rewrite("Build the list with async for", _listing(node, file))
        return
    called = source(site.func, file) if isinstance(site, ast.Call) else ""
    if isinstance(site, ast.Call) and len(site.args) == 1 and not site.keywords and site.args[0] is node:
        attribute = iterator_call(node)
        if called == "next" and attribute is not None:
            taken = anext_of(site, file)
            if taken is not None:
                yield Rewrite("Take the first with anext()", (*taken, renamed(attribute, "aiterator", file)))
            else:
                text = f"iter({listed(node, file)})"
                yield Rewrite("Build the list with async for", tuple(replaced(node, text, file)))
            return
        if called in ("list", "set"):
            title = f"Build the {called} with async for"
            yield Rewrite(title, relisted(site, node, file, "{}" if called == "set" else "[]"))
            return
    up = parent(node)
    display = parent(up) if isinstance(up, ast.Starred) else None
    if isinstance(display, (ast.List, ast.Set)) and len(display.elts) == 1:
        brackets = "[]" if isinstance(display, ast.List) else "{}"
        yield Rewrite("Use async for", relisted(display, node, file, brackets))
        return
    unsafe = "shows a list, not a queryset" if form in ("str", "repr", "format") else ""
    yield Rewrite("Build the list with async for", _listing(node, file), (), unsafe)


def _listing(node: ast.expr, file: File) -> tuple[Edit, ...]:
    """`orders` becomes `[x async for x in orders]`, around the text that is there."""
    return relisted(node, node, file, "[]")


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
    attribute = iterator_call(node)
    if attribute is not None:
        edits.append(renamed(attribute, "aiterator", file))
    title, unsafe = "Use async for", ""
    if isinstance(site, ast.GeneratorExp):
        first = first_of(site, file)
        edits += first or as_list(site, file)
        title = "Take the first with anext()" if first else "Build the list with async for"
        unsafe = "" if first or is_consumed(site) else "gives a list, of which next() can't be asked"
    yield Rewrite(title, tuple(sorted(edits)), (), unsafe)


def _index(event: Event, node: ast.expr, site: ast.Subscript, file: File) -> Iterator[Rewrite]:
    index = site.slice
    text = primary(node, file)
    if isinstance(event.receiver, Query) and event.receiver.rows == "raw":
        # Slices of raw querysets run them too.
        yield Rewrite("Build the list with async for", _listing(node, file))
        return
    name = item_name(text)
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        cut = (
            f"{text}[:{index.value + 1}]" if index.value == 0 else f"{text}[{index.value}:{index.value + 1}]"
        )
        exact = f"[{name} async for {name} in {cut}][0]"
        yield Rewrite("Fetch the one row with async for", tuple(replaced(site, exact, file)))
        if index.value == 0:
            first = f"await {text}.afirst()"
            yield Rewrite(
                "Use await and afirst()",
                tuple(replaced(site, first, file, is_await=True)),
                (),
                "gives None where there is no row, and orders by primary key",
            )
    else:
        yield Rewrite("Build the list with async for", _listing(node, file))

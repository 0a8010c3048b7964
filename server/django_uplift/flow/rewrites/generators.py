"""Generator expressions that have to await: lists in their place, or async generators where only one item is wanted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.django.orm import V50
from django_uplift.flow.rewrites.pieces import File, consumer, needs_parentheses, runs_later
from django_uplift.syntax.calls import outer_span
from django_uplift.syntax.tree import ancestors, parent
from django_uplift.text.edits import Edit


def generators_around(node: ast.AST) -> Iterator[ast.GeneratorExp]:
    """The generator expressions that run `node` later than where they stand, the innermost first."""
    for up in ancestors(node):
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            return
        if isinstance(up, ast.GeneratorExp) and runs_later(node, up):
            yield up


def as_list(node: ast.GeneratorExp, file: File) -> list[Edit]:
    """Edits that make a list of a generator expression, or a set or dict where it is made into one at once."""
    tree, up = file.tree, parent(node)
    start, end = tree.span(node)
    sole = isinstance(up, ast.Call) and up.args == [node] and not up.keywords
    if isinstance(up, ast.Call) and sole and isinstance(up.func, ast.Name):
        called, whole = up.func.id, tree.span(up)
        brackets = {"list": "[]", "set": "{}"}.get(called)
        inner_start, inner_end = start + 1, end - 1
        if whole.end > end:
            # Parentheses of its own inside the call's.
            inner_end = end - 1
        if called == "dict" and (pair := _pair(node, file)) is not None:
            brackets = "{}"
        else:
            pair = []
        gap = tree.text[whole.start : start + 1] + tree.text[end - 1 : whole.end]
        if brackets and "#" not in gap:
            return [
                Edit(whole.start, inner_start, brackets[0]),
                *pair,
                Edit(inner_end, whole.end, brackets[1]),
            ]
    if sole and isinstance(up, ast.Call) and tree.span(up).end == end:
        # The call's parentheses are the expression's.
        return [Edit(start, start + 1, "(["), Edit(end - 1, end, "])")]
    return [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]


def _pair(node: ast.GeneratorExp, file: File) -> list[Edit] | None:
    """Edits that make ``key: value`` of ``(key, value)``."""
    elt = node.elt
    if (
        not isinstance(elt, ast.Tuple)
        or len(elt.elts) != 2
        or any(isinstance(e, ast.Starred) for e in elt.elts)
    ):
        return None
    key, value = (outer_span(file.tree, each) for each in elt.elts)
    whole = file.tree.span(elt)
    between = file.tree.text[key.end : value.start]
    after = file.tree.text[value.end : whole.end]
    if "#" in between or "#" in after or isinstance(elt.elts[0], ast.NamedExpr):
        return None
    return [
        Edit(whole.start, key.start, ""),
        Edit(key.end, value.start, ": "),
        Edit(value.end, whole.end, ""),
    ]


def anext_of(call: ast.Call, file: File) -> list[Edit] | None:
    """Edits that make ``await anext(...)`` of ``next(...)``, whose argument is an async iterator then.

    Python 3.10 has `anext`, as has every Python that Django 5.0 runs on; None for older ones.
    """
    if not isinstance(call.func, ast.Name) or call.func.id != "next" or file.target < V50:
        return None
    start, end = file.tree.span(call.func)
    whole = file.tree.span(call)
    if needs_parentheses(call) and outer_span(file.tree, call) == whole:
        return [Edit(start, end, "(await anext"), Edit(whole.end, whole.end, ")")]
    return [Edit(start, end, "await anext")]


def first_of(node: ast.GeneratorExp, file: File) -> list[Edit] | None:
    """Edits that let ``next(...)`` take the first item of a generator expression that awaits."""
    up = parent(node)
    if consumer(node) != "next" or not isinstance(up, ast.Call) or isinstance(parent(up), ast.Await):
        return None
    edits = anext_of(up, file)
    if edits is not None:
        return edits
    start, end = file.tree.span(node)
    if file.tree.span(up).end == end:
        return [Edit(start, start + 1, "(iter(["), Edit(end - 1, end, "]))")]
    return [Edit(start, start + 1, "iter(["), Edit(end - 1, end, "])")]


def room(node: ast.AST, file: File) -> list[Edit]:
    """Edits that let `node` be awaited where a generator expression stands around it."""
    edits: list[Edit] = []
    for generator in generators_around(node):
        if any(each.is_async for each in generator.generators):
            # Whoever takes its items waits for them already.
            continue
        edits += first_of(generator, file) or as_list(generator, file)
    return edits

"""What fixes of async code are made of: awaits, threads, comprehensions, with right parentheses."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import NamedTuple, Protocol

from django_uplift.django.releases import Release
from django_uplift.syntax.calls import outer_span
from django_uplift.syntax.imports import Need
from django_uplift.syntax.statements import indent_of
from django_uplift.syntax.tree import Tree, ancestors, is_on_loop, parent
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of

SYNC_TO_ASYNC = "asgiref.sync.sync_to_async"


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


# What goes through all of an iterable, or would stop earlier with the same result.
_CONSUMERS = frozenset(
    {"list", "set", "frozenset", "tuple", "dict", "sum", "any", "all", "min", "max", "sorted", "enumerate", "zip",
     "map", "filter", "Counter", "OrderedDict", "deque", "chain", "join", "extend", "update", "from_iterable"}
)  # fmt: skip
_ENDLESS = frozenset({"count", "cycle", "repeat", "iter"})


def consumer(node: ast.GeneratorExp) -> str:
    """The short name of the function that is called with a generator expression; empty where there is none."""
    up = parent(node)
    if not isinstance(up, ast.Call) or node not in up.args:
        return ""
    return up.func.attr if isinstance(up.func, ast.Attribute) else getattr(up.func, "id", "")


def is_consumed(node: ast.GeneratorExp) -> bool:
    """Whether a list does as well: it ends, and whoever gets it asks for its items and nothing else."""
    for generator in node.generators:
        each = generator.iter
        called = each.func if isinstance(each, ast.Call) else None
        if getattr(called, "attr", getattr(called, "id", "")) in _ENDLESS:
            return False
    up = parent(node)
    if isinstance(up, (ast.Starred, ast.For, ast.comprehension)):
        return True
    if isinstance(up, ast.Compare):
        return all(isinstance(op, (ast.In, ast.NotIn)) for op in up.ops)
    return consumer(node) in _CONSUMERS


def may_be_async(node: ast.GeneratorExp) -> bool:
    """Whether a generator expression can await: as a list, or as an async generator given to `anext`."""
    return is_consumed(node) or consumer(node) == "next"


def runs_later(node: ast.AST, around: ast.GeneratorExp) -> bool:
    """Whether `node`, inside a generator expression, is no part of what is evaluated where that stands."""
    first = around.generators[0].iter
    return node is not first and first not in ancestors(node)


def may_await(node: ast.AST, to_be: Collection[ast.AST] = ()) -> bool:
    """Whether `await` can be written in place of `node`, in code that awaits already, or in functions `to_be` async."""
    child, up = node, parent(node)
    while up is not None:
        if isinstance(up, ast.Lambda) and child is up.body:
            return False
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and child in up.body:
            return isinstance(up, ast.AsyncFunctionDef) or up in to_be
        if isinstance(up, ast.GeneratorExp) and runs_later(node, up) and not may_be_async(up):
            return False
        child, up = up, parent(up)
    return is_on_loop(child)


def awaits(node: ast.AST) -> bool:
    """Whether `node` awaits, which no lambda can."""
    return any(
        isinstance(inner, ast.Await) or (isinstance(inner, ast.comprehension) and bool(inner.is_async))
        for inner in ast.walk(node)
    )


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
    return False


def awaiting(node: ast.expr, file: File) -> list[Edit]:
    """Edits that put `await` in front of an expression."""
    tree = file.tree
    start, end = tree.span(node)
    if isinstance(parent(node), ast.Await):
        return []
    if needs_parentheses(node) and outer_span(tree, node) == (start, end):
        return [Edit(start, start, "(await "), Edit(end, end, ")")]
    return [Edit(start, start, "await ")]


def replaced(node: ast.AST, text: str, file: File, *, is_await: bool = False) -> list[Edit]:
    start, end = file.tree.span(node)
    if is_await:
        up = parent(node)
        if isinstance(up, ast.Await):
            start, end = file.tree.span(up)
            node = up
        if needs_parentheses(node) and outer_span(file.tree, node) == (start, end):  # type: ignore[arg-type]
            text = f"({text})"
    return [Edit(start, end, text)]


def renamed(attribute: ast.Attribute, new: str, file: File) -> Edit:
    end = file.tree.span(attribute).end
    return Edit(end - len(attribute.attr), end, new)


def shell(outer: Span, inner: Span, before: str, after: str, file: File) -> tuple[Edit, ...]:
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


def recast(outer: ast.expr, inner: ast.expr, before: str, after: str, file: File) -> tuple[Edit, ...]:
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
    return shell(span, start_end, before, after, file)


def relisted(outer: ast.expr, inner: ast.expr, file: File, brackets: str) -> tuple[Edit, ...]:
    """`list(orders)` becomes `[x async for x in orders]`."""
    tree = file.tree
    name = item_name(source(inner, file))
    before, after = f"{brackets[0]}{name} async for {name} in ", brackets[1]
    if isinstance(inner, (ast.IfExp, ast.Lambda, ast.NamedExpr)):
        before, after = f"{before}(", f"){after}"
    edits = list(shell(tree.span(outer), tree.span(inner), before, after, file))
    attribute = iterator_call(inner)
    if attribute is not None:
        edits.append(renamed(attribute, "aiterator", file))
    return tuple(sorted(edits))


_COMMENT = re.compile(r"#[^\r\n]*")


def source(node: ast.AST, file: File) -> str:
    return file.tree.source(node)


def item_name(text: str) -> str:
    for name in ("x", "item", "each", "row"):
        if not re.search(rf"\b{name}\b", text):
            return name
    return "x_"


def listed(node: ast.expr, file: File, brackets: str = "[]") -> str:
    text = async_iterable(node, file)
    name = item_name(text)
    return f"{brackets[0]}{name} async for {name} in {text}{brackets[1]}"


def async_iterable(node: ast.expr, file: File) -> str:
    """The text of a queryset as `async for` takes it."""
    text = source(node, file)
    attribute = iterator_call(node)
    if attribute is not None:
        at = file.tree.span(attribute).end - file.tree.span(node).start
        text = f"{text[: at - len('iterator')]}aiterator{text[at:]}"
    if isinstance(node, (ast.IfExp, ast.Lambda, ast.NamedExpr)):
        text = f"({text})"
    return text


def iterator_call(node: ast.expr) -> ast.Attribute | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "iterator":
        return node.func
    return None


def primary(node: ast.expr, file: File) -> str:
    """The text of an expression to which ``.method()`` can be appended."""
    text = source(node, file)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        return text
    return f"({text})"


def bridge(node: ast.AST, file: File) -> tuple[str, tuple[Need, ...]]:
    return file.reference_to(SYNC_TO_ASYNC, node)


def merged(edits: list[Edit]) -> tuple[Edit, ...]:
    """An insertion in front of a replacement becomes part of it."""
    result: list[Edit] = []
    for edit in sorted(edits):
        if result and result[-1].start == result[-1].end == edit.start and edit.end > edit.start:
            result[-1] = Edit(edit.start, edit.end, result[-1].text + edit.text)
        else:
            result.append(edit)
    return tuple(result)

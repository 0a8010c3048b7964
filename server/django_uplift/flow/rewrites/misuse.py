"""Awaits that are missing or superfluous, and bridges that are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django_uplift.django.orm import V41
from django_uplift.flow.boilerplate import is_string
from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    awaiting,
    listed,
    may_await,
    merged,
    relisted,
    renamed,
    replaced,
    shell,
)
from django_uplift.syntax.statements import block_of, indent_of, starts_line, statement_span
from django_uplift.syntax.tree import parent, statement_of
from django_uplift.text.edits import Edit, apply_edits
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of
from django_uplift.types.values import External, Query


def missing_await(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Call) and may_await(node):
        yield Rewrite("Add await", tuple(awaiting(node, file)))


def await_iterator(event: Event, file: File) -> Iterator[Rewrite]:
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
        yield Rewrite("Build the list with async for", tuple(replaced(node, listed(value, file), file)))


def await_sync(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        drop = (Edit(file.tree.span(node).start, file.tree.span(node.value).start, ""),)
        if isinstance(event.receiver, Query) and file.target >= V41:
            yield Rewrite(
                "Build the list with async for", tuple(replaced(node, listed(node.value, file), file))
            )
        yield Rewrite("Remove await", drop)


def uncalled(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if isinstance(node, ast.Await):
        end = file.tree.span(node).end
        yield Rewrite("Call it", (Edit(end, end, "()"),))


def async_to_sync(event: Event, file: File) -> Iterator[Rewrite]:
    """`async_to_sync(f)(x)` becomes `await f(x)`."""
    node = event.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Call)
        and len(node.func.args) == 1
        and may_await(node)
    ):
        operand = file.tree.span(node.func.args[0])
        edits = [*shell(file.tree.span(node.func), operand, "", "", file), *awaiting(node, file)]
        yield Rewrite("Await it", merged(edits))


def boilerplate(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Call):
        return
    up = parent(node)
    if "query" in event.extra:
        yield from _inner(event, node, file)
        return
    if event.twin == "async for":
        if isinstance(up, ast.Await) and len(node.args) == 1 and not node.keywords:
            if event.op == "tuple":
                text = f"tuple({listed(node.args[0], file)})"
                edits = tuple(replaced(up, text, file))
            else:
                edits = relisted(up, node.args[0], file, "{}" if event.op == "set" else "[]")
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
                sorted((*shell(Span(start, end), inner, "", "", file), renamed(body.func, event.twin, file)))
            ),
        )
        return
    operand = node.func.args[0]
    start, end = file.tree.span(node.func)
    if isinstance(operand, ast.Attribute):
        inner = file.tree.span(operand)
        edits = (*shell(Span(start, end), inner, "", "", file), renamed(operand, event.twin, file))
        yield Rewrite(f"Use {event.twin}()", tuple(sorted(edits)))
    elif isinstance(operand, ast.Name):
        func = event.extra["bridge"].func
        if isinstance(func, External):
            written, needs = file.reference_to(f"{func.name.rpartition('.')[0]}.{event.twin}", node)
            yield Rewrite(f"Use {event.twin}()", (Edit(start, end, written),), needs)


def _inner(event: Event, node: ast.Call, file: File) -> Iterator[Rewrite]:
    """``await inner()`` becomes what the inner function does, which goes; what is said in it stays."""
    inner, body, query, up = (*(event.extra[key] for key in ("function", "body", "query")), parent(node))
    tree = file.tree
    if not isinstance(up, ast.Await) or len(block_of(inner)) < 2 or not starts_line(tree, inner):
        return
    if event.twin == "async for":
        listing = parent(query)
        assert isinstance(listing, ast.Call)
        edits = relisted(listing, query, file, "[]")
    else:
        edits = (*awaiting(query, file), renamed(query.func, event.twin, file))
    start, end = tree.span(body)
    new = apply_edits(tree.text, edits)
    text = new[start : end + len(new) - len(tree.text)]
    if "\n" in text:
        if '"""' in text or "'''" in text:
            # White space in a string counts.
            return
        here, there = indent_of(tree, statement_of(body)), indent_of(tree, statement_of(node))
        text = text.replace(f"\n{here}", f"\n{there}")
    is_primary = isinstance(body, (ast.Call, ast.Attribute, ast.Subscript, ast.Name, ast.ListComp))
    if not (is_primary or isinstance(parent(up), (ast.Assign, ast.Return, ast.Expr))):
        text = f"({text})"
    removed = _removed(inner, body, up, file)
    if removed is None:
        return
    awaits_itself = body is query
    call = replaced(up, text, file, is_await=awaits_itself)
    title = "async for" if event.twin == "async for" else f"{event.twin}()"
    yield Rewrite(f"Use {title} without the inner function", (removed, *call))


def _removed(inner: ast.FunctionDef, body: ast.expr, call: ast.Await, file: File) -> Edit | None:
    """The removal of a function of which `body` is kept elsewhere.

    Its docstring and comments, and those in its `call`, stay as comments.
    """
    tree, text = file.tree, file.tree.text
    start, end = statement_span(tree, inner)
    kept = tree.span(body)
    first = tree.lines.starts[tree.lines.line_of(start)]
    last = tree.lines.line_of(end - 1)
    line_end = tree.lines.line_span(last).end
    strings = [statement for statement in inner.body[:-1] if is_string(statement)]
    notes: list[tuple[int, str]] = []
    for at, stop in ((start, kept.start), (kept.end, line_end), tree.span(call)):
        for match in _COMMENT.finditer(text, at, stop):
            if not any(tree.span(s).start <= match.start() < tree.span(s).end for s in strings):
                notes.append((match.start(), match[0]))
    if any("#" in tree.source(decorator) for decorator in inner.decorator_list):
        return None
    if text[end:line_end].partition("#")[0].strip():
        # Another statement on its line.
        return None
    for statement in strings:
        for line in _said(statement).splitlines():
            if line.strip():
                notes.append((tree.span(statement).start, f"# {line.strip()}"))
    indent, newline = indent_of(tree, inner), newline_of(text)
    said = "".join(f"{indent}{note}{newline}" for _, note in sorted(notes))
    after = last + 1
    while after < len(tree.lines) and not tree.lines.line_text(after).strip():
        after += 1
    return Edit(first, tree.lines.starts[after] if after < len(tree.lines) else len(text), said)


def _said(statement: ast.stmt) -> str:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return str(value.value) if isinstance(value, ast.Constant) else ""


_COMMENT = re.compile(r"#[^\r\n]*")

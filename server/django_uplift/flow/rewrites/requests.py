"""`request.user` and `request.session`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.django.orm import V50
from django_uplift.django.releases import Release
from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    awaiting,
    bridge,
    may_await,
    renamed,
    replaced,
    source,
)
from django_uplift.flow.rewrites.threads import in_thread
from django_uplift.syntax.tree import parent
from django_uplift.text.edits import Edit


def user(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    target = node.value if isinstance(node, ast.Attribute) and node.attr != "user" else node
    if isinstance(target, ast.Attribute) and target.attr == "user" and may_await(target):
        if file.target >= V50:
            text = f"await {source(target.value, file)}.auser()"
            yield Rewrite("Use await and auser()", tuple(replaced(target, text, file, is_await=True)))
        elif isinstance(node, ast.Attribute) and node is not target and isinstance(node.ctx, ast.Load):
            name, needs = bridge(node, file)
            text = f"await {name}(lambda: {source(node, file)})()"
            yield Rewrite(
                "Read it in a thread with sync_to_async",
                tuple(replaced(node, text, file, is_await=True)),
                needs,
            )


def session(event: Event, file: File) -> Iterator[Rewrite]:
    node, op = event.node, event.op
    if (event.since is not None and file.target < event.since) or file.target < Release(5, 1):
        if isinstance(node, ast.Call):
            yield from in_thread(event, file)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and may_await(node):
        yield Rewrite(
            f"Use await and {event.twin}()", (*awaiting(node, file), renamed(node.func, event.twin, file))
        )
    elif op == "__setitem__" and isinstance(node, ast.Subscript):
        statement = parent(node)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            key, held = source(node.slice, file), source(statement.value, file)
            text = f"await {source(node.value, file)}.aset({key}, {held})"
            yield Rewrite("Use await and aset()", (Edit(*file.tree.span(statement), text),))
    elif op == "__getitem__" and isinstance(node, ast.Subscript) and may_await(node):
        text = f"await {source(node.value, file)}.aget({source(node.slice, file)})"
        yield Rewrite(
            "Use await and aget()",
            tuple(replaced(node, text, file, is_await=True)),
            (),
            "gives None where the key is missing",
        )
    elif op == "__contains__" and isinstance(node, ast.Compare) and len(node.ops) == 1 and may_await(node):
        negated = "not " if isinstance(node.ops[0], ast.NotIn) else ""
        text = f"{negated}await {source(node.comparators[0], file)}.ahas_key({source(node.left, file)})"
        yield Rewrite("Use await and ahas_key()", tuple(replaced(node, text, file)))

"""Calls that query, awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.flow.events import (
    Event,
)
from django_uplift.flow.rewrites.pieces import (
    File,
    Rewrite,
    awaiting,
    may_await,
    merged,
    renamed,
)
from django_uplift.flow.rewrites.threads import in_thread
from django_uplift.syntax.tree import parent
from django_uplift.text.edits import Edit
from django_uplift.types.values import External


def query(event: Event, file: File) -> Iterator[Rewrite]:
    node = event.node
    if not isinstance(node, ast.Call) or not may_await(node):
        return
    if isinstance(parent(node), ast.withitem) and not _names(node, event):
        # It happens where the block ends.
        return
    native: list[Rewrite] = []
    if event.twin and event.since is not None and file.target >= event.since:
        reason = f"skips the project's own {event.op}()" if event.bypasses else ""
        if isinstance(node.func, ast.Attribute) and _names(node, event):
            edits = (*awaiting(node, file), renamed(node.func, event.twin, file))
            native.append(Rewrite(f"Use await and {event.twin}()", edits, (), reason))
        elif isinstance(node.func, ast.Name) and isinstance(event.receiver, External):
            module = event.receiver.name.rpartition(".")[0]
            written, needs = file.reference_to(f"{module}.{event.twin}", node)
            edits = merged([*awaiting(node, file), Edit(*file.tree.span(node.func), written)])
            native.append(Rewrite(f"Use await and {event.twin}()", edits, needs, reason))
    threaded = list(in_thread(event, file))
    yield from (threaded + native if event.bypasses else native + threaded)


def _names(node: ast.Call, event: Event) -> bool:
    """Whether the call is written as one of the method that queries, and not as one of what was given that."""
    return isinstance(node.func, ast.Attribute) and node.func.attr == event.op

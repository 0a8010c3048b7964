"""What the target does not have: names, arguments and settings that are newer, dropped, or were never there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.api import (
    Context,
    Finding,
    Found,
    Lack,
    Lacking,
    Release,
    Rule,
    Severity,
    Span,
    may_lack,
    names_table,
    parent,
)
from django_uplift_rules.kinds import name_span


class MissingName(Rule):
    """Base: imports and attribute accesses that fail on the target because Django lacks a name, in one way."""

    any_words = ("django",)
    default_severity = Severity.ERROR
    lack: Lack

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """The bytes tell for nearly every file that nothing is missing."""
        return self.lack in may_lack(data, target)

    def file(self, ctx: Context) -> Found:
        """Every place that takes what is missing."""
        for found in ctx.lacking:
            if found.lack is self.lack:
                yield from self.missing(found, ctx)

    def missing(self, found: Lacking, ctx: Context) -> Iterator[Finding]:
        """What to say of one place."""
        raise NotImplementedError


def place(found: Lacking, ctx: Context) -> Span:
    """The characters that name what is missing; of a string, all of it."""
    node = found.node
    return ctx.span(node) if isinstance(node, ast.Constant) else name_span(node, ctx)


def explained(found: Lacking, ctx: Context) -> bool:
    """Whether another rule speaks about what a place takes, and so says why it is gone."""
    names = [found.name]
    if isinstance(found.node, ast.ImportFrom):
        names += [f"{found.node.module}.{alias.name}" for alias in found.node.names]
    return any(map(ctx.claimed, names))


def uses(found: Lacking, ctx: Context) -> list[Span]:
    """Where the file uses what a missing import was to bind."""
    node = found.node
    if isinstance(node, ast.alias) and isinstance(parent(node), ast.ImportFrom):
        return [ctx.span(use) for use in ctx.uses(node)]
    return []


def elsewhere(name: str, target: Release) -> str | None:
    """Another module of the same part of Django in which the target has a name that is spelled the same."""
    module, _, member = name.rpartition(".")
    part = ".".join(module.split(".")[:2])
    for home in names_table().homes(member, target):
        if home != module and (home == part or home.startswith(f"{part}.")):
            return f"{home}.{member}"
    return None

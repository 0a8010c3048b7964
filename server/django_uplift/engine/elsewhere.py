"""Fixes that edit another file than the one with the finding."""

from __future__ import annotations

from pathlib import Path

from django_uplift.engine.context import Context
from django_uplift.engine.findings import Change, Finding
from django_uplift.engine.fixes import render_changes
from django_uplift.engine.refactor import FileChange, Refactoring
from django_uplift.engine.references import Sources
from django_uplift.engine.run import Engine
from django_uplift.text.edits import apply_edits


def fetch_there(engine: Engine, ctx: Context, finding: Finding) -> tuple[str, Refactoring] | None:
    """Bring a relation along at the query in another file that fetches its object: the title, and the change.

    None where the finding is about something else, or the query is in the same file, which a fix of its own mends.
    """
    from django_uplift.flow.rewrites.relations import bring_along, fetched_elsewhere

    if finding.rule.slug != "lazy-relation":
        return None
    for event in ctx.flow.of("relation"):
        end = ctx.span(event.node).end
        if (
            end != finding.span.end
            or not fetched_elsewhere(event)
            or event.receiver.plan.place.path == ctx.path
        ):
            continue
        path: Path = event.receiver.plan.place.path
        sources = Sources(engine, ctx)
        there = sources.context(path) if sources.is_ours(path) else None
        found = bring_along(event, there) if there is not None else None
        edits = (
            render_changes(there, [Change(found.edits, found.needs)]) if found and there is not None else None
        )
        if found is None or there is None or not edits:
            return None
        change = FileChange(there.text, apply_edits(there.text, edits), found.title)
        return f"{found.title} in {path.name}", Refactoring({path: change})
    return None

"""``--list-rules``: what there is to select."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.cli.session import Session
from django_uplift.engine.registry import page_title
from django_uplift.engine.rule import Rule
from django_uplift.report.style import Style


def run(options: Options, console: Console) -> int:
    """List the rules; with --select and its kin those that they mean."""
    session = Session(options, console)
    chosen = session.registry.select(
        tuple(options.select or ("ALL",)), tuple(options.extend_select or ()), tuple(options.ignore or ())
    )
    rules = [rule for rule in session.registry.rules if rule in chosen]
    if options.output_format == "json":
        text = json.dumps([as_json(rule) for rule in rules], indent=2) + "\n"
    else:
        text = "".join(_lines(rules, console.style))
    if options.output_file is not None:
        Path(options.output_file).write_text(text, "utf-8")
    else:
        console.write([text])
    return 0


def as_json(rule: Rule) -> dict[str, object]:
    """A rule's metadata."""
    return {
        "rule": rule.code,
        "slug": rule.slug,
        "family": rule.family,
        "title": page_title(rule),
        "deprecated_in": _release(rule.deprecated_in),
        "removed_in": _release(rule.removed_in),
        "replacement_since": _release(rule.replacement_since),
        "default": rule.default,
        "link": rule.link or None,
    }


def _release(release: object) -> str | None:
    return None if release is None else str(release)


def _lines(rules: Iterable[Rule], style: Style) -> Iterator[str]:
    rows = [(rule, page_title(rule)) for rule in rules]
    if not rows:
        return
    widest = max(len(rule.slug) for rule, _ in rows)
    family = None
    for rule, text in sorted(rows, key=lambda row: (row[0].family, row[0].code)):
        if rule.family != family:
            yield ("" if family is None else "\n") + style(rule.family, "bold") + "\n"
            family = rule.family
        since = versions(rule)
        note = style(f"  ({since})", "dim") if since else ""
        yield f"  {style(rule.code, 'cyan')}  {rule.slug:<{widest}}  {text}".rstrip() + f"{note}\n"


def versions(rule: Rule) -> str:
    """When a rule's subject goes away: 'deprecated 3.0, removed 4.0'."""
    parts = []
    if rule.deprecated_in is not None:
        parts.append(f"deprecated {rule.deprecated_in}")
    if rule.removed_in is not None:
        parts.append(f"removed {rule.removed_in}")
    return ", ".join(parts)

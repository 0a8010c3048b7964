"""``--explain``: a rule's page in the terminal."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

from django_uplift.cli.console import Console
from django_uplift.cli.list_rules import as_json, versions
from django_uplift.cli.options import Options
from django_uplift.cli.session import Session
from django_uplift.engine.pages import parse_page
from django_uplift.engine.registry import page_path
from django_uplift.engine.rule import Rule
from django_uplift.report.style import Style

_WIDTH = 100
_LINK = re.compile(r"\[([^\]]+)\]\((\w+://[^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_ITEM = re.compile(r"(\s*)([-*]|\d+\.)\s+")


def run(options: Options, console: Console) -> int:
    """Print the page of the rule that is asked for."""
    session = Session(options, console)
    name = (options.explain or "").strip()
    rule = session.registry.get(name)
    if rule is None:
        problem = (
            session.registry.unknown(name)
            or f"{name!r} means several rules: see --list-rules --select {name}"
        )
        console.error(f"--explain: {problem}")
        return 2
    path = page_path(rule)
    page = None if path is None else parse_page(path.read_text("utf-8-sig"))
    if options.output_format == "json":
        markdown = None if page is None else page.markdown
        console.write([json.dumps({**as_json(rule), "page": markdown}, indent=2) + "\n"])
        return 0
    console.write([_head(rule, page.title if page else rule.slug, console.style)])
    if page is None:
        console.write([f"\nThis rule has no page.{f' See {rule.link}' if rule.link else ''}\n"])
    else:
        body = page.markdown.split("\n", 1)[1]
        console.write(f"{line}\n" for line in rendered(body, console.style))
        if rule.link and rule.link not in body:
            console.write([f"\nSee {rule.link}\n"])
    return 0


def _head(rule: Rule, title: str, style: Style) -> str:
    since = versions(rule)
    facts = ", ".join(filter(None, (f"family {rule.family}", since)))
    names = f"{style(rule.code, 'bold', 'cyan')} {style(rule.slug, 'cyan')}"
    return f"{names}: {_inline(title, style)}\n{style(facts, 'dim')}\n"


def rendered(markdown: str, style: Style) -> Iterator[str]:
    """Markdown for a terminal: code set off, paragraphs filled, marks gone."""
    paragraph: list[str] = []
    fence = ""
    blank = True

    def flush() -> Iterator[str]:
        if paragraph:
            yield from _filled(paragraph, style)
            paragraph.clear()

    for line in markdown.strip("\n").split("\n"):
        if fence:
            if line.strip() == fence:
                fence = ""
            else:
                yield style(f"    {line}".rstrip(), "green")
                blank = False
            continue
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            yield from flush()
            fence = stripped[: len(stripped) - len(stripped.lstrip(stripped[0]))]
        elif not stripped:
            if paragraph or not blank:
                yield from flush()
                yield ""
                blank = True
            continue
        elif stripped.startswith("#"):
            yield from flush()
            if not blank:
                yield ""
            yield style(stripped.lstrip("# "), "bold")
        elif _ITEM.match(line) or stripped.startswith("|"):
            yield from flush()
            paragraph.append(line)
            if stripped.startswith("|"):
                yield from flush()
        else:
            paragraph.append(line)
        blank = False
    yield from flush()


def _filled(paragraph: list[str], style: Style) -> Iterator[str]:
    first = paragraph[0]
    if first.lstrip().startswith("|"):
        yield _inline(first, style)
        return
    item = _ITEM.match(first)
    lead, hang = "", ""
    if item:
        bullet = "•" if item[2] in "-*" else item[2]
        lead = f"{item[1]}{bullet} "
        hang = " " * len(lead)
        paragraph = [first[item.end() :], *paragraph[1:]]
    # Filled before it is marked up, so that invisible characters don't count.
    text = " ".join(line.strip() for line in paragraph)
    wrapper = textwrap.TextWrapper(
        _WIDTH, initial_indent=lead, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )
    yield from _inline("\n".join(wrapper.wrap(text)), style).split("\n")


def _inline(text: str, style: Style) -> str:
    if not style.enabled:
        return text  # As Markdown it reads well.
    text = _LINK.sub(lambda match: f"{match[1]} ({match[2]})", text)
    text = _CODE.sub(lambda match: style(match[1], "cyan"), text)
    return _STRONG.sub(lambda match: style(match[1], "bold"), text)

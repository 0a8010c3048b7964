"""The generated documents: ``python -m django_uplift.dev.docs FOLDER`` or ``--committed``.

Into a folder go one page for each rule and an index. ``--committed`` writes what the repository keeps: the
configuration's JSON schema, and the tables of README.md between ``<!-- generated: NAME -->`` and
``<!-- end -->``. A test fails when these differ from what would be written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django_uplift.cli.list_rules import versions
from django_uplift.dev.plan_schema import plan_schema
from django_uplift.django.releases import RELEASED
from django_uplift.engine.pages import parse_page
from django_uplift.engine.registry import Registry, load, page_path, page_title
from django_uplift.engine.rule import Rule
from django_uplift.project.config import FACTS, OPTIONS, Facts, Option
from django_uplift.project.schema import json_schema

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "server/django_uplift/project/config.schema.json"
PLAN_SCHEMA = ROOT / "server/django_uplift/report/plan.schema.json"
README = ROOT / "README.md"


def committed() -> dict[Path, str]:
    """The generated files that the repository keeps, and what they should hold."""
    return {
        # No rules in it: a new rule must touch no other file.
        SCHEMA: json.dumps(json_schema(releases=[str(release) for release in RELEASED]), indent=2) + "\n",
        PLAN_SCHEMA: json.dumps(plan_schema(), indent=2) + "\n",
        README: fill(README.read_text("utf-8"), {"options": options_table, "demo": lambda: None}),
    }


_BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str, blocks: dict[str, Callable[[], str | None]]) -> str:
    """`text` with its generated blocks made anew; None leaves one. Raises `KeyError` for one that nobody makes."""

    def made(match: re.Match[str]) -> str:
        block = blocks[match[2]]()
        return match[0] if block is None else f"{match[1]}{block}{match[3]}"

    return _BLOCK.sub(made, text)


def demo() -> str:
    """What ``make demo`` shows, without its colours."""
    command = [sys.executable, "-m", "django_uplift", "--check", "--color", "never", "tests/demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise RuntimeError(f"the demo ended with {done.returncode}: {done.stderr}")
    return f"```console\n$ make demo\n{done.stdout}```\n"


def options_table() -> str:
    """The configuration's options as a Markdown table."""
    rows = [f"| `{o.name}` | {_default(o)} | {_cell(o.help)} |\n" for o in OPTIONS if o.kind != "facts"]
    rows += [f"| `facts.{name}` | `[]` | {_cell(text)} |\n" for name, text in FACTS.items()]
    return "| Option | Default | Meaning |\n| --- | --- | --- |\n" + "".join(rows)


def _default(option: Option) -> str:
    value = option.default
    if value is None:
        return "unset"
    if isinstance(value, tuple) and not isinstance(value, Facts):
        return "the usual folders" if len(value) > 3 else f"`{json.dumps(value)}`"
    return f"`{json.dumps(value)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def pages(registry: Registry) -> dict[str, str]:
    """A Markdown page for each rule that has one, by file name, and their index."""
    made = {"index.md": index(registry.rules)}
    for rule in registry.rules:
        path = page_path(rule)
        if path is not None:
            page = parse_page(path.read_text("utf-8-sig"))
            head, body = page.markdown.split("\n", 1)
            facts = ", ".join(filter(None, (f"`{rule.code}`", f"`{rule.slug}`", versions(rule))))
            made[f"{rule.slug}.md"] = f"{head}\n\n{facts}\n{body}"
    return made


def index(rules: Sequence[Rule]) -> str:
    """All rules, family by family."""
    lines = ["# Rules"]
    for family in sorted({rule.family for rule in rules}):
        lines += ["", f"## {family}", "", "| Code | Rule | What | Since |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {rule.code} | [{rule.slug}]({rule.slug}.md) | {_cell(page_title(rule))} | {versions(rule)} |"
            for rule in rules
            if rule.family == family
        ]
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str]) -> int:
    """Write the documents."""
    if list(argv) == ["--committed"]:
        for path, text in committed().items():
            path.write_text(text, "utf-8")
            print(path.relative_to(ROOT))
        kept = README.read_text("utf-8")
        README.write_text(fill(kept, {"options": lambda: None, "demo": demo}), "utf-8")
        return 0
    if len(argv) != 1 or argv[0].startswith("-"):
        print("usage: python -m django_uplift.dev.docs FOLDER | --committed", file=sys.stderr)
        return 2
    folder = Path(argv[0])
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(load())
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    print(f"{len(made)} pages in {folder}: start at {folder / 'index.md'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Documents that are typed in: at every point where the text parses, the findings are those of a check from scratch."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from django_uplift.engine import registry
from django_uplift.engine.findings import Finding
from django_uplift.engine.run import Engine
from django_uplift.lsp.analysis import Analyst, Folder
from django_uplift.lsp.documents import Snapshot, Step, moved
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.syntax.parse import parse
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span

ROOT = Path(__file__).resolve().parents[2]
RULES = registry.load()
BAD = re.compile(r"^```python bad[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _examples() -> list[str]:
    """The code that our own pages show as bad, which parses and is about one rule each."""
    found = []
    for page in sorted((ROOT / "rules/django_uplift_rules").rglob("*.md")):
        for match in BAD.finditer(page.read_text(encoding="utf-8")):
            if parse(match[1]).tree is not None:
                found.append(match[1])
    return found


EXAMPLES = _examples()


def module(rng: random.Random) -> str:
    """A file of many rules' examples, some of them inside a long class."""
    pieces = rng.sample(EXAMPLES, 8)
    inside = "".join(f"    {line}" if line.strip() else line for line in "".join(pieces[4:]).splitlines(True))
    members = "".join(f"\n    def m{i}(self):\n        return {i}\n" for i in range(20))
    return "\n\n".join([*pieces[:4], f"class Long:\n{inside}{members}\n", "x = 1\n"])


def told(findings: tuple[Finding, ...]) -> list[Any]:
    """All that a client is shown of findings, and what their fixes would do."""
    return [
        (
            finding.rule.code,
            finding.span,
            finding.message,
            finding.severity,
            finding.confidence,
            finding.trace,
            finding.uses,
            finding.deprecated,
            [(fix.title, fix.safety, fix.build()) for fix in finding.fixes],
        )
        for finding in findings
    ]


def shown(findings: tuple[Finding, ...]) -> list[Any]:
    """`told`, with changes as edits: nodes of different trees are different."""
    return [
        (
            *rest,
            [
                (title, safety, change and (change.edits, change.needs and len(change.needs)))
                for title, safety, change in fixes
            ],
        )
        for *rest, fixes in told(findings)
    ]


class Typist:
    """Edits one document, and looks at it after each edit."""

    def __init__(self, folder: Path, text: str) -> None:
        (folder / "pyproject.toml").write_text('[tool.django-uplift]\ntarget-version = "4.2"\n')
        self.path = folder / "m.py"
        self.path.write_text(text, encoding="utf-8", newline="")
        self.analyst = Analyst(lambda message: pytest.fail(message), lambda path, error: None)
        self.analyst.configure([Folder(folder, {}), Folder(None, {})])
        self.engine = Engine(RULES, Workspace(FileStore(), base=folder))
        self.snapshot = Snapshot(self.path.as_uri(), self.path, True, True, 1, 1, text)
        self.compared = 0
        self.before: set[tuple[str, Span]] = set()
        self.look()

    def replace(self, start: int, end: int, new: str) -> None:
        """One edit."""
        old = self.snapshot
        edit = Edit(start, end, new)
        text = old.text[:start] + new + old.text[end:]
        serial = old.serial + 1
        steps = Step(serial, edit, old.steps)
        self.snapshot = Snapshot(old.uri, old.path, True, True, serial, serial, text, steps)
        self.snapshot.__dict__["lines"] = old.lines.after(start, end, new, text)
        places = ((code, moved(span, [edit])) for code, span in self.before)
        self.before = {(code, span) for code, span in places if span is not None}
        self.look()

    def look(self) -> None:
        """Compare the quick check, and now and then the full one, with one from scratch."""
        snapshot = self.snapshot
        quick = self.analyst.analyse(snapshot, quick=True)
        if parse(snapshot.text).tree is None:
            assert quick.problem is not None
            return
        found = self.engine.check_text(self.path, snapshot.text).findings
        expected = shown(found)
        # Whatever else it leaves for later: what stays must not blink.
        now = {(finding.rule.code, finding.span) for finding in found}
        assert now & self.before <= {(finding.rule.code, finding.span) for finding in quick.findings}
        self.before = now
        if quick.is_full:
            assert shown(quick.findings) == expected
            self.compared += 1
        if not quick.is_full or snapshot.serial % 7 == 0:
            assert shown(self.analyst.analyse(snapshot).findings) == expected
            self.compared += 1


@pytest.mark.parametrize("seed", range(6))
def test_typed_findings_are_those_of_a_check_from_scratch(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    text = module(rng)
    typist = Typist(tmp_path, text)
    for _ in range(8):
        text = typist.snapshot.text
        at = rng.choice(
            [0, len(text), text.rfind("\n", 0, rng.randrange(len(text) + 1)) + 1, rng.randrange(len(text))]
        )
        if rng.random() < 0.4:
            end = min(len(text), at + rng.choice([1, 3, 40, 300]))
            typist.replace(at, end, "")
            if rng.random() < 0.95 and parse(typist.snapshot.text).tree is None:
                typist.replace(at, at, text[at:end])
            continue
        word = rng.choice([*rng.choice(EXAMPLES).splitlines(True), "    x = 1\n", "import os\n", '"""', "é"])
        start = at
        for char in word:
            typist.replace(at, at, char)
            at += 1
        if rng.random() < 0.95 and parse(typist.snapshot.text).tree is None:
            typist.replace(start, at, "")
    assert typist.compared > 1

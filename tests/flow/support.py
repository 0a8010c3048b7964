"""Plays a text beside the shop's models. Lines that end in ``#! kind ...`` are those that must have these events."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from django_uplift.engine.registry import Registry
from django_uplift.engine.run import Engine
from django_uplift.flow.analysis import FileFlow
from django_uplift.flow.events import LIKELY
from django_uplift.project.config import Facts
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace

SHOP = Path(__file__).resolve().parents[1] / "django" / "project" / "shop"
_MARK = re.compile(r"#!\s*([\w -]+)$")


def play(
    text: str,
    files: dict[str, str] | None = None,
    *,
    target: str = "5.2",
    path: str = "views.py",
    facts: Facts | None = None,
) -> FileFlow:
    """What the analysis says of `text` in a project with `files`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        models = (SHOP / "models.py").read_text(encoding="utf-8")
        everything = {"shop/__init__.py": "", "shop/models.py": models, **(files or {}), path: text}
        for name, content in everything.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        workspace = Workspace(
            FileStore(),
            {"target_version": target, "facts": (facts or Facts())._asdict()},
            isolated=True,
            base=root,
        )
        context = Engine(Registry([]), workspace).context(root / path, text)
        assert context is not None
        return context.flow


def check(
    text: str, files: dict[str, str] | None = None, *, target: str = "5.2", level: int = LIKELY
) -> None:
    """The marked lines, and no others, have events of at least `level`, of the kinds that they name."""
    flow = play(text, files, target=target)
    got: dict[int, list[str]] = {}
    for event in flow.events:
        if event.level >= level:
            got.setdefault(event.node.lineno, []).append(event.kind)  # type: ignore[attr-defined]
    wanted = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _MARK.search(line):
            wanted[number] = sorted(match[1].split())
    lines = text.splitlines()
    shown = {n: (sorted(kinds), lines[n - 1].strip()) for n, kinds in got.items()}
    expected = {n: (kinds, lines[n - 1].strip()) for n, kinds in wanted.items()}
    extra = [item for item in shown.items() if item not in expected.items()]
    missing = [item for item in expected.items() if item not in shown.items()]
    assert (extra, missing) == ([], [])

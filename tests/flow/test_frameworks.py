"""Code bases as teams write them, small: in `frameworks/`, one file each, with every module under its path.

Lines that end in ``#!`` must have a finding that is likely or better; no other line may have one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from django_uplift.engine.registry import Registry
from django_uplift.engine.run import Engine
from django_uplift.flow.events import BOILERPLATE, LIKELY, TOO_NEW
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace

PROJECTS = sorted((Path(__file__).parent / "frameworks").glob("*.txt"))
_FILE = re.compile(r"^=== (\S+)\n", re.MULTILINE)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.stem)
def test_project(project: Path, tmp_path: Path) -> None:
    _, *parts = _FILE.split(project.read_text(encoding="utf-8"))
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    assert len(files) > 1
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        for folder in file.parents:
            if folder == tmp_path:
                break
            if not (folder / "__init__.py").exists():
                (folder / "__init__.py").write_text("", encoding="utf-8")
    workspace = Workspace(FileStore(), {"target_version": "5.2"}, isolated=True, base=tmp_path)
    engine = Engine(Registry([]), workspace)
    got, wanted = set(), set()
    for name, text in files.items():
        lines = text.splitlines()
        wanted |= {(name, n, line) for n, line in enumerate(lines, 1) if line.endswith("#!")}
        context = engine.context(tmp_path / name, text) if name.endswith(".py") else None
        for event in context.flow.events if context is not None else ():
            if event.level >= LIKELY and event.kind not in (BOILERPLATE, TOO_NEW):
                line = event.node.lineno  # type: ignore[attr-defined]
                got.add((name, line, lines[line - 1]))
    assert (sorted(got - wanted), sorted(wanted - got)) == ([], [])
    assert wanted

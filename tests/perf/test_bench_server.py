"""Our server beside ruff's: the same file, the same keystrokes, at the same time. Ratios, never times."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path
from statistics import median

import pytest

from django_uplift.dev import bench_server
from django_uplift.dev.bench_server import Figures, keys

ROOT = Path(__file__).resolve().parents[2]
FUNCTION = """
async def view_{0}(request, id):
    note = await Note.objects.filter(id=id).afirst()
    for tag in note.tags:
        send(tag, force_text(note))
    return render(request, "note.html", {{"note": note}})


class Form{0}(Base):
    name = CharField(max_length=10)

    def clean(self):
        return dict(super().clean(), id=int(self.id))
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = os.pathsep.join(str(ROOT / part) for part in ("server", "rules"))
    monkeypatch.setenv("PYTHONPATH", source)
    (tmp_path / "pyproject.toml").write_text('[tool.django-uplift]\ntarget-version = "4.2"\n')
    path = tmp_path / "views.py"
    head = "from django.utils.encoding import force_text\nfrom notes.models import Note\n"
    path.write_text(head + "".join(FUNCTION.format(number) for number in range(150)))
    return path


def test_keystrokes_are_of_the_order_of_ruffs(path: Path) -> None:
    commands = [bench_server.OURS, [bench_server.ruff(), "server"]]
    ours, theirs = bench_server.measure(commands, path, path.parent, count=40, pause=0.02, quiet=1)
    assert 0 < ours.initialize < ours.first <= ours.complete
    assert len(ours.keystrokes) == len(theirs.keystrokes) == 40
    assert median(ours.keystrokes) < 12 * median(theirs.keystrokes)


def test_typed_statements_are_taken_away_again() -> None:
    before = "def f():\n    call(1)\n    other(2)\n"
    text, typed = before, 0
    for key in islice(keys(before), 200):
        lines = text.splitlines(True)
        start = sum(map(len, lines[: key.line])) + key.column
        end = sum(map(len, lines[: key.end_line])) + key.end
        text = text[:start] + key.text + text[end:]
        typed += text == before
    assert typed > 3


def test_the_figures_are_printed(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = Figures(100, 200, 300, (1.0, 2.0, 3.0), None, 4.0)
    monkeypatch.setattr(bench_server, "measure", lambda *_, count: [figures, figures])
    assert bench_server.main([str(path)]) == 0
    header, ours, _ = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["ms", "initialize", "first"]
    assert ours.split() == ["django-uplift", "100", "200", "300", "-", "2.0", "2.9", "4.0"]
    assert bench_server.main(["--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["ruff server"]["complete"] == 300


def test_a_server_that_says_nothing_is_no_measurement(path: Path) -> None:
    with pytest.raises((RuntimeError, OSError)):
        bench_server.measure([["false"]], path, path.parent, count=2)

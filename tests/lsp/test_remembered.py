"""What outlives the server: the same findings as without it, whatever has changed meanwhile, and no analysis twice."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from django_uplift.engine import registry
from django_uplift.engine.findings import Finding
from django_uplift.engine.run import Checked, Engine
from django_uplift.lsp.analysis import Analyst, Folder
from django_uplift.lsp.documents import Snapshot
from django_uplift.lsp.handlers.code_actions import _Maker
from django_uplift.lsp.session import Session
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.engine.test_cache import EDITS, FILES, check, folder, root, told, write, write_safely

__all__ = ["folder", "root"]  # fixtures

RULES = registry.load()
Told = list[tuple[object, ...]]


class Server:
    """What a server does to its analyst, from its start to its end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.analyst = Analyst(lambda message: None, lambda path, error: None)
        self.analyst.configure([Folder(root, {}), Folder(None, {})])
        self.open: dict[Path, Snapshot] = {}
        self.serial = 0

    def show(self, name: str, text: str | None = None) -> Told:
        """A document that is opened, or typed in if it is open, as its full check has it."""
        path, before = self.root / name, self.open.get(self.root / name)
        if text is None:
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
        self.serial += 1
        steps = None
        if before is not None:
            from django_uplift.lsp.documents import Step
            from django_uplift.text.edits import difference

            steps = Step(self.serial, difference(before.text, text), before.steps)
        made = Snapshot(path.as_uri(), path, True, True, self.serial, self.serial, text, steps)
        self.open[path] = made
        self.analyst.analyse(made, quick=True)
        return tell(self.analyst.complete(made)[0].findings)

    def close(self, name: str) -> None:
        snapshot = self.open.pop(self.root / name, None)
        if snapshot is not None:
            self.analyst.close(snapshot)

    def sweep(self) -> dict[str, Told]:
        found = {}
        for path in self.analyst.files():
            if path not in self.open and (analysis := self.analyst.check_file(path)) is not None:
                found[path.relative_to(self.root).as_posix()] = tell(analysis.findings)
        return found

    def edit(self, name: str, text: str | None) -> None:
        """Somebody changes a file on the disk, and the editor says so."""
        write_safely(self.root, name, text)
        if name.endswith(".py"):
            self.analyst.forget_file(self.root / name)
        else:
            self.analyst.forget_settings()

    def expected(self) -> tuple[dict[str, Told], dict[Path, Told]]:
        """What a check that remembers nothing finds: in files, and in open documents."""
        store = FileStore()
        for path, snapshot in self.open.items():
            store.set_overlay(path, snapshot.text.encode())
        engine = Engine(RULES, Workspace(store, base=self.root))
        files = [path for path in self.analyst.files() if path not in self.open]
        engine.expect(len(files))
        return (
            {path.relative_to(self.root).as_posix(): tell(engine.check(path).findings) for path in files},
            {path: tell(engine.check_text(path, s.text).findings) for path, s in self.open.items()},
        )


def tell(findings: tuple[Finding, ...]) -> Told:
    # What does not parse is said of open files too, and of others as far as there is time.
    return [told(finding) for finding in findings if finding.rule.slug != "syntax-error"]


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The files that rules really look at."""
    seen: list[Path] = []
    real = Engine._check_source

    def spy(self: Engine, path: Path, *args: object, **more: object) -> Checked:
        seen.append(path)
        return real(self, path, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "_check_source", spy)
    yield seen


def test_a_server_that_starts_again_analyses_nothing(root: Path, analysed: list[Path]) -> None:
    first = Server(root)
    found, shown = first.sweep(), first.show("shop/views.py")
    assert found["shop/views.py"] == shown, "from another file"
    assert shown
    first.analyst.save()
    analysed.clear()
    second = Server(root)
    assert second.sweep() == found
    path = root / "shop/views.py"
    snapshot = Snapshot(path.as_uri(), path, True, True, 1, 1, path.read_text())
    assert tell(second.analyst.analyse(snapshot, quick=True, alone=True).findings) == shown
    assert second.analyst.analyse(snapshot).is_full
    assert analysed == []
    assert second.analyst.context_of(second.analyst.analyse(snapshot)) is not None


def test_what_the_command_has_found_is_known_to_the_server(root: Path, analysed: list[Path]) -> None:
    found = {name: tell(checked.findings) for name, checked in check(root).items()}
    analysed.clear()
    assert Server(root).sweep() == found
    assert analysed == []


def test_what_the_server_has_found_is_known_to_the_command(root: Path, analysed: list[Path]) -> None:
    server = Server(root)
    found = server.sweep()
    server.analyst.save()
    analysed.clear()
    assert {name: tell(checked.findings) for name, checked in check(root).items()} == found
    assert analysed == []


def test_a_fix_of_what_is_remembered_is_built(root: Path) -> None:
    server = Server(root)
    server.show("shop/urls.py")
    server.analyst.save()
    path = root / "shop/urls.py"
    text = path.read_text()
    again = Server(root)
    analysis = again.analyst.analyse(Snapshot(path.as_uri(), path, True, True, 1, 1, text))
    changes = [fix.build() for finding in analysis.findings for fix in finding.fixes]
    assert changes and all(change is not None and change.edits for change in changes)
    # What offers it wants a tree.
    offered = _Maker(Session(again.analyst), again.analyst.with_context(analysis))
    spans = [finding.span for finding in analysis.findings]
    assert [action.title for span in spans for action in offered.actions(span, ["quickfix"])]


@pytest.mark.parametrize("seed", [0, 1, 2, *range(5, 65)])
def test_whatever_happens_the_findings_are_those_of_a_check_that_remembers_nothing(
    root: Path, seed: int
) -> None:
    chance = random.Random(seed)
    servers = [Server(root)]
    for step in range(25):
        server = chance.choice(servers)
        action = chance.random()
        if action < 0.35:
            name, text = chance.choice(EDITS)
            write_safely(root, name, text)
            for each in servers:  # Both editors watch the disk.
                each.edit(name, text)
        elif action < 0.6:
            name, text = chance.choice([(n, t) for n, t in EDITS if n.endswith(".py") and t])
            server.show(name, chance.choice([text, None]))
        elif action < 0.7 and server.open:
            server.close(chance.choice(list(server.open)).relative_to(root).as_posix())
        elif action < 0.8:
            server.analyst.save()
        elif action < 0.9:
            if chance.random() < 0.7:
                server.analyst.save()
            servers[servers.index(server)] = server = Server(root)
        elif len(servers) < 2:
            servers.append(server := Server(root))
        files, documents = server.expected()
        assert server.sweep() == files, step
        for path, expected in documents.items():
            assert tell(server.analyst.complete(server.open[path])[0].findings) == expected, (step, path)


def test_a_buffer_that_was_never_saved_is_no_state_of_the_disk(root: Path, folder: Path) -> None:
    server = Server(root)
    server.sweep()
    server.show("shop/helpers.py")
    server.show("shop/helpers.py", FILES["shop/helpers.py"].replace("Book.objects.count()", "2"))
    assert server.sweep()["shop/views.py"] != [], "force_text() stays"
    server.analyst.save()
    assert not folder.exists() or not list(folder.iterdir())
    again = Server(root)
    assert again.sweep() == again.expected()[0]


def test_a_change_that_nobody_told_of_is_not_written_down(root: Path, folder: Path) -> None:
    server = Server(root)
    server.sweep()
    server.analyst.save()
    shutil.rmtree(folder)
    write(root, "shop/helpers.py", FILES["shop/helpers.py"].replace("Book.objects.count()", "2"))
    server.analyst.generation += 1
    server.sweep()
    server.analyst.save()
    again = Server(root)
    assert again.sweep() == again.expected()[0]


def test_reading_what_was_written_makes_way(root: Path, analysed: list[Path]) -> None:
    server = Server(root)
    server.sweep()
    server.analyst.save()
    analysed.clear()
    again, calls = Server(root), 0

    class Stop(BaseException):
        pass

    def interrupt() -> None:
        nonlocal calls
        calls += 1
        if calls % 3 == 0:
            raise Stop

    path = root / "shop/views.py"
    for _ in range(200):
        try:
            again.analyst.check_file(path, interrupt)
        except Stop:
            continue
        break
    assert calls > 3 and analysed == []

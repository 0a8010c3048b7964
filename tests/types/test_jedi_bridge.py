"""The bridge to jedi: what it does when the process is slow, dies, or talks nonsense; and what it remembers."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.types import jedi_bridge
from django_uplift.types.jedi_bridge import FAILURES, JediBridge, Surroundings, command
from django_uplift.types.questions import Answer, Definition, Question

MODELS = "class Order:\n    def save(self): ...\n\n\ndef some():\n    return {'a': Order()}['a']\n"
VIEWS = "from models import some\n\norder = some()\norder.save()\n"
# What a process that stands for jedi's does with each request.
HANGS = "time.sleep(600)"
DIES = "sys.exit(3)"
BABBLES = "print('{]', flush=True)"
WRONG = "print(json.dumps({'id': request['id'], 'found': [[1]], 'reads': [], 'memory': 0, 'error': ''}), flush=True)"
LATE = "print(json.dumps({'id': -1, 'found': [], 'reads': [], 'memory': 0, 'error': ''}), flush=True)"
GREEDY = "print(json.dumps({'id': request['id'], 'found': [], 'reads': [], 'memory': 10**10, 'error': ''}), flush=True)"


def stand_in(behaviour: str) -> list[str]:
    """A command that starts a process with some behaviour."""
    code = (
        f"import json, sys, time\nfor line in sys.stdin:\n    request = json.loads(line)\n    {behaviour}\n"
    )
    return [sys.executable, "-I", "-c", code]


class Project:
    """A folder with two modules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = FileStore()
        self.around = Surroundings(root, (str(root),))
        self.write("models", MODELS)
        self.views = self.write("views", VIEWS)
        self.question = Question(self.views, 4, 5, ("f", 7))

    def write(self, name: str, text: str) -> Path:
        """Write a module."""
        path = self.root / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    def ask(self, bridge: JediBridge, *questions: Question) -> dict[Question, Answer]:
        """The answers to questions, or to the one about `order`."""
        return bridge.ask(self.around, questions or (self.question,), self.store)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project."""
    return Project(tmp_path)


def names(answer: Answer) -> list[str]:
    """The classes of an answer."""
    return [f"{definition.module}.{definition.name}" for definition in answer]


def test_answers_with_the_class_and_its_file(project: Project) -> None:
    bridge = JediBridge()
    answer = project.ask(bridge)[project.question]
    bridge.close()
    assert answer == (Definition("models", "Order", str(project.root / "models.py")),)


def test_remembers_answers(project: Project) -> None:
    bridge = JediBridge()
    first = project.ask(bridge)
    bridge._stop()
    again = project.ask(bridge)
    assert again == first
    assert bridge.recall(project.around, project.question, project.store) == first[project.question]
    assert (bridge.starts, bridge.asked) == (1, 1)


@pytest.mark.parametrize("name", ["views", "models"])
def test_asks_again_when_a_file_changed_that_the_answer_rests_on(project: Project, name: str) -> None:
    bridge = JediBridge()
    project.ask(bridge)
    project.write(name, {"views": VIEWS + "\n", "models": MODELS.replace("Order", "Bill")}[name])
    assert bridge.recall(project.around, project.question, project.store) is None
    answer = project.ask(bridge)[project.question]
    bridge.close()
    assert names(answer) == [{"views": "models.Order", "models": "models.Bill"}[name]]
    assert (bridge.starts, bridge.asked) == (1, 2)


def test_what_its_parent_has_in_use_is_not_the_workers(project: Project) -> None:
    bridge = JediBridge()
    ours = bytearray(300_000_000)
    ours[::4096] = b"x" * len(ours[::4096])
    project.ask(bridge)
    project.write("views", VIEWS + "\n")
    project.ask(bridge)
    bridge.close()
    assert (bridge.starts, bridge.asked) == (1, 2)


def test_keeps_answers_when_other_files_change(project: Project) -> None:
    bridge = JediBridge()
    project.write("other", "a = 1\n")
    project.ask(bridge)
    project.write("other", "a = 2\n")
    project.ask(bridge)
    bridge.close()
    assert bridge.asked == 1


def test_sees_open_buffers_and_their_closing(project: Project) -> None:
    bridge = JediBridge()
    found = [names(project.ask(bridge)[project.question])]
    project.store.set_overlay(project.root / "models.py", MODELS.replace("Order", "Draft").encode())
    found.append(names(project.ask(bridge)[project.question]))
    project.store.set_overlay(project.views, VIEWS.replace("some()", "3").encode())
    found.append(names(project.ask(bridge)[project.question]))
    project.store.clear_overlay(project.views)
    project.store.clear_overlay(project.root / "models.py")
    found.append(names(project.ask(bridge)[project.question]))
    bridge.close()
    assert found == [["models.Order"], ["models.Draft"], ["builtins.int"], ["models.Order"]]


def test_guesses_by_the_function_until_it_is_asked_again(project: Project) -> None:
    bridge = JediBridge()
    project.ask(bridge)
    project.write("views", "# moved\n" + VIEWS)
    moved = project.question._replace(line=5)
    assert bridge.recall(project.around, moved, project.store) is None
    assert names(bridge.guess(moved)) == ["models.Order"]
    assert bridge.guess(moved._replace(near=("g", 7))) == ()
    bridge.close()


@pytest.mark.parametrize("behaviour", [HANGS, DIES, BABBLES, WRONG, LATE])
def test_gives_up_after_some_failures_and_says_so_once(
    project: Project, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setattr(jedi_bridge, "START", 0.0)
    said: list[str] = []
    bridge = JediBridge(said.append, start=lambda: stand_in(behaviour), deadline=0.3)
    questions = [project.question._replace(column=column) for column in range(FAILURES + 2)]
    answers = project.ask(bridge, *questions)
    # What was tried counts as not known, what was not even tried is left open.
    assert answers == dict.fromkeys(questions[:FAILURES], ())
    assert (bridge.starts, bridge.asked, bridge.is_usable) == (FAILURES, FAILURES, False)
    assert len(said) == 1
    assert "jedi is not asked any more" in said[0]
    assert str(project.views) in said[0]


def test_is_killed_and_restarted_when_it_overruns(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jedi_bridge, "START", 0.0)
    commands = iter([stand_in(HANGS), command()])
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*args: object, **keywords: object) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **keywords))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    said: list[str] = []
    bridge = JediBridge(said.append, start=lambda: next(commands), deadline=0.3)
    hopeless = project.question._replace(column=0)
    assert project.ask(bridge, hopeless) == {hopeless: ()}
    assert started[0].poll() is not None
    bridge._deadline = 60.0
    assert names(project.ask(bridge)[project.question]) == ["models.Order"]
    # A good answer makes good for a failure, and the question that was too hard is not asked again.
    assert project.ask(bridge, hopeless) == {hopeless: ()}
    assert (bridge.starts, bridge.asked, said) == (2, 2, [])
    bridge.close()
    assert started[1].poll() is not None


def test_answers_the_next_question_when_the_process_was_killed_between_two(project: Project) -> None:
    said: list[str] = []
    bridge = JediBridge(said.append)
    assert names(project.ask(bridge)[project.question]) == ["models.Order"]
    for kills in range(1, FAILURES + 2):
        assert bridge._process is not None
        worker = bridge._process._process
        worker.kill()
        worker.wait(20)
        project.write("views", f"{VIEWS}# {kills}\n")
        assert names(project.ask(bridge)[project.question]) == ["models.Order"]
        assert bridge.starts == 1 + kills
    # Nobody failed at a question, so nobody is given up.
    assert said == []
    bridge.close()


def test_starts_anew_when_the_process_has_become_big(project: Project) -> None:
    bridge = JediBridge(start=lambda: stand_in(GREEDY))
    for column in range(FAILURES + 1):
        project.ask(bridge, project.question._replace(column=column))
    bridge.close()
    assert bridge.starts == FAILURES + 1


def test_patience_ends(project: Project) -> None:
    said: list[str] = []
    bridge = JediBridge(said.append, start=lambda: stand_in(GREEDY), patience=0.0001)
    questions = [project.question, project.question._replace(column=2)]
    # The one that used it up is answered, and no other.
    assert len(project.ask(bridge, *questions)) == 1
    assert bridge.starts == 1
    assert len(said) == 1
    assert "altogether" in said[0]


def test_without_jedi_nothing_is_known(project: Project) -> None:
    said: list[str] = []
    bridge = JediBridge(said.append, start=lambda: None)
    assert project.ask(bridge) == {}
    assert not bridge.is_usable
    assert said == []


def test_a_file_that_is_gone_has_no_answer(project: Project) -> None:
    bridge = JediBridge(start=lambda: pytest.fail("there is nothing to ask"))
    gone = project.question._replace(path=project.root / "gone.py")
    assert project.ask(bridge, gone) == {gone: ()}


def test_answers_in_the_background(project: Project) -> None:
    bridge, done = JediBridge(), threading.Event()
    bridge.later(project.around, [project.question], project.store, done.set)
    assert done.wait(60)
    answer = bridge.recall(project.around, project.question, project.store)
    bridge.close()
    assert answer is not None
    assert names(answer) == ["models.Order"]


def test_closing_ends_a_wait(project: Project) -> None:
    bridge, done = JediBridge(start=lambda: stand_in(HANGS), deadline=600), threading.Event()
    bridge.later(project.around, [project.question], project.store, done.set)
    while bridge._process is None:
        assert not done.is_set()
    bridge.close()
    assert done.wait(60)
    assert not bridge.is_usable

"""What is asked of others, and what their answers change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from django_uplift.engine.findings import Confidence
from django_uplift.engine.registry import load
from django_uplift.engine.run import Checked, Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.types.jedi_bridge import JediBridge, Surroundings
from django_uplift.types.questions import Answer, Definition, Question
from tests.flow.support import SHOP

REPOSITORY = """\
from typing import Generic, TypeVar

T = TypeVar("T")


class Repository(Generic[T]):
    def one(self) -> T: ...
"""
VIEWS = """\
from lib import Repository
from shop.models import Order


async def view(orders: Repository[Order]):
    order = orders.one()
    return order.customer.name
"""
ORDER = Definition("shop.models", "Order")
CUSTOMER = Definition("shop.models", "Customer")


class Told(JediBridge):
    """Gives the answers that it was told to, by the last line of the text that is asked about."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(start=lambda: pytest.fail("no process is wanted"))
        self.answers = answers
        self.questions: list[Question] = []

    def _answer(self, around: Surroundings, question: Question, store: FileStore) -> Answer | None:
        self.questions.append(question)
        return self.answers[min(len(self.questions), len(self.answers)) - 1]


class Project:
    """A shop, and an engine with a bridge on it."""

    def __init__(self, root: Path, bridge: JediBridge | None, *, jedi: bool = True) -> None:
        self.root = root
        self.store = FileStore()
        models = (SHOP / "models.py").read_text(encoding="utf-8")
        for name, text in {"shop/__init__.py": "", "shop/models.py": models, "lib.py": REPOSITORY}.items():
            self.write(name, text)
        options = {"target_version": "5.2", "select": ("DUA",), "jedi": jedi}
        workspace = Workspace(self.store, options, isolated=True, base=root)
        self.engine = Engine(load(), workspace, bridge=None if bridge is None else lambda: bridge)

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def check(self, text: str, name: str = "views.py") -> Checked:
        """Check a text as a file of the project's."""
        return self.engine.check(self.write(name, text))


def found(checked: Checked) -> list[tuple[str, str, Confidence]]:
    """Codes, what they mark, and how sure they are."""
    assert checked.source is not None
    text = checked.source.text
    return [(f.rule.code, text[f.span.start : f.span.end], f.confidence) for f in checked.findings]


@pytest.fixture
def bridge() -> Iterator[JediBridge]:
    """A way to the real jedi."""
    bridge = JediBridge(pytest.fail)
    yield bridge
    bridge.close()


def test_jedi_finds_what_our_own_inference_cannot(tmp_path: Path, bridge: JediBridge) -> None:
    assert found(Project(tmp_path, None).check(VIEWS)) == []
    checked = Project(tmp_path, bridge).check(VIEWS)
    assert found(checked) == [("DUA103", "customer", Confidence.LIKELY)]
    assert checked.is_settled


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    bridge = Told((ORDER,))
    assert found(Project(tmp_path, bridge, jedi=False).check(VIEWS)) == []
    assert bridge.questions == []


def test_an_answer_is_never_certain(tmp_path: Path) -> None:
    text = VIEWS.replace("return order.customer.name", "order.save()")
    checked = Project(tmp_path, Told((ORDER,))).check(text)
    assert found(checked) == [("DUA101", "order.save()", Confidence.LIKELY)]


def test_answers_about_other_files_count_where_they_lead(tmp_path: Path) -> None:
    bridge = Told((ORDER,))
    project = Project(tmp_path, bridge)
    helper = (
        "from lib import Repository\n\n\ndef name(orders: Repository):\n    return orders.one().customer\n"
    )
    path = project.write("helper.py", helper)
    checked = project.check("from helper import name\n\n\nasync def view(orders):\n    return name(orders)\n")
    assert [code for code, _, _ in found(checked)] == ["DUA106"]
    assert {question.path for question in bridge.questions} == {path}


def test_one_answer_raises_the_next_question(tmp_path: Path) -> None:
    bridge = Told((Definition("lib", "Holder"),), (ORDER,))
    project = Project(tmp_path, bridge)
    project.write("lib.py", "class Holder:\n    def held(self):\n        return eval('x')\n\n\nmake = 1\n")
    text = "from lib import make\n\n\nasync def view():\n    return make.held().customer.name\n"
    checked = project.check(text)
    assert len(bridge.questions) == 2
    assert [code for code, _, _ in found(checked)] == ["DUA103"]


@pytest.mark.parametrize(
    "answer",
    [
        (),
        (Definition("builtins", "dict"),),
        (Definition("nowhere", "Thing"),),
        (ORDER, CUSTOMER, Definition("shop.models", "Product"), Definition("shop.models", "Tag")),
    ],
    ids=["none", "builtin", "unknown", "too many"],
)
def test_answers_that_say_nothing(tmp_path: Path, answer: Answer) -> None:
    checked = Project(tmp_path, Told(answer)).check(VIEWS)
    assert found(checked) == []
    assert checked.is_settled


def test_querysets_know_their_model_from_the_brackets(tmp_path: Path) -> None:
    text = (
        "from lib import thing\n\n\nasync def view():\n    return thing().filter(pk=1).get().customer.name\n"
    )
    queryset = Definition("django.db.models.query", "QuerySet", of=ORDER)
    codes = [code for code, _, _ in found(Project(tmp_path, Told((queryset,))).check(text))]
    assert codes == ["DUA101", "DUA103"]


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("thing().save()", True),
        ("thing().save(update_fields=['a'])", True),
        ("thing().save('a.png')", False),
        ("thing().save(format='png')", False),
        ("thing().get(pk=1)", True),
        ("thing().get(a__b=1)", True),
        ("thing().get('a')", False),
        ("thing().get(url='a')", False),
        ("thing().create(model='a')", False),
        ("thing().select_related('a')", True),
        ("thing().count()", True),
        ("thing().count('a')", False),
        ("thing().customer", True),
        ("thing().colour", False),
        ("thing().customer()", False),
        ("given.customer", False),
        ("given.all()", False),
        ("[each.customer for each in given.rows()]", False),
        ("[each.customer for each in thing()]", True),
        ("self_made.customer", False),
    ],
)
def test_asks_for_little(tmp_path: Path, code: str, asks: bool) -> None:
    bridge = Told(())
    text = f"from lib import thing\n\n\nasync def view(given):\n    self_made = given.x\n    return {code}\n"
    Project(tmp_path, bridge).check(text)
    assert bool(bridge.questions) == asks


def test_what_is_known_is_not_asked(tmp_path: Path) -> None:
    bridge = Told(())
    text = VIEWS.replace("Repository[Order]", "list[Order]").replace("orders.one()", "orders[0]")
    assert [code for code, _, _ in found(Project(tmp_path, bridge).check(text))] == ["DUA103"]
    assert bridge.questions == []


def test_answers_last_until_a_file_changes(tmp_path: Path, bridge: JediBridge) -> None:
    project = Project(tmp_path, bridge)
    for _ in range(2):
        assert len(project.check(VIEWS).findings) == 1
        project.engine.forget()
    assert bridge.asked == 1
    project.engine.forget(project.write("lib.py", f"{REPOSITORY}# more\n"))
    assert len(project.check(VIEWS).findings) == 1
    assert (bridge.asked, bridge.starts) == (2, 1)


def test_explain_silence_knows_the_answers(tmp_path: Path, bridge: JediBridge) -> None:
    project = Project(tmp_path, bridge)
    told = project.engine.explain_silence(project.write("views.py", VIEWS), 7)
    assert "order: one of: an instance of the model Order" in told

"""What is remembered between questions, and when it is forgotten."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.flow.support import SHOP

VIEWS = """\
import time

from lib import helper


async def view(request):
    time.sleep(1)
    return helper()
"""
QUERIES = "from shop.models import Order\n\n\ndef helper():\n    return Order.objects.count()\n"
QUIET = "def helper():\n    return 1\n"


class Store(FileStore):
    """Remembers which files were read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def read(self, path: Path) -> bytes:
        """Read a file."""
        self.reads.append(path.name)
        return super().read(path)

    def view(self) -> FileStore:
        """Itself: what a project reads counts."""
        return self


class Project:
    """A folder with files, and an engine on it."""

    def __init__(self, root: Path, **files: str) -> None:
        self.root = root
        self.store = Store()
        texts = {"shop/__init__.py": "", "shop/models.py": (SHOP / "models.py").read_text(encoding="utf-8")}
        for name, text in {**texts, **{f"{name}.py": text for name, text in files.items()}}.items():
            self.write(name, text)
        options = {"target_version": "5.2", "select": ("DUA",)}
        self.engine = Engine(load(), Workspace(self.store, options, isolated=True, base=root))

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def codes(self, name: str) -> list[str]:
        """The codes of a file's findings."""
        return [finding.rule.code for finding in self.engine.check(self.root / name).findings]


def test_a_change_in_a_helper_reaches_its_callers(tmp_path: Path) -> None:
    """On the disk, and in an editor's buffer."""
    project = Project(tmp_path, views=VIEWS, lib=QUERIES)
    assert project.codes("views.py") == ["DUA401", "DUA106"]
    project.write("lib.py", QUIET)
    project.engine.forget(tmp_path / "lib.py")
    assert project.codes("views.py") == ["DUA401"]
    project.store.set_overlay(tmp_path / "lib.py", QUERIES.encode())
    project.engine.forget(tmp_path / "lib.py")
    assert project.codes("views.py") == ["DUA401", "DUA106"]


def test_what_was_remembered_goes_with_the_settings(tmp_path: Path) -> None:
    """Each change of the settings makes modules of its own."""
    project = Project(tmp_path, views=VIEWS, lib=QUERIES)
    kept = []
    for _ in range(3):
        assert project.codes("views.py") == ["DUA401", "DUA106"]
        modules = project.engine.project_of(tmp_path / "views.py").modules
        assert len(modules.sessions) == 1
        kept += [weakref.ref(modules), *map(weakref.ref, modules.sessions.values())]
        del modules
        project.engine.forget()
    gc.collect()
    assert [ref() for ref in kept] == [None] * 6


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    """Each file says the same, whoever is asked first."""
    service = (
        "from shop.models import Order\n\n\nasync def name(order: Order):\n    return order.customer.name\n"
    )
    views = "from service import name\nfrom shop.models import Order\n\n\nasync def view(request):\n"
    views += "    return await name(await Order.objects.aget(pk=1))\n"
    for order in (("service.py", "views.py"), ("views.py", "service.py")):
        root = tmp_path / order[0]
        root.mkdir()
        project = Project(root, service=service, views=views)
        assert {name: project.codes(name) for name in order} == {"service.py": ["DUA103"], "views.py": []}


def test_an_edited_text_is_played_anew(tmp_path: Path) -> None:
    """Also while the disk has another."""
    project = Project(tmp_path, views=VIEWS, lib=QUERIES)
    path = tmp_path / "views.py"
    for text, codes in (
        (VIEWS, ["DUA401", "DUA106"]),
        (VIEWS.replace("return helper()", "return 1"), ["DUA401"]),
        (VIEWS.replace("    time.sleep(1)\n", ""), ["DUA106"]),
        (VIEWS, ["DUA401", "DUA106"]),
    ):
        assert [finding.rule.code for finding in project.engine.check_text(path, text).findings] == codes


def test_ruff_reports_what_it_knows(tmp_path: Path) -> None:
    """Where its ASYNC rules are on, the same calls are not reported twice."""
    project = Project(tmp_path, views=VIEWS, lib=QUERIES)
    project.write("pyproject.toml", '[tool.ruff.lint]\nselect = ["E", "ASYNC"]\n')
    assert project.codes("views.py") == ["DUA106"]


SERVICE = "from shop.models import Order\n\n\nasync def {0}(order: Order):\n    return order.customer.name\n"
CALLER = """\
from service import name
from shop.models import Order


async def view(request):
    return await name(await Order.objects.select_related("customer").aget(pk=1))
"""


def test_a_new_caller_is_heard(tmp_path: Path) -> None:
    """Who calls a function is asked anew once a file has changed."""
    project = Project(tmp_path, service=SERVICE.format("name"), views="async def view(request): ...\n")
    assert project.codes("service.py") == ["DUA103"]
    project.write("views.py", CALLER)
    project.engine.forget(tmp_path / "views.py")
    assert project.codes("service.py") == []


def test_files_are_not_read_for_every_function(tmp_path: Path) -> None:
    """However many there are whose callers could tell more."""
    reads = []
    for several in (2, 6):
        services = {f"service{n}": SERVICE.format(f"name{n}") for n in range(several)}
        project = Project(tmp_path / str(several), **services, bystander="async def alone(): ...\n")
        for name in services:
            assert project.codes(f"{name}.py") == ["DUA103"]
        reads.append(project.store.reads.count("bystander.py"))
    assert reads[0] == reads[1] > 0

"""What jedi is kept from: the project's interpreter, its code, stubs that make it blind, and the parent's absence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.types import jedi_worker
from django_uplift.types.jedi_bridge import JediBridge, Surroundings, command
from django_uplift.types.questions import Answer, Definition, Question

VIEWS = """\
import conftest
import lib.helper
import shop_ext
import trap
from installed import thing

import antigravity

a = trap.value()
b = shop_ext.value()
c = thing()
d = conftest.value()
e = lib.helper.value()
f = antigravity.geohash()
a, b, c, d, e, f
"""
# Runs the worker with every import, process and evaluated file on record.
AUDIT = """\
import sys
log = open(sys.argv[1], "w", encoding="utf-8")
def hook(event, args):
    if event in ("import", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "exec", "compile"):
        code = getattr(args[0], "co_filename", args[0])
        what = code if event == "exec" else args[1] if event == "compile" else args[:2]
        print(event, what, file=log, flush=True)
sys.addaudithook(hook)
sys.argv[:] = sys.argv[2:]
code = compile(open(sys.argv[0], encoding="utf-8").read(), sys.argv[0], "exec")
exec(code, {"__name__": "__main__", "__file__": sys.argv[0]})
"""


def write(root: Path, name: str, text: str) -> Path:
    """Write a file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ask(root: Path, text: str, *places: tuple[int, int], sys_path: tuple[Path, ...] = ()) -> list[Answer]:
    """What jedi says of places in a text."""
    path = write(root, "views.py", text)
    bridge = JediBridge()
    around = Surroundings(root, (str(root), *map(str, sys_path)))
    questions = [Question(path, line, column) for line, column in places]
    answers = bridge.ask(around, questions, FileStore())
    bridge.close()
    return [answers[question] for question in questions]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace full of traps: each leaves a mark beside the workspace if it is run."""
    root = tmp_path / "workspace"
    mark = tmp_path / "mark"
    leave = f"open({str(mark)!r}, 'a').write(__file__)\n"
    code = f"{leave}\n\nclass Thing: ...\n\n\ndef value():\n    return Thing()\n\n\nthing = value\n"
    packages = root / ".venv/lib/python3.11/site-packages"
    for name in (
        "trap.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "lib/__init__.py", "lib/helper.py", "jedi.py",
        "parso.py", "json.py",
    ):  # fmt: skip
        write(root, name, code)
    for name in ("installed.py", "sitecustomize.py"):
        write(packages, name, code)
    write(packages, "evil.pth", f"import os; open({str(mark)!r}, 'a').write('pth')\n")
    write(root, ".venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.0\n")
    for name in ("python", "python3"):
        write(root, f".venv/bin/{name}", f"#!/bin/sh\necho python >> {mark}\n").chmod(0o755)
    # Compiled modules that can be loaded: one of the project's, and one that is called as one that does things.
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    extensions = sorted(Path(sysconfig.get_config_var("DESTSHARED") or "").glob("*.so"))
    if extensions:
        for name in ("shop_ext", "antigravity"):
            shutil.copy(extensions[0], root / f"{name}{suffix}")
    return root


def test_runs_nothing_of_the_workspace(workspace: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    path = write(workspace, "views.py", VIEWS)
    real = command()
    assert real is not None
    script = real[3:]
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", AUDIT, str(log), *script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=workspace,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    found = {}
    packages = workspace / ".venv/lib/python3.11/site-packages"
    for number, column in enumerate(range(1, 17, 3)):
        request = {
            "id": number,
            "root": str(workspace),
            "sys_path": [str(workspace), str(packages)],
            "path": str(path),
            "text": VIEWS,
            "line": VIEWS.count("\n"),
            "column": column,
            "overlays": {},
            "files": "",
        }
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        reply = json.loads(process.stdout.readline())
        assert reply["error"] == ""
        found["abcdef"[number]] = [definition[0] for definition in reply["found"]]
    process.stdin.close()
    process.wait(60)
    process.stdout.close()
    # It did read them.
    assert found == {
        "a": ["trap"],
        "b": [],
        "c": ["installed"],
        "d": ["conftest"],
        "e": ["lib.helper"],
        "f": ["builtins"],
    }
    assert not (tmp_path / "mark").exists()
    events = log.read_text(encoding="utf-8").splitlines()
    assert any(event.startswith("import ") for event in events)
    assert [event for event in events if not event.startswith(("import ", "compile ", "exec "))] == []
    assert [event for event in events if str(workspace) in event] == []
    assert [event for event in events if "antigravity.py" in event] == []


def test_hides_installed_stubs(tmp_path: Path) -> None:
    django = tmp_path / "site-packages"
    for name, text in {
        "__init__": "",
        "db/__init__": "",
        "db/models/__init__": "from django.db.models.base import Model\nfrom django.db.models.query import QuerySet\n",
        "db/models/base": "class ModelBase(type): ...\nclass Model(metaclass=ModelBase): ...\n",
        "db/models/query": "class QuerySet: ...\n",
        "db/models/manager": "class BaseManager: ...\n",
    }.items():
        write(django, f"django/{name}.py", text)
    text = "from django.db import models\n\n\nclass Order(models.Model): ...\n\n\norders = Order.objects\norders\n"
    root = tmp_path / "project"
    order = Definition("views", "Order", str(root / "views.py"))
    expected = [("django.db.models.manager", "BaseManager", order)]
    [answer] = ask(root, text, (8, 1), sys_path=(django,))
    assert [(found.module, found.name, found.of) for found in answer] == expected
    # With stubs in which nothing is what it is the answer stays the same.
    for name in ("__init__", "db/__init__", "db/models/__init__", "db/models/base", "db/models/manager"):
        write(django, f"django-stubs/{name}.pyi", "class Model: ...\nclass BaseManager: ...\n")
    [answer] = ask(root, text, (8, 1), sys_path=(django,))
    assert [(found.module, found.name, found.of) for found in answer] == expected


def test_tells_what_ends_in_brackets(tmp_path: Path) -> None:
    text = (
        "from typing import Generic, TypeVar\n\nT = TypeVar('T')\n\n\nclass Order: ...\n\n\n"
        "class Repository(Generic[T]):\n    def one(self) -> T: ...\n    def many(self) -> list[T]: ...\n\n\n"
        "async def view(repository: Repository[Order]):\n    repository.one().save()\n"
        "    repository.many()[0].save()\n    (await later()).save()\n    Order.save()\n\n\n"
        "async def later() -> Order: ...\n"
    )
    path = str(tmp_path / "views.py")
    order = Definition("views", "Order", path)
    answers = ask(tmp_path, text, (15, 20), (16, 24), (17, 19), (18, 9))
    assert answers == [(order,), (order,), (order,), (order._replace(is_class=True),)]


def test_ends_with_its_parent_in_the_middle_of_an_answer(tmp_path: Path) -> None:
    # The worker's own loop, with an oracle that never answers.
    code = (
        "import sys, time\n"
        f"sys.path.insert(0, {str(Path(jedi_worker.__file__).parent)!r})\n"
        "import jedi_worker\n"
        "for line in jedi_worker._lines(sys.stdin.buffer):\n"
        "    print('busy', flush=True)\n"
        "    while True: pass\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("{}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "busy\n"
    process.stdin.close()
    assert process.wait(60) == 0
    process.stdout.close()


def test_gives_up_by_the_cpu_that_an_answer_takes() -> None:
    code = (
        "import sys, time\n"
        f"sys.path.insert(0, {str(Path(jedi_worker.__file__).parent)!r})\n"
        "import jedi_worker\n"
        "watch = jedi_worker.Watch(0.2)\n"
        "watch.start()\n"
        "time.sleep(0.6)\n"  # takes no CPU
        "watch.stop()\n"
        "end = time.process_time() + 0.6\n"
        "while time.process_time() < end: pass\n"  # nobody watches
        "print('alive', flush=True)\n"
        "watch.start()\n"
        "while True: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (1, "alive\n")

"""A workspace that nobody has vouched for: whatever in it could run leaves a mark, and none may.

The server is started in the workspace itself, which is what most editors do, and the workspace's own configuration
turns on all that can be turned on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.support import SHOP
from tests.lsp.conftest import BAD, environment
from tests.lsp.soak import CAPABILITIES
from tests.lsp.test_jedi import LIB, VIEWS
from tests.lsp.wire import Wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts and links")

# Python itself imports these when it is started with -m, before anything of ours runs.
NEEDED_TO_START = ("importlib", "encodings", "email")
# What the server, jedi and the rules import, or may look for, at any time: Python would take the working folder's.
MODULES = (
    *(
        "django_uplift_rules",
        "pygls",
        "lsprotocol",
        "jedi",
        "parso",
        "libcst",
        "attrs",
        "cattrs",
        "packaging",
        "tomli",
    ),
    *(
        "pathspec",
        "gi",
        "ast",
        "json",
        "typing",
        "asyncio",
        "sitecustomize",
        "usercustomize",
        "conftest",
        "manage",
    ),
    *("setup", "noxfile", "numpy", "hostile_pack", "readline", "rlcompleter"),
)
VENV = ".venv/lib/python3.{}/site-packages"


class Workspace:
    """The folder with the traps."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "wörk space"
        self.mark = folder / "mark"
        self.root.mkdir()
        self.python = f"open({str(self.mark)!r}, 'a').write(__file__ + chr(10))\n"
        self.shell = f"#!/bin/sh\necho \"$0\" >> '{self.mark}'\nexec '{sys.executable}' \"$@\"\n"
        self._modules()
        self._environment()
        self._project(folder)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def _modules(self) -> None:
        for name in MODULES:
            self.write(f"{name}.py", self.python)
        for name in ("django", "pytest_hostile", *NEEDED_TO_START):
            self.write(f"{name}/__init__.py", self.python)
        self.write("hostile_pack/family/hostile_rule.py", self.python)
        self.write("hostile_pack/__init__.py", self.python)

    def _environment(self) -> None:
        for minor in {10, 11, 12, 13, sys.version_info[1]}:
            site = VENV.format(minor)
            self.write(f"{site}/trap.pth", f"import os; {self.python}")
            self.write(f"{site}/sitecustomize.py", self.python)
            self.write(f"{site}/jedi/__init__.py", self.python)
            self.write(f"{site}/hostile_pack/__init__.py", self.python)
            self.write(f"{site}/hostile_pack/family/__init__.py", "")
            self.write(f"{site}/hostile_pack/family/hostile_rule.py", self.python)
            points = "[django_uplift.rules]\nhostile = hostile_pack\n"
            self.write(f"{site}/hostile_pack-1.0.dist-info/entry_points.txt", points)
            self.write(f"{site}/__editable___hostile_finder.py", self.python + "MAPPING = {'x': '/tmp'}\n")
            self._native(f"{site}/native{sysconfig.get_config_var('EXT_SUFFIX')}")
        self.write("hostile_pack-1.0.dist-info/entry_points.txt", points)
        self.write(".venv/pyvenv.cfg", f"home = {self.root}/.venv/bin\nversion = 3.11.2\n")
        for name in (
            "python",
            "python3",
            "python3.11",
            "pip",
            "django-admin",
            "activate",
            "git",
            "uv",
            "poetry",
        ):
            self.write(f".venv/bin/{name}", self.shell, 0o755)
            self.write(f"bin/{name}", self.shell, 0o755)
            self.write(name, self.shell, 0o755)
        hook = self.write(".git/hooks/post-checkout", self.shell, 0o755)
        self.write(".git/config", f"[core]\nfsmonitor = '{hook}'\nhooksPath = .git/hooks\n")
        self.write(".git/HEAD", "ref: refs/heads/main\n")

    def _native(self, name: str) -> None:
        """A module of machine code, for which jedi would have to run it to know what is inside."""
        compiler = shutil.which("cc")
        if compiler is None:
            return
        path = self.root / name
        if not hasattr(self, "_library"):
            code = (
                "#include <stdio.h>\n__attribute__((constructor)) static void run(void)"
                f'{{ FILE *f = fopen("{self.mark}", "a"); fputs("native\\n", f); fclose(f); }}\n'
            )
            source = self.write("native.c", code)
            subprocess.run([compiler, "-shared", "-fPIC", "-o", path, source], check=True)
            self._library = path
        else:
            shutil.copy(self._library, path)
        shutil.copy(self._library, self.root / path.name)

    def _project(self, folder: Path) -> None:
        (folder / "outside").mkdir()
        (folder / "outside/secret.py").write_text(BAD)
        (self.root / "link").symlink_to(folder / "outside", target_is_directory=True)
        (self.root / "loop").symlink_to(self.root, target_is_directory=True)
        (self.root / "requirements.txt").write_text(
            "Django>=4.2\n-r /dev/zero\n-r ../../../../etc/passwd\n-e .\n"
        )
        self.write("shop/__init__.py", self.python)
        self.write("shop/models.py", (SHOP / "models.py").read_text(encoding="utf-8") + self.python)
        self.write("settings.py", self.python + "USE_L10N = True\nINSTALLED_APPS = ['shop', 'native']\n")
        self.write("lib.py", LIB + self.python)
        self.write(
            "pyproject.toml",
            '[tool.django-uplift]\ntarget-version = "4.2"\njedi = true\n'
            'environment = ".venv"\nsource-roots = [".", "/"]\n'
            'select = ["ALL"]\n[tool.django]\nsettings = "settings"\n[build-system]\nrequires = []\n'
            'build-backend = "conftest"\nbackend-path = ["."]\n[tool.pytest.ini_options]\naddopts = "-p conftest"\n'
            f"# {'x' * 3_000_000}\n",
        )

    def marks(self) -> str:
        return self.mark.read_text() if self.mark.exists() else ""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def started_by(how: str, workspace: Workspace) -> list[str]:
    """The command as an installed script, or by Python's option for modules."""
    if how == "script":
        script = workspace.root.parent / "bin/django-uplift"
        script.parent.mkdir()
        script.write_text("import sys\nfrom django_uplift.cli.main import main\nsys.exit(main())\n")
        return [sys.executable, str(script)]
    if how == "-m":
        for name in NEEDED_TO_START:
            shutil.rmtree(workspace.root / name)
        return [sys.executable, "-m", "django_uplift"]
    if sys.version_info < (3, 11):
        pytest.skip("-P came with Python 3.11")
    return [sys.executable, "-P", "-m", "django_uplift"]


@pytest.fixture(params=["script", "-m", "-P -m"])
def command(request: pytest.FixtureRequest, workspace: Workspace) -> list[str]:
    return started_by(request.param, workspace)


@pytest.fixture
def wire(workspace: Workspace, command: list[str], tmp_path: Path) -> Iterator[Wire]:
    # The environment that a shell has in which the project's own is active.
    root = workspace.root
    env = environment(
        DJANGO_UPLIFT_CACHE_DIR=str(tmp_path / "cache"),
        VIRTUAL_ENV=str(root / ".venv"),
        DJANGO_SETTINGS_MODULE="settings",
        PATH=f"{root / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
    )
    client = Wire([*command, "--stdio"], root, env)
    yield client
    client.close()


def _everything(wire: Wire, workspace: Workspace) -> None:
    """Use all that reads the project, jedi and packages included."""
    root = workspace.root
    text = (
        VIEWS
        + "from native import thing\nimport gi\ngi.thing\n"
        + BAD
        + "async def f(): thing().customer.name\n"
    )
    (root / "views.py").write_text(text)
    uri = (root / "views.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    place = {"textDocument": {"uri": uri}, "position": {"line": 6, "character": 20}}
    wire.request("textDocument/hover", place)
    wire.request("textDocument/completion", place)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 50, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}}
    for action in wire.request("textDocument/codeAction", params) or ():
        if "data" in action:
            wire.answer(wire.ask("codeAction/resolve", action))
    for command in ("debugInformation", "projectInformation", "plan", "reindex"):
        arguments = [uri] if command in ("debugInformation", "projectInformation") else [{}]
        wire.answer(
            wire.ask(
                "workspace/executeCommand", {"command": f"djangoUplift.{command}", "arguments": arguments}
            )
        )
    # jedi was asked, and has answered: the finding that only it can make is there.
    wire.wait(
        "finding of jedi's",
        lambda: any(d["code"] == "DUA103" for d in wire.published.get(uri, {}).get("diagnostics", ())),
    )
    settings = (root / "settings.py").as_uri()
    wire.wait(
        "finding in a file that is not open",
        lambda: bool(wire.published.get(settings, {}).get("diagnostics")),
    )


def test_nothing_of_it_runs(wire: Wire, workspace: Workspace) -> None:
    wire.start(workspace.root, CAPABILITIES, initializationOptions={"diagnosticMode": "workspace"})
    wire.settings = {"diagnosticMode": "workspace"}
    _everything(wire, workspace)
    assert workspace.marks() == ""
    assert wire.errors() == []
    # Nor is anything in it written.
    assert not list(workspace.root.rglob("__pycache__"))
    assert not list(workspace.root.rglob(".django-uplift*"))
    assert wire.leave() == 0
    assert workspace.marks() == ""


def test_the_traps_work(workspace: Workspace) -> None:
    """Lest the test above passes because nothing would leave a mark."""
    subprocess.run([sys.executable, "-c", "import conftest, django"], cwd=workspace.root, check=True)
    subprocess.run([workspace.root / ".venv/bin/python", "-c", ""], check=True)
    site = workspace.root / VENV.format(sys.version_info[1])
    subprocess.run([sys.executable, "-c", f"import site; site.addsitedir({str(site)!r})"], check=True)
    marks = workspace.marks()
    assert "conftest.py" in marks and "django/__init__.py" in marks and ".venv/bin/python" in marks
    assert len(marks.splitlines()) > 3


def test_the_command_runs_nothing_either(workspace: Workspace, command: list[str], tmp_path: Path) -> None:
    """Started in the project, as everybody does."""
    env = environment(DJANGO_UPLIFT_CACHE_DIR=str(tmp_path / "cache"))
    (workspace.root / "views.py").write_text(VIEWS)
    for options in (["--check"], ["--list-rules"], ["--plan", "--from", "4.2", "--to", "6.1"], ["--diff"]):
        done = subprocess.run(
            [*command, *options], cwd=workspace.root, env=env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode in (0, 1), done.stderr
        assert workspace.marks() == ""


@pytest.mark.parametrize("cache", ["cache", "./cache", "~/cache"])
def test_a_cache_folder_of_the_project_is_not_used(workspace: Workspace, cache: str) -> None:
    """Its rules could be made to look as if they had found nothing."""
    workspace.write("cache/anything.json", "{}")
    env = environment(DJANGO_UPLIFT_CACHE_DIR=cache, HOME=str(workspace.root.parent / "home"))
    (workspace.root / "views.py").write_text(BAD)
    done = subprocess.run(
        [*started_by("script", workspace), "--check", "views.py"],
        cwd=workspace.root,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "DUR4001" in done.stdout, done.stderr
    assert [path.name for path in (workspace.root / "cache").iterdir()] == ["anything.json"]
    assert not (workspace.root / "~").exists()


def test_an_environment_that_leads_out_of_the_workspace_is_only_read(
    workspace: Workspace, wire: Wire
) -> None:
    """`environment` may name any folder: what lies there is read as source, and a file that is none is left alone."""
    config = '[tool.django-uplift]\ntarget-version = "4.2"\njedi = true\nenvironment = "/dev"\nexclude = []\n'
    workspace.write("pyproject.toml", config)
    wire.start(workspace.root, CAPABILITIES)
    uri = (workspace.root / "views.py").as_uri()
    document: dict[str, Any] = {"uri": uri, "languageId": "python", "version": 1, "text": BAD}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    wire.wait("finding", lambda: bool(wire.published.get(uri, {}).get("diagnostics")))
    started = time.monotonic()
    assert wire.leave() == 0
    assert time.monotonic() - started < 10
    assert workspace.marks() == ""

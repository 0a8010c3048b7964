"""Which environment is a project's, and which file in it is a module: all read as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.project.environments import Packages, find_environment
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace


def _environment(root: Path, name: str = ".venv", **files: str) -> Path:
    site = root / name / "lib" / "python3.12" / "site-packages"
    site.mkdir(parents=True)
    (root / name / "pyvenv.cfg").write_text("home = /usr/bin\n", "utf-8")
    for path, text in files.items():
        _write(site / path, text)
    return site


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _find(root: Path, configured: str | None = None, active: Path | None = None) -> Path | None:
    return find_environment(root, FileStore(), configured, active)


@pytest.mark.parametrize("name", [".venv", "venv", "env", "of-another-name"])
def test_an_environment_in_the_project(tmp_path: Path, name: str) -> None:
    _environment(tmp_path, name)
    assert _find(tmp_path) == tmp_path / name


def test_windows_lays_it_out_otherwise(tmp_path: Path) -> None:
    _write(tmp_path / ".venv/Lib/site-packages/app.py", "")
    assert Packages(FileStore(), tmp_path).file_of("app") == tmp_path / ".venv/Lib/site-packages/app.py"


def test_pdm_without_an_environment(tmp_path: Path) -> None:
    _write(tmp_path / "__pypackages__/3.12/lib/app.py", "")
    assert Packages(FileStore(), tmp_path).file_of("app") == tmp_path / "__pypackages__/3.12/lib/app.py"


def test_a_file_may_name_it(tmp_path: Path) -> None:
    """As pipenv and virtualenvwrapper do."""
    _environment(tmp_path / "elsewhere", "made-up")
    project = tmp_path / "project"
    _write(project / ".venv", f"{tmp_path / 'elsewhere' / 'made-up'}\n")
    assert _find(project) == tmp_path / "elsewhere" / "made-up"


def test_one_above_counts_in_the_same_repository_alone(tmp_path: Path) -> None:
    _environment(tmp_path)
    inside = tmp_path / "services" / "shop"
    inside.mkdir(parents=True)
    assert _find(inside) is None
    (tmp_path / ".git").mkdir()
    assert _find(inside) == tmp_path / ".venv"


def test_the_projects_own_goes_before_the_active_one(tmp_path: Path) -> None:
    active, project = tmp_path / "tools", tmp_path / "project"
    _environment(tmp_path, "tools")
    project.mkdir()
    assert _find(project, active=active) == active
    _environment(project)
    assert _find(project, active=active) == project / ".venv"
    assert _find(project, "../tools") == active
    assert _find(project, "nowhere", active) is None


def test_modules_are_found_as_python_finds_them(tmp_path: Path) -> None:
    site = _environment(
        tmp_path, **{"app/__init__.py": "", "app/models.py": "", "single.py": "", "space/inner.py": ""}
    )
    packages = Packages(FileStore(), tmp_path)
    found = {name: packages.file_of(name) for name in ("app", "app.models", "single", "space.inner")}
    assert found == {
        "app": site / "app/__init__.py",
        "app.models": site / "app/models.py",
        "single": site / "single.py",
        "space.inner": site / "space/inner.py",
    }
    for name in ("app.views", "asyncio", "", "..app", "app.__init__.x", "app/models"):
        assert packages.file_of(name) is None


def test_pth_files_are_data(tmp_path: Path) -> None:
    """Their lines that Python would run are left alone."""
    site = _environment(
        tmp_path,
        **{
            "paths.pth": "# a comment\n\nimport os; os.mkdir('run')\n../../../../linked\nno/such/folder\n\0\n",
            "broken.pth": "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
        },
    )
    _write(tmp_path / "linked/tool.py", "")
    assert Packages(FileStore(), tmp_path).file_of("tool") == tmp_path / "linked/tool.py"
    assert not (site / "run").exists() and not Path("run").exists()


def test_an_editable_install_maps_its_modules(tmp_path: Path) -> None:
    _write(tmp_path / "library/code/__init__.py", "")
    _write(tmp_path / "library/code/models.py", "")
    _write(tmp_path / "library/alone.py", "")
    mapping = {"lib": str(tmp_path / "library/code"), "alone": str(tmp_path / "library/alone")}
    finder = f"import sys\nMAPPING: dict[str, str] = {mapping!r}\nraise SystemExit\n"
    _environment(
        tmp_path, **{"__editable___lib_1_0_finder.py": finder, "__editable___x_finder.py": "MAPPING = {"}
    )
    packages = Packages(FileStore(), tmp_path)
    assert packages.file_of("lib.models") == tmp_path / "library/code/models.py"
    assert packages.file_of("lib") == tmp_path / "library/code/__init__.py"
    assert packages.file_of("alone") == tmp_path / "library/alone.py"
    assert packages.file_of("lib.views") is None


def test_what_is_installed_from_the_project_is_the_project(tmp_path: Path) -> None:
    """A folder of it that the environment imports from is a source root."""
    _write(tmp_path / "packages/shop/shop/models.py", "")
    _write(tmp_path.parent / "outside.py", "")
    _environment(tmp_path, **{"shop.pth": f"{tmp_path / 'packages/shop'}\n{tmp_path.parent}\n"})
    workspace = Workspace(FileStore(), base=tmp_path)
    roots = workspace.source_roots(workspace.settings_in(tmp_path))
    assert tmp_path / "packages/shop" in roots
    assert tmp_path.parent not in roots


def test_links_in_a_circle(tmp_path: Path) -> None:
    site = _environment(tmp_path)
    try:
        (site / "again").symlink_to(site)
        (site / "self").symlink_to(site / "self")
    except OSError:
        pytest.skip("links can't be made here")
    packages = Packages(FileStore(), tmp_path)
    assert packages.file_of("again.again.again.nothing") is None
    assert packages.file_of("self") is None
    assert packages.file_of("self.models") is None


def test_an_app_is_known_by_what_lies_in_it(tmp_path: Path) -> None:
    site = _environment(
        tmp_path,
        **{
            "app/__init__.py": "", "app/models.py": "", "app/deep/__init__.py": "", "app/deep/tools.py": "",
            "other/__init__.py": "",
        },
    )  # fmt: skip
    packages = Packages(FileStore(), tmp_path)
    assert packages.is_app(site / "app/deep/tools.py")
    assert not packages.is_app(site / "other/__init__.py")

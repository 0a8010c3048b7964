from pathlib import Path

import pytest

from django_uplift.project.config import ConfigError
from django_uplift.project.discovery import find_files
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": "[tool.django-uplift]\ntarget-version = '5.2'\nextend-exclude = ['skip']\n",
        "app/models.py": "",
        "skip/a.py": "",
        "services/pyproject.toml": "[project]\nname = 'services'\n",
        "services/a.py": "",
        "old/pyproject.toml": "[tool.django-uplift]\ntarget-version = '4.2'\n",
        "old/django-uplift.toml": "target-version = '3.2'\n",
        "old/deep/er/views.py": "",
        "old/skip/a.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_nearest_configuration_wins(tree: Path) -> None:
    workspace = Workspace(FileStore())
    for name, version, root in (
        ("app/models.py", "5.2", "."),
        ("services/a.py", "5.2", "."),
        ("old/deep/er/views.py", "3.2", "old"),
        ("old", "3.2", "old"),
        ("old/not/there.py", "3.2", "old"),
    ):
        settings = workspace.settings_for(tree / name)
        assert (settings.target_version, settings.root) == (version, tree / root), name
    assert workspace.settings_for(tree / "old") is workspace.settings_for(tree / "old/deep/er/views.py")


def test_own_file_is_stronger_than_pyproject(tree: Path) -> None:
    (tree / "old/.django-uplift.toml").write_text("target-version = '2.2'\n")
    assert Workspace(FileStore()).settings_for(tree / "old").target_version == "2.2"


def test_each_project_leaves_out_its_own(tree: Path) -> None:
    workspace = Workspace(FileStore())
    found = find_files([tree], on_problem=print, excludes=workspace.excludes_for)
    assert [path.relative_to(tree).as_posix() for path in found] == [
        "app/models.py", "old/deep/er/views.py", "old/skip/a.py", "services/a.py",
    ]  # fmt: skip


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg", "manage.py", ".git"])
def test_root_without_configuration(tmp_path: Path, marker: str) -> None:
    (tmp_path / "outer/inner/app").mkdir(parents=True)
    (tmp_path / "outer" / "setup.py").touch()
    (tmp_path / "outer/inner" / marker).touch()
    settings = Workspace(FileStore()).settings_for(tmp_path / "outer/inner/app/models.py")
    assert (settings.root, settings.origin, settings.target_version) == (tmp_path / "outer/inner", None, None)


@pytest.mark.parametrize(
    ("marker", "root"), [("setup.py", "."), ("manage.py", "."), ("pyproject.toml", "site/test")]
)
def test_a_module_named_like_a_marker_starts_no_project(tmp_path: Path, marker: str, root: str) -> None:
    package = tmp_path / "site/test"
    package.mkdir(parents=True)
    for path in (
        tmp_path / "setup.cfg",
        package.parent / "__init__.py",
        package / "__init__.py",
        package / marker,
    ):
        path.touch()
    assert Workspace(FileStore()).settings_for(package / "models.py").root == tmp_path / root


def test_root_of_files_in_no_project(tmp_path: Path) -> None:
    package = tmp_path / "loose/app/models"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    path = package / "a.py"
    assert Workspace(FileStore()).settings_for(path).root == tmp_path / "loose"
    assert Workspace(FileStore(), base=tmp_path).settings_for(path).root == tmp_path


def test_overrides_config_and_isolation(tree: Path) -> None:
    store = FileStore()
    workspace = Workspace(store, {"target_version": "6.0", "ignore": ["A"], "select": None})
    assert workspace.settings_for(tree / "old").target_version == "6.0"
    named = Workspace(store, config=tree / "old/pyproject.toml")
    assert named.settings_for(tree / "app/models.py").target_version == "4.2"
    isolated = Workspace(store, isolated=True).settings_for(tree / "app/models.py")
    assert (isolated.target_version, isolated.root) == (None, tree)
    by_function = Workspace(store, lambda settings: settings._replace(select=("X",)))
    assert by_function.settings_for(tree / "old").select == ("X",)


def test_errors_come_each_time_and_go_after_invalidate(tree: Path) -> None:
    (tree / "old/django-uplift.toml").write_text("selekt = []")
    workspace = Workspace(FileStore())
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"old/django-uplift\.toml:1: .*did you mean 'select'"):
            workspace.settings_for(tree / "old/deep/er/views.py")
    assert workspace.settings_for(tree / "app").target_version == "5.2", "other projects don't suffer"
    (tree / "old/django-uplift.toml").write_text("select = ['A']")
    workspace.invalidate()
    assert workspace.settings_for(tree / "old/deep/er/views.py").select == ("A",)


def test_wrong_override_is_told(tree: Path) -> None:
    with pytest.raises(ConfigError, match=r"^--min-confidence"):
        Workspace(FileStore(), {"min_confidence": "x"}).settings_for(tree)


def test_source_roots(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend/manage.py").touch()
    (tmp_path / "pyproject.toml").touch()
    workspace = Workspace(FileStore())
    assert workspace.source_roots(workspace.settings_for(tmp_path)) == (
        tmp_path,
        tmp_path / "src",
        tmp_path / "backend",
    )
    (tmp_path / "django-uplift.toml").write_text("source-roots = ['src', './backend']")
    workspace.invalidate()
    assert workspace.source_roots(workspace.settings_for(tmp_path)) == (
        tmp_path / "src",
        tmp_path / "backend",
    )

from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.project.requirements import Declared, declared
from django_uplift.project.specifiers import normalise


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def all_of(root: Path, name: str = "django", problems: list[str] | None = None) -> list[Declared]:
    return list(declared(root, FileStore(), name, problems=problems))


def test_statements_in_order_with_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        "pyproject.toml",
        "[project]\ndependencies = [\n 'six',\n 'Django>= 4.2, <5',\n]\n"
        "[tool.poetry.dependencies]\ndjango='^4.2'\n",
    )
    write(tmp_path, "uv.lock", 'version = 1\n\n[[package]]\nname = "django"\nversion = "4.2.7"\n')
    write(tmp_path, "requirements.txt", "# x\n\ndjango==4.2.1\n")
    write(tmp_path, "setup.cfg", "[options]\ninstall_requires = django>4\n")
    write(tmp_path, "setup.py", "setup(\n  install_requires=[\n 'django<6'])")
    write(tmp_path, "venv/lib/python3.12/site-packages/Django-5.0.dist-info/METADATA", "Version: 5.0\n")
    assert [(d.origin, d.specifier, d.line) for d in all_of(tmp_path)] == [
        ("pyproject.toml: [project] dependencies, 'Django>= 4.2, <5'", "<5,>=4.2", 4),
        ("pyproject.toml: [tool.poetry.dependencies], 'django = \"^4.2\"'", ">=4.2,<5.0", 7),
        ("uv.lock, 'django 4.2.7'", "==4.2.7", 4),
        ("requirements.txt, 'django==4.2.1'", "==4.2.1", 3),
        ("setup.cfg: [options] install_requires, 'django>4'", ">4", 2),
        ("setup.py: install_requires, 'django<6'", "<6", 3),
        ("installed in venv, 'Django 5.0'", "==5.0", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2.0"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1.0"),
        ("^4", ">=4,<5.0"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2.0"),
        ("1.*", "==1.*"),
        ("*", ""),
        ("4.2", "==4.2"),
        ("=4.2", "==4.2"),
        (">= 4.2, < 5", ">=4.2,<5"),
        (">=4.2 <5", ">=4.2,<5"),
        ("~=4.2", "~=4.2"),
        ("^5.0b1", ">=5.0b1,<6.0"),
        ("latest", None),
    ],
)
def test_poetry_constraints(tmp_path: Path, constraint: str, specifier: str | None) -> None:
    write(tmp_path, "pyproject.toml", f"[tool.poetry.dependencies]\ndjango = '{constraint}'\n")
    assert [d.specifier for d in all_of(tmp_path)] == ([] if specifier is None else [specifier])


def test_any_package_under_any_spelling(tmp_path: Path) -> None:
    assert normalise("Django_Rest.-Framework") == "django-rest-framework"
    write(
        tmp_path,
        "requirements.txt",
        "django==4.2\ndjango.debug_toolbar[x]==4.1 ; python_version>'3'\nDjango-Debug-Toolbar>=4\n",
    )
    assert [d.specifier for d in all_of(tmp_path, "django-debug-toolbar")] == ["==4.1", ">=4"]
    assert [d.specifier for d in all_of(tmp_path)] == ["==4.2"]


def test_files_that_cannot_be_read_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "pyproject.toml", "[project]\n\ndependencies = [django]")
    write(tmp_path, "Pipfile.lock", '{"django"')
    write(tmp_path, "setup.py", "setup(install_requires=['django']")
    write(tmp_path, "requirements.txt", "django==4.2")
    write(tmp_path, "requirements-locked.txt", "django==4.2")
    read = FileStore.read

    def guarded(self: FileStore, path: Path) -> bytes:
        if path.name == "requirements-locked.txt":
            raise PermissionError(13, "Permission denied")
        return read(self, path)

    monkeypatch.setattr(FileStore, "read", guarded)
    problems: list[str] = []
    assert [d.specifier for d in all_of(tmp_path, problems=problems)] == ["==4.2"]
    starts = (
        "pyproject.toml:3: invalid TOML",
        "Pipfile.lock is no valid JSON",
        "requirements-locked.txt can't be read: Permission denied",
        "setup.py:1: it can't be parsed",
    )
    assert len(problems) == len(starts)
    assert all(problem.startswith(start) for problem, start in zip(problems, starts, strict=True)), problems


@pytest.mark.parametrize(
    "text",
    [
        "[project]\ndependencies = 'django'",
        "[project]\ndependencies = [1, ['django>=4'], {django = '4'}]",
        "project = 'django'",
        "[project]\noptional-dependencies = ['django>=4']",
        "[tool]\npoetry = ['django']",
        "[tool.poetry]\ngroup = 'django'",
        "[tool.poetry.group]\ndjango = 3",
        "[tool.poetry.dependencies]\ndjango = true",
        "[dependency-groups]\nx = 'django'",
        "[tool.hatch]\nenvs = ['django']",
        "[tool.setuptools.dynamic]\ndependencies = {file = [1]} # django",
    ],
)
def test_pyproject_of_the_wrong_shape(tmp_path: Path, text: str) -> None:
    write(tmp_path, "pyproject.toml", text)
    assert [d.specifier for d in all_of(tmp_path)] == []


def test_a_file_in_the_middle_of_a_merge_is_searched_all_the_same(tmp_path: Path) -> None:
    lock = '<<<<<<< HEAD\n[[package]]\nname = "django"\nversion = "4.2.7"\n=======\n'
    write(
        tmp_path,
        "uv.lock",
        lock + '[[package]]\nname = "other"\nversion = "1"\n\n[package.metadata]\nname = "django"\n',
    )
    assert [d.specifier for d in all_of(tmp_path)] == ["==4.2.7"]


def test_open_buffer_counts(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "django==4.2")
    store = FileStore()
    store.set_overlay(tmp_path / "requirements.txt", b"django==5.2")
    assert [d.specifier for d in declared(tmp_path, store)] == ["==5.2"]


def test_endless_files_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "-r /dev/zero\n-c /dev/stdin\ndjango==4.2")
    assert [d.specifier for d in all_of(tmp_path)] == ["==4.2"]

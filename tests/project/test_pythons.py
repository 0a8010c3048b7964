"""What projects say about their Python, in each place where they say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.project.pythons import declared_pythons, oldest

_CLASSIFIER = '"Programming Language :: Python :: {}"'
CLASSIFIERS = f"[{', '.join(map(_CLASSIFIER.format, ('3', '3.9', '3.11')))}]"


@pytest.mark.parametrize(
    ("name", "text", "version", "line"),
    [
        ("pyproject.toml", '[project]\nrequires-python = ">=3.9"\n', 9, 2),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.10,!=3.10.1,<4"\n', 10, 2),
        ("pyproject.toml", f"[project]\nclassifiers = {CLASSIFIERS}\n", 9, 2),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\n', 11, 2),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "~3.8 || ^3.10"\n', 8, 2),
        ("setup.cfg", "[options]\npython_requires = >=3.8\n", 8, 2),
        ("setup.py", "setup(\n    name='x',\n    python_requires='~=3.7',\n)\n", 7, 3),
        ("setup.py", f"setup(classifiers={CLASSIFIERS})\n", 9, 1),
        ("Pipfile", '[requires]\npython_version = "3.9"\n', 9, 2),
        (".python-version", "# ours\n3.11.4\n", 11, 2),
        (".python-version", "3.12\n", 12, 1),
        ("runtime.txt", "python-3.10.13\n", 10, 1),
        (".tool-versions", "nodejs 20.1.0\npython 3.9.18\n", 9, 2),
    ],
)
def test_statements(tmp_path: Path, name: str, text: str, version: int, line: int) -> None:
    (tmp_path / name).write_text(text)
    (found,) = declared_pythons(tmp_path, FileStore())
    assert (found.oldest, found.path.name, found.line) == ((3, version), name, line)
    assert found.source.startswith(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[project]\nrequires-python = 3\n"),
        ("pyproject.toml", "[project\n"),
        ("pyproject.toml", '[project]\nrequires-python = "<4"\n'),
        ("setup.cfg", "python_requires = nonsense\n"),
        ("setup.py", "setup(python_requires=WANTED)\n"),
        ("setup.py", "def ("),
        ("Pipfile", "[requires]\npython_version = 3.9\n"),
        (".python-version", "my-environment\n"),
        (".python-version", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
    ],
)
def test_what_tells_nothing(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert list(declared_pythons(tmp_path, FileStore())) == []


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        (">=3.9", (3, 9)),
        (">3.9.2", (3, 9)),
        ("==3.10.*", (3, 10)),
        (">=2.7,!=3.0.*,!=3.1.*", (3, 2)),
        ("<4", None),
    ],
)
def test_the_oldest_of_a_specifier(specifier: str, version: tuple[int, int] | None) -> None:
    assert oldest(specifier) == version

"""What a project says about the Python that it runs on, wherever projects say it. Everything is read as text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.project.files import FileStore
from django_uplift.project.specifiers import from_poetry
from django_uplift.project.toml import TomlError, parse_toml, toml_lines
from django_uplift.syntax.parse import parse

Python = tuple[int, int]


class DeclaredPython(NamedTuple):
    """One statement, and the oldest Python that it names or allows.

    `text` is the statement, `source` the file and key it stands in, relative to the project. `line` counts from 1; 0 if
    it has none.
    """

    oldest: Python
    text: str
    source: str
    path: Path
    line: int


def declared_pythons(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    """The statements of the project in `root`, one for each place that makes any."""
    for read in (_pyproject, _setup_cfg, _setup_py, _pipfile, _version_files):
        yield from read(root, store)


def oldest(specifier: str) -> Python | None:
    """The oldest Python 3 that a PEP 440 specifier allows; None without a lower bound, and for none at all."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        clauses = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None
    if {clause.operator for clause in clauses} <= {"<", "<=", "!="}:
        return None
    for minor in range(40):
        # Some patch release: ">3.9.2,<3.10" and "==3.9.7" both allow a 3.9.
        if any(f"3.{minor}.{patch}" in clauses for patch in range(40)):
            return (3, minor)
    return None


_CLASSIFIER = r"Programming Language :: Python :: 3\.(\d+)"
_NUMBERS = r"(?:python|pypy|cpython)?-?\s*3\.(\d+)(?:\.[\dxX*]+)?(?:[-+].*)?"


def _text(path: Path, store: FileStore) -> str | None:
    if not store.is_file(path):
        return None
    try:
        return store.read(path).decode("utf-8-sig", "replace")
    except OSError:
        return None


def _table(document: Any, *keys: str) -> Any:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _pyproject(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    path = root / "pyproject.toml"
    if not store.is_file(path):
        return
    try:
        text, document = parse_toml(store.read(path))
    except (OSError, TomlError):
        return  # Whoever reads the configuration reports it.
    lines = toml_lines(text)
    required = _table(document, "project", "requires-python")
    if isinstance(required, str) and (version := oldest(required)):
        line = lines.get(("project", "requires-python"), 0)
        yield DeclaredPython(version, required, "pyproject.toml: requires-python", path, line)
    keys = ("tool", "poetry", "dependencies", "python")
    poetry = _table(document, *keys)
    poetry = _table(poetry, "version") if isinstance(poetry, dict) else poetry
    if isinstance(poetry, str):
        found = [oldest(from_poetry(part) or "") for part in re.split(r"\s*\|\|?\s*", poetry)]
        if known := [version for version in found if version]:
            source = "pyproject.toml: [tool.poetry.dependencies] python"
            yield DeclaredPython(min(known), poetry, source, path, lines.get(keys, 0))
    if required is None and poetry is None:
        listed = _table(document, "project", "classifiers")
        texts = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
        yield from _classified(
            texts, "pyproject.toml: classifiers", path, lines.get(("project", "classifiers"), 0)
        )


def _classified(texts: list[str], source: str, path: Path, line: int) -> Iterator[DeclaredPython]:
    minors = [int(match[1]) for text in texts if (match := re.fullmatch(_CLASSIFIER, text.strip()))]
    if minors:
        yield DeclaredPython((3, min(minors)), f"Python :: 3.{min(minors)}", source, path, line)


def _setup_cfg(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    path = root / "setup.cfg"
    for number, line in enumerate((_text(path, store) or "").splitlines(), 1):
        match = re.fullmatch(r"python[_-]requires\s*=\s*(.+)", line.strip())
        if match and (version := oldest(match[1])):
            yield DeclaredPython(version, match[1], "setup.cfg: python_requires", path, number)


def _setup_py(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    path = root / "setup.py"
    text = _text(path, store)
    tree = parse(text).tree if text is not None else None
    if tree is None:
        return
    classifiers: list[str] = []
    first = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "python_requires":
            value = node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                if version := oldest(value.value):
                    yield DeclaredPython(
                        version, value.value, "setup.py: python_requires", path, value.lineno
                    )
                return
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(_CLASSIFIER, node.value):
                classifiers.append(node.value)
                first = first or node.lineno
    yield from _classified(classifiers, "setup.py: classifiers", path, first)


def _pipfile(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    path = root / "Pipfile"
    if not store.is_file(path):
        return
    try:
        text, document = parse_toml(store.read(path))
    except (OSError, TomlError):
        return
    for key in ("python_version", "python_full_version"):
        value = _table(document, "requires", key)
        if isinstance(value, str) and (match := re.fullmatch(_NUMBERS, value.strip())):
            line = toml_lines(text).get(("requires", key), 0)
            yield DeclaredPython((3, int(match[1])), value, f"Pipfile: {key}", path, line)
            return


def _version_files(root: Path, store: FileStore) -> Iterator[DeclaredPython]:
    """The files of pyenv and uv, Heroku's, asdf's and mise's: one exact version each."""
    for name, pattern in (
        (".python-version", rf"^\s*{_NUMBERS}\s*$"),
        ("runtime.txt", rf"^\s*{_NUMBERS}\s*$"),
        (".tool-versions", rf"^\s*python\s+{_NUMBERS}.*$"),
    ):
        text = _text(root / name, store) or ""
        for number, line in enumerate(text.splitlines(), 1):
            if match := re.fullmatch(pattern, line):
                yield DeclaredPython((3, int(match[1])), line.strip(), name, root / name, number)
                break

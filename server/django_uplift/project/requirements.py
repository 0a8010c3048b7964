"""What a project says about the version of a package it needs, wherever projects say it.

Everything is read as text: nothing of the project is imported or run, and no resolver is asked.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.project.environments import site_packages, virtual_environments
from django_uplift.project.files import FileStore
from django_uplift.project.specifiers import file_version, from_poetry, from_reference, normalise
from django_uplift.project.toml import TomlError, parse_toml, toml_lines
from django_uplift.syntax.parse import parse


class Declared(NamedTuple):
    """One statement about a package.

    `specifier` is PEP 440 text without spaces, empty if every version will do. `source` names the list that
    it stands in ("pyproject.toml: [project] dependencies"), `text` is the statement itself. `line` counts
    from 1; 0 if it has none.
    """

    name: str
    specifier: str
    source: str
    text: str
    path: Path
    line: int

    @property
    def origin(self) -> str:
        """Where it was found and what it says, for a message."""
        return f"{self.source}, {self.text!r}"


def declared(
    root: Path,
    store: FileStore,
    name: str = "django",
    *,
    environment: Path | None = None,
    problems: list[str] | None = None,
    shown_from: Path | None = None,
) -> Iterator[Declared]:
    """What the project in `root` declares about the package `name`, the most deliberate statements first.

    That is pyproject.toml, lock files, requirements files, setup.cfg and setup.py, then what is installed in
    the virtual environments in `root` and in `environment`. Lazy: a later source is read only when it is
    asked for. Files that can't be read are left out, with a sentence in `problems`. Paths in messages are
    relative to `shown_from`, `root` unless told.
    """
    reader = _Reader(root, store, normalise(name), [] if problems is None else problems, shown_from or root)
    yield from reader.pyproject()
    yield from reader.locks()
    yield from reader.requirements_files()
    yield from reader.setup_cfg()
    yield from reader.setup_py()
    yield from reader.installed(environment)


class _Reader:
    """One search in one folder."""

    def __init__(
        self, root: Path, store: FileStore, name: str, problems: list[str], shown_from: Path
    ) -> None:
        self.root, self.store, self.name = root, store, name
        self.problems, self.shown_from = problems, shown_from
        pattern = r"[-_.]+".join(map(re.escape, name.split("-")))
        self.spelled = re.compile(pattern, re.IGNORECASE)
        self.spelled_bytes = re.compile(pattern.encode(), re.IGNORECASE)
        self.read_requirements: set[str] = set()

    # The parts that all formats share.

    def read(self, path: Path) -> bytes | None:
        """The file's bytes if it is there and mentions the package at all."""
        if not self.store.is_file(path):
            return None
        try:
            data = self.store.read(path)
        except OSError as error:
            self.problems.append(f"{self.shown(path)} can't be read: {error.strerror or error}")
            return None
        return data if self.spelled_bytes.search(data) or data.startswith(_UTF16_BOMS) else None

    def toml(self, path: Path) -> tuple[str, dict[str, Any]] | None:
        data = self.read(path)
        if data is None:
            return None
        try:
            return parse_toml(data)
        except TomlError as error:
            self.problems.append(f"{self.shown(path)}:{error.line}: {error.message}")
            return None

    def shown(self, path: Path) -> str:
        try:
            return Path(os.path.relpath(path, self.shown_from)).as_posix()
        except ValueError:  # Another drive.
            return str(path)

    def requirement(self, text: str, source: str, path: Path, line: int) -> Iterator[Declared]:
        """What a PEP 508 requirement says, if it is about the package."""
        if self.spelled.search(text) is None:
            return
        from packaging.requirements import InvalidRequirement, Requirement

        try:
            told = Requirement(text)
        except (InvalidRequirement, RecursionError):
            return
        if normalise(told.name) == self.name:
            specifier = from_reference(told.url, "") if told.url else str(told.specifier)
            yield self.made(specifier, source, " ".join(text.split()), path, line)

    def made(self, specifier: str, source: str, text: str, path: Path, line: int) -> Declared:
        return Declared(self.name, specifier, source, text, path, line)

    def poetry(self, key: str, value: object, source: str, path: Path, line: int) -> Iterator[Declared]:
        """What a Poetry or Pipenv dependency says: a version, a table, or a list of either by platform."""
        if isinstance(value, list):
            for item in value:
                yield from self.poetry(key, item, source, path, line)
            return
        if isinstance(value, Mapping):
            version = value.get("version")
            if not isinstance(version, str):
                reference = next(
                    (value[key] for key in ("tag", "rev", "branch", "ref", "url", "file") if key in value), ""
                )
                specifier = from_reference(str(reference), self.name)
                yield self.made(specifier, source, f"{key} from {reference or 'elsewhere'}", path, line)
                return
            value = version
        if not isinstance(value, str):
            return
        for alternative in re.split(r"\s*\|\|?\s*", value.strip()):
            converted = from_poetry(alternative)
            if converted is not None:
                yield self.made(converted, source, f'{key} = "{value}"', path, line)

    # One method for each kind of file.

    def pyproject(self) -> Iterator[Declared]:
        path = self.root / "pyproject.toml"
        loaded = self.toml(path)
        if loaded is None:
            return
        text, document = loaded
        lines: dict[tuple[str | int, ...], int] = {}

        def line(at: tuple[str | int, ...]) -> int:
            if not lines:
                lines.update(toml_lines(text))
            return lines.get(at, 0)

        for source, at, value, is_poetry in _pyproject_entries(document):
            label = f"{self.shown(path)}: {source}"
            if is_poetry:
                if normalise(str(at[-1])) == self.name:
                    yield from self.poetry(str(at[-1]), value, label, path, line(at))
            elif isinstance(value, str):
                yield from self.requirement(value, label, path, line(at))
        for file in _dynamic_files(document):
            yield from self.requirements(self.root / file)

    def locks(self) -> Iterator[Declared]:
        for name in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"):
            yield from self.toml_lock(self.root / name)
        yield from self.pipfile_lock(self.root / "Pipfile.lock")
        path = self.root / "Pipfile"
        if (loaded := self.toml(path)) is not None:
            text, document = loaded
            for section, table in document.items():
                if section in _NO_DEPENDENCIES or not isinstance(table, dict):
                    continue
                for key, value in table.items():
                    if normalise(key) == self.name:
                        line = toml_lines(text).get((section, key), 0)
                        yield from self.poetry(key, value, f"{self.shown(path)}: [{section}]", path, line)

    def toml_lock(self, path: Path) -> Iterator[Declared]:
        """The pins of a lock file.

        Lock files are written by tools, one key a line, and can be megabytes long: searched, not parsed.
        """
        data = self.read(path)
        if data is None:
            return
        text = _decode(data)
        for match in re.finditer(_LOCKED_NAME, text):
            if normalise(match[1]) != self.name:
                continue
            opened = text.rfind("[[package", 0, match.start())
            closed = text.find("\n[[package", match.end())
            block = text[opened : closed if closed > 0 else len(text)]
            is_its_own = opened >= 0 and "\n[" not in text[opened : match.start()]
            if is_its_own and (version := re.search(_LOCKED_VERSION, block)):
                line = text.count("\n", 0, match.start()) + 1
                pin = f"=={version[1]}"
                yield self.made(pin, self.shown(path), f"{match[1]} {version[1]}", path, line)

    def pipfile_lock(self, path: Path) -> Iterator[Declared]:
        data = self.read(path)
        if data is None:
            return
        import json

        text = _decode(data)
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.problems.append(f"{self.shown(path)} is no valid JSON: {error}")
            return
        if not isinstance(document, dict):
            return
        for section, table in document.items():
            if section == "_meta" or not isinstance(table, dict):
                continue
            for key, value in table.items():
                if normalise(key) == self.name:
                    found = re.search(rf'"{re.escape(key)}"\s*:', text)
                    line = text.count("\n", 0, found.start()) + 1 if found else 0
                    yield from self.poetry(key, value, f"{self.shown(path)}: {section}", path, line)

    def requirements_files(self) -> Iterator[Declared]:
        for path in _requirement_paths(self.root):
            yield from self.requirements(path)

    def requirements(self, path: Path) -> Iterator[Declared]:
        """A requirements file, and the files that it names, where it names them. Each is read once."""
        key = os.path.realpath(path)
        if key in self.read_requirements or len(self.read_requirements) >= _MOST_FILES:
            return
        self.read_requirements.add(key)
        if not self.store.is_file(path):
            return
        try:
            text = _decode(self.store.read(path))
        except OSError as error:
            self.problems.append(f"{self.shown(path)} can't be read: {error.strerror or error}")
            return
        for line, statement in _logical_lines(text):
            if match := re.match(_INCLUDE, statement):
                target = match[1].strip().strip("\"'")
                if "://" not in target and "\0" not in target:
                    yield from self.requirements(path.parent / target)
                continue
            if self.spelled.search(statement) is None:
                continue
            if editable := re.match(_EDITABLE, statement):
                statement = editable[1].strip().strip("\"'")
            if "://" in statement and not re.match(_NAMED_URL, statement):
                egg = re.search(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)", statement)
                file_name = re.split(r"[#?]", statement)[0].rpartition("/")[2]
                if normalise(egg[1]) != self.name if egg else file_version(file_name, self.name) is None:
                    continue
                yield self.made(from_reference(statement, self.name), self.shown(path), statement, path, line)
                continue
            yield from self.requirement(re.sub(_OPTIONS, "", statement), self.shown(path), path, line)

    def setup_cfg(self) -> Iterator[Declared]:
        path = self.root / "setup.cfg"
        data = self.read(path)
        if data is None:
            return
        section = key = ""
        for line, raw in enumerate(_decode(data).splitlines(), 1):
            if not raw.strip() or raw.lstrip().startswith(("#", ";")):
                continue
            if header := re.match(r"\[([^]]+)\]", raw):
                section, key = header[1].strip(), ""
                continue
            value = raw
            if not raw[0].isspace():
                key, _, value = raw.partition("=")
                key = key.strip()
            wanted = key.replace("-", "_") in ("install_requires", "tests_require", "setup_requires")
            if (section == "options" and wanted) or section == "options.extras_require":
                source = f"{self.shown(path)}: [{section}] {key}"
                yield from self.requirement(re.sub(_COMMENT, "", value).strip(), source, path, line)

    def setup_py(self) -> Iterator[Declared]:
        path = self.root / "setup.py"
        data = self.read(path)
        if data is None:
            return
        tree, problem = parse(_decode(data))
        if problem is not None:
            self.problems.append(
                f"{self.shown(path)}:{problem.line + 1}: it can't be parsed: {problem.message}"
            )
        if tree is None:
            return
        names: dict[str, ast.expr] = {}
        for statement in tree.body:
            if isinstance(statement, ast.Assign):
                names |= {
                    target.id: statement.value for target in statement.targets if isinstance(target, ast.Name)
                }
            elif (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and statement.value
            ):
                names[statement.target.id] = statement.value
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _callee(node.func) == "setup":
                for keyword, value in _keywords(node, names):
                    if keyword in ("install_requires", "extras_require", "tests_require"):
                        source = f"{self.shown(path)}: {keyword}"
                        for line, text in _literals(value, names):
                            yield from self.requirement(text, source, path, line)

    def installed(self, environment: Path | None) -> Iterator[Declared]:
        folders = [self.root / name for name in (".venv", "venv", "env")]
        folders += [folder for folder in virtual_environments(self.root) if folder not in folders]
        if environment is not None:
            folders.append(environment)
        for folder in folders:
            for packages in site_packages(folder):
                for entry in _names_in(packages):
                    match = re.fullmatch(_DIST_INFO, entry)
                    if match is None or normalise(match[1]) != self.name:
                        continue
                    path = packages / entry / ("METADATA" if entry.endswith(".dist-info") else "PKG-INFO")
                    try:
                        head = _decode(self.store.read(path)).partition("\n\n")[0]
                    except OSError as error:
                        self.problems.append(f"{self.shown(path)} can't be read: {error.strerror or error}")
                        continue
                    version = re.search(r"^Version:[ \t]*(\S+)", head, re.MULTILINE | re.IGNORECASE)
                    if version:
                        source = f"installed in {self.shown(folder)}"
                        yield self.made(f"=={version[1]}", source, f"{match[1]} {version[1]}", path, 0)


# Where pyproject.toml keeps dependencies.

_Entry = tuple[str, tuple[str | int, ...], object, bool]


def _pyproject_entries(document: Mapping[str, Any]) -> Iterator[_Entry]:
    """Source, place, value, and whether the value is Poetry's kind; in order of how binding they are."""
    yield from _list("[project] dependencies", document, "project", "dependencies")
    yield from _lists("[project.optional-dependencies]", document, "project", "optional-dependencies")
    yield from _poetry_table("[tool.poetry.dependencies]", document, "tool", "poetry", "dependencies")
    yield from _poetry_table("[tool.poetry.dev-dependencies]", document, "tool", "poetry", "dev-dependencies")
    for group in _get(document, "tool", "poetry", "group") or {}:
        keys = ("tool", "poetry", "group", group, "dependencies")
        yield from _poetry_table(f"[tool.poetry.group.{group}.dependencies]", document, *keys)
    # A group included in another is a group itself, so including is nothing to follow.
    yield from _lists("[dependency-groups]", document, "dependency-groups")
    yield from _lists("[tool.pdm.dev-dependencies]", document, "tool", "pdm", "dev-dependencies")
    yield from _list("[tool.uv] dev-dependencies", document, "tool", "uv", "dev-dependencies")
    yield from _list("[tool.rye] dev-dependencies", document, "tool", "rye", "dev-dependencies")
    yield from _poetry_table("[tool.pixi.dependencies]", document, "tool", "pixi", "dependencies")
    yield from _poetry_table("[tool.pixi.pypi-dependencies]", document, "tool", "pixi", "pypi-dependencies")
    yield from _list("[tool.flit.metadata] requires", document, "tool", "flit", "metadata", "requires")
    for name in _get(document, "tool", "hatch", "envs") or {}:
        keys = ("tool", "hatch", "envs", name, "dependencies")
        yield from _list(f"[tool.hatch.envs.{name}] dependencies", document, *keys)


def _get(document: Mapping[str, Any], *keys: str) -> dict[str, Any] | None:
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _list(source: str, document: Mapping[str, Any], *keys: str) -> Iterator[_Entry]:
    table = _get(document, *keys[:-1])
    items = table.get(keys[-1]) if table else None
    if isinstance(items, list):
        for index, item in enumerate(items):
            yield source, (*keys, index), item, False


def _lists(source: str, document: Mapping[str, Any], *keys: str) -> Iterator[_Entry]:
    for group in _get(document, *keys) or {}:
        yield from _list(source, document, *keys, group)


def _poetry_table(source: str, document: Mapping[str, Any], *keys: str) -> Iterator[_Entry]:
    for name, value in (_get(document, *keys) or {}).items():
        yield source, (*keys, name), value, True


def _dynamic_files(document: Mapping[str, Any]) -> Iterator[str]:
    """The files that setuptools reads the dependencies from."""
    table = _get(document, "tool", "setuptools", "dynamic", "dependencies") or {}
    files = table.get("file", [])
    for file in [files] if isinstance(files, str) else files if isinstance(files, list) else []:
        if isinstance(file, str) and "\0" not in file:
            yield file


_NO_DEPENDENCIES = ("source", "requires", "scripts", "pipenv", "build-system")  # In a Pipfile.

# Requirements files.

_MOST_FILES = 200  # Files that include each other without end are somebody's joke.
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_INCLUDE = r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S.*)"
_COMMENT = r"(?:^|(?<=\s))#.*"
_EDITABLE = r"(?:-e|--editable)(?:\s*=\s*|\s+)(.*)"
_OPTIONS = r"(?<=\s)--?[a-zA-Z].*"
_NAMED_URL = r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@"
_FIRST = ("requirements", "base", "common", "default", "main", "production", "prod", "core")


def _requirement_paths(root: Path) -> Iterator[Path]:
    """The requirements files of a folder: the plain name first, then what production runs on."""

    def rank(name: str) -> tuple[int, str]:
        stem = name.rpartition(".")[0].lower()
        position = next((n for n, first in enumerate(_FIRST) if first in stem), len(_FIRST))
        return (0 if stem == "requirements" else position + 1, name)

    def is_file(name: str) -> bool:
        return name.lower().endswith((".txt", ".in"))

    names = _names_in(root)
    for name in sorted((n for n in names if is_file(n) and "requirements" in n.lower()), key=_top_rank):
        yield root / name
    folder = root / "requirements"
    for name in sorted(filter(is_file, _names_in(folder)), key=rank):
        yield folder / name


def _top_rank(name: str) -> tuple[int, str]:
    stem = name.rpartition(".")[0].lower()
    return (0 if stem == "requirements" else 1 if stem.startswith("requirements") else 2, name)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The statements of a requirements file and where they start; comments cut, continued lines joined."""
    start, parts = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not parts:
            start = number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts += line[:-1] + " "
            continue
        statement = re.sub(_COMMENT, "", parts + line).strip()
        parts = ""
        if statement:
            yield start, statement
    if statement := re.sub(_COMMENT, "", parts).strip():
        yield start, statement


def _decode(data: bytes) -> str:
    """Text in whatever encoding an editor left it: PowerShell's ``>`` writes UTF-16."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith(_UTF16_BOMS):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


# Lock files.

_LOCKED_NAME = r'(?m)^name\s*=\s*"([^"\n]+)"'
_LOCKED_VERSION = r'(?m)^version\s*=\s*"([^"\n]+)"'


# setup.py.


def _callee(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _keywords(call: ast.Call, names: Mapping[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    """The keyword arguments of a call, also in dictionaries that it unpacks. A name is followed once."""
    names = dict(names)
    calls = [call]
    while calls:
        for keyword in calls.pop().keywords:
            value: ast.expr | None = keyword.value
            if keyword.arg is not None:
                yield keyword.arg, keyword.value
                continue
            if isinstance(value, ast.Name):
                value = names.pop(value.id, None)
            if isinstance(value, ast.Dict):
                for key, inner in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, inner
            elif isinstance(value, ast.Call) and _callee(value.func) == "dict":
                calls.append(value)


def _literals(top: ast.expr, names: Mapping[str, ast.expr]) -> Iterator[tuple[int, str]]:
    """The strings in an expression and their lines, as far as literals tell. A name is followed once."""
    names = dict(names)
    stack: list[ast.expr | None] = [top]
    while stack:
        node = stack.pop()
        inner: list[ast.expr | None] = []
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                for offset, text in enumerate(node.value.splitlines()):
                    yield node.lineno + offset, text
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            inner = [*node.elts]
        elif isinstance(node, ast.Dict):
            inner = [*node.values]
        elif isinstance(node, ast.BinOp):
            inner = [node.left, node.right]
        elif isinstance(node, ast.Starred):
            inner = [node.value]
        elif isinstance(node, ast.Name):
            inner = [names.pop(node.id, None)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("split", "splitlines", "strip"):
                inner = [node.func.value]
        stack += reversed(inner)


# Environments.

_DIST_INFO = r"([A-Za-z0-9._]+)-[^-]+(?:-py[\d.]+)?\.(?:dist-info|egg-info)"


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []

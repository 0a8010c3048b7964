"""The configuration: every option defined once, as data, and read from TOML, an editor or the command line.

The JSON schema, the documentation and the editors' settings are generated from `OPTIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from django_uplift.project.discovery import CONFIG_NAMES, DEFAULT_EXCLUDES
from django_uplift.project.files import FileStore
from django_uplift.project.toml import TomlError, parse_toml, toml_lines

Confidence = Literal["proven", "likely", "possible"]
SeverityName = Literal["error", "warning", "information", "hint", "off"]

CONFIDENCES: tuple[Confidence, ...] = ("proven", "likely", "possible")
SEVERITIES: tuple[SeverityName, ...] = ("error", "warning", "information", "hint", "off")

Kind = Literal[
    "release",
    "flag",
    "confidence",
    "selectors",
    "patterns",
    "folder",
    "folders",
    "selectors-by-glob",
    "severities",
    "facts",
]


class Option(NamedTuple):
    """One option: `name` as TOML spells it; `help` is one sentence."""

    name: str
    kind: Kind
    default: object
    help: str

    @property
    def field(self) -> str:
        """Its name in `Settings` and on the command line's namespace."""
        return self.name.replace("-", "_")


class Facts(NamedTuple):
    """What a project tells us about its own functions, by qualified name."""

    queries: tuple[str, ...] = ()
    safe: tuple[str, ...] = ()
    bridges: tuple[str, ...] = ()


FACTS: Mapping[str, str] = {
    "queries": "Functions that query the database or block otherwise, though their source doesn't show it.",
    "safe": "Functions that may be called on the event loop, though their source seems to block.",
    "bridges": "Functions that run their first argument in a worker thread, as sync_to_async does.",
}

OPTIONS: tuple[Option, ...] = (
    Option(
        "target-version",
        "release",
        None,
        'The Django release that the code must work on, such as "5.2"; found in the requirements if unset.',
    ),
    Option(
        "from-version",
        "release",
        None,
        "The Django release that the project comes from; what was removed before it isn't looked for, "
        "and what it lacks is no safe fix.",
    ),
    Option(
        "select",
        "selectors",
        (),
        'The rules to run: codes, code prefixes, slugs, families or "ALL"; the default rules if unset.',
    ),
    Option("ignore", "selectors", (), "Rules not to run; wins over select where it is as specific."),
    Option("extend-select", "selectors", (), "Rules to run besides those in select."),
    Option("per-file-ignores", "selectors-by-glob", {}, "Rules not to run in the files that a glob matches."),
    Option(
        "exclude",
        "patterns",
        DEFAULT_EXCLUDES,
        "Files and folders to leave out, written as in .gitignore; replaces the default.",
    ),
    Option("extend-exclude", "patterns", (), "Files and folders to leave out besides those in exclude."),
    Option("severity", "severities", {}, "Another severity for the rules that a selector matches."),
    Option("unsafe-fixes", "flag", False, "Whether fixes that may change what the code does are made too."),
    Option(
        "source-roots",
        "folders",
        (),
        "Folders that imports start from; the root, src and the folders of manage.py if unset.",
    ),
    Option(
        "environment",
        "folder",
        None,
        "The virtual environment whose packages are read as source; one in the project or above it if unset.",
    ),
    Option(
        "min-confidence",
        "confidence",
        "likely",
        "How sure a finding must be to be shown: proven, likely or possible.",
    ),
    Option("respect-gitignore", "flag", True, "Whether files that git ignores are left out."),
    Option(
        "jedi",
        "flag",
        False,
        "Whether jedi is asked, in a process of its own, what objects in async code are that nothing else tells.",
    ),
    Option("facts", "facts", Facts(), "What the analysis should take for granted about functions."),
)

_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}

# The command line adds to these; it replaces all others.
_ADDED_TO = frozenset({"ignore", "extend-select", "extend-exclude"})


class ConfigError(ValueError):
    """The configuration is wrong, by the user's hand. `line` counts from 1; 0 if there is none."""

    def __init__(self, path: Path | None, line: int, message: str) -> None:
        self.path, self.line, self.message = path, line, message
        where = "" if path is None else f"{path}:{line}: " if line else f"{path}: "
        super().__init__(where + message)


class Settings(NamedTuple):
    """The options of one project. `origin` is the file that they came from, None if nothing configures it."""

    root: Path
    origin: Path | None = None
    target_version: str | None = None
    from_version: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    exclude: tuple[str, ...] = DEFAULT_EXCLUDES
    extend_exclude: tuple[str, ...] = ()
    severity: Mapping[str, SeverityName] = {}
    unsafe_fixes: bool = False
    source_roots: tuple[str, ...] = ()
    environment: str | None = None
    min_confidence: Confidence = "likely"
    respect_gitignore: bool = True
    jedi: bool = False
    facts: Facts = Facts()
    # Where each value stands in `origin`, from 1: ("select", "DUA101") -> 12.
    lines: Mapping[tuple[str, ...], int] = {}
    # Options that didn't come from `origin`, and what to call where they came from: "--select".
    sources: Mapping[str, str] = {}

    def source(self, option: str) -> str:
        """What to call the place that gave the value of `option`, in a message."""
        if label := self.sources.get(option):
            return label
        return "the default" if self.origin is None else str(self.origin)

    def error(self, option: str, value: str, message: str, *, table: str | None = None) -> ConfigError:
        """The error to raise for a value, at its line if it came from a file, with the option's name."""
        at = (option, value) if table is None else (option, table, value)
        label = self.sources.get(option)
        if label and not (option in _ADDED_TO and at in self.lines):
            where = label if label == f"--{option}" else f"{label}: {option}"
            return ConfigError(None, 0, f"{where}: {message}")
        line = self.lines.get(at, self.lines.get((option,), 0))
        return ConfigError(self.origin, line, f"{option}: {message}")


def check_selectors(settings: Settings, is_known: Callable[[str], bool], names: Iterable[str]) -> None:
    """Raise `ConfigError` for the first selector that `is_known` denies; `names` may be meant."""
    for option, table, selector in _selectors(settings):
        if not is_known(selector):
            hint = suggestion(selector, names)
            raise settings.error(option, selector, f"no rule is called {selector!r}{hint}", table=table)


def _selectors(settings: Settings) -> Iterator[tuple[str, str | None, str]]:
    for option, selectors in (
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("extend-select", settings.extend_select),
    ):
        for selector in selectors:
            yield option, None, selector
    for glob, selectors in settings.per_file_ignores.items():
        for selector in selectors:
            yield "per-file-ignores", glob, selector
    for selector in settings.severity:
        yield "severity", None, selector


def suggestion(wrong: str, names: Iterable[str]) -> str:
    """The end of a message about an unknown name: what it may have meant, or nothing."""
    from difflib import get_close_matches

    by_folded = {name.lower(): name for name in names}
    close = get_close_matches(wrong.lower(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def load(path: Path, store: FileStore | None = None) -> Settings:
    """The settings in a configuration file; the defaults if it is a pyproject.toml without our table.

    Paths in it are relative to its own folder. Raises `ConfigError`.
    """
    settings = load_if_ours(path, store)
    return Settings(path.parent, path) if settings is None else settings


def load_if_ours(path: Path, store: FileStore | None = None) -> Settings | None:
    """As `load`, but None for a pyproject.toml without our table. Raises `ConfigError`."""
    try:
        data = (store or FileStore()).read(path)
    except OSError as error:
        raise ConfigError(path, 0, f"it can't be read: {error.strerror or error}") from None
    is_pyproject = path.name == "pyproject.toml"
    if is_pyproject and b"django-uplift" not in data:
        return None  # Most often: then the price of parsing it is saved.
    try:
        text, document = parse_toml(data)
    except TomlError as error:
        raise ConfigError(path, error.line, error.message) from None
    prefix: tuple[str, ...] = ()
    table: object = document
    if is_pyproject:
        prefix = ("tool", "django-uplift")
        tools = document.get("tool")
        if not isinstance(tools, dict) or "django-uplift" not in tools:
            return None
        table = tools["django-uplift"]
    place = _File(path, text, prefix)
    if not isinstance(table, dict):
        raise place.error((), "[tool.django-uplift] must be a table")
    values = _read(table, place)
    settings = Settings(path.parent, path, **values, lines=place.value_lines(table))
    _check_folders(settings)
    return settings


def find_config(folder: Path, store: FileStore) -> Settings | None:
    """The settings that a folder's own file gives, the strongest file first. Raises `ConfigError`."""
    for name in CONFIG_NAMES:
        path = folder / name
        if store.is_file(path) and (settings := load_if_ours(path, store)) is not None:
            return settings
    return None


def override_mapping(
    settings: Settings, mapping: Mapping[str, object], origin: str = "the editor's settings"
) -> Settings:
    """`settings` with an editor's on top: keys in camelCase or as in TOML, None means unset.

    Raises `ConfigError`.
    """
    given = {_kebab(key): value for key, value in mapping.items() if value is not None}
    values = _read(given, _Label(origin))
    return _put(settings, values, {_BY_NAME[name].name: origin for name in given})


def override(settings: Settings, **options: object) -> Settings:
    """`settings` with the command line's options on top, where None means not given. Raises `ConfigError`.

    `ignore` and the ``extend_`` options add to what is there; all others replace it.
    """
    given = {name.replace("_", "-"): value for name, value in options.items() if value is not None}
    values = _read(given, _Label(""))
    for name in _ADDED_TO.intersection(given):
        field = _BY_NAME[name].field
        values[field] = (*getattr(settings, field), *cast("tuple[str, ...]", values[field]))
    return _put(settings, values, {name: f"--{name}" for name in given})


def _put(settings: Settings, values: dict[str, Any], sources: dict[str, str]) -> Settings:
    settings = settings._replace(**values, sources={**settings.sources, **sources})
    if "source_roots" in values:
        _check_folders(settings)
    return settings


def _kebab(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: "-" + match[0].lower(), key).replace("_", "-")


def _check_folders(settings: Settings) -> None:
    for folder in settings.source_roots:
        if not (settings.root / folder).is_dir():
            raise settings.error("source-roots", folder, f"{folder!r} is no folder in {settings.root}")


# Reading values.


class _Label:
    """A place without lines."""

    def __init__(self, label: str) -> None:
        self.label = label

    def error(self, at: tuple[str | int, ...], message: str) -> ConfigError:
        if not self.label:
            message = f"--{message}" if at else message
            return ConfigError(None, 0, message)
        return ConfigError(None, 0, f"{self.label}: {message}")


class _File:
    """A TOML file, whose lines are looked for only when a message or a selector needs them."""

    def __init__(self, path: Path, text: str, prefix: tuple[str, ...]) -> None:
        self.path, self.text, self.prefix = path, text, prefix
        self._lines: dict[tuple[str | int, ...], int] | None = None

    def line(self, at: tuple[str | int, ...]) -> int:
        if self._lines is None:
            self._lines = toml_lines(self.text)
        key = (*self.prefix, *at)
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def error(self, at: tuple[str | int, ...], message: str) -> ConfigError:
        return ConfigError(self.path, self.line(at), message)

    def value_lines(self, table: Mapping[str, Any]) -> dict[tuple[str, ...], int]:
        """The line of each option and of each string in it."""
        found: dict[tuple[str, ...], int] = {}
        for name, value in table.items():
            found[name,] = self.line((name,))
            for key, at in _strings_in(value):
                found.setdefault((name, *key), self.line((name, *at)))
        return found


def _strings_in(value: object) -> Iterator[tuple[tuple[str, ...], tuple[str | int, ...]]]:
    """Each string in an option's value: its key in `Settings.lines`, and its place."""
    if isinstance(value, str):
        yield (value,), ()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield (item,), (index,)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield (key,), (key,)
            if isinstance(inner, list):
                for index, item in enumerate(inner):
                    yield (key, item), (key, index)


_Place = _Label | _File


def _read(table: Mapping[str, object], place: _Place) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in table.items():
        option = _BY_NAME.get(name)
        if option is None:
            hint = suggestion(name.replace("_", "-"), _BY_NAME) or f"; the options are {', '.join(_BY_NAME)}"
            raise place.error((name,), f"unknown option {name!r}{hint}")
        values[option.field] = _READERS[option.kind](value, (name,), place)
    return values


_At = tuple[str | int, ...]


def _release(value: object, at: _At, place: _Place) -> str:
    if isinstance(value, str) and value:
        return value
    wrong = f"the number {value}: put it in quotes" if isinstance(value, (int, float)) else _name(value)
    raise place.error(at, f'{at[0]}: expected a string such as "5.2", not {wrong}')


def _flag(value: object, at: _At, place: _Place) -> bool:
    if isinstance(value, bool):
        return value
    raise place.error(at, f"{at[0]}: expected true or false, not {_name(value)}")


def _confidence(value: object, at: _At, place: _Place) -> str:
    return _choice(value, CONFIDENCES, at, place)


def _choice(value: object, choices: Iterable[str], at: _At, place: _Place) -> str:
    choices = tuple(choices)
    if isinstance(value, str) and value in choices:
        return value
    hint = suggestion(value, choices) if isinstance(value, str) else ""
    wrong = repr(value) if isinstance(value, str) else _name(value)
    raise place.error(at, f"{_dotted(at)}: expected one of {', '.join(choices)}, not {wrong}{hint}")


def _strings(value: object, at: _At, place: _Place) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        hint = f"; write [{_quoted(value)}]" if isinstance(value, str) else ""
        raise place.error(at, f"{_dotted(at)}: expected a list of strings, not {_name(value)}{hint}")
    for index, item in enumerate(value):
        if not isinstance(item, str):
            raise place.error((*at, index), f"{_dotted(at)}: expected strings in the list, not {_name(item)}")
        if not item.strip():
            raise place.error(
                (*at, index), f"{_dotted(at)}: an empty string stands for nothing; leave it out"
            )
    return tuple(value)


def _table(value: object, at: _At, place: _Place, of: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise place.error(at, f"{_dotted(at)}: expected a table of {of}, not {_name(value)}")


def _selectors_by_glob(value: object, at: _At, place: _Place) -> dict[str, tuple[str, ...]]:
    table = _table(value, at, place, "globs and lists of rules")
    return {glob: _strings(inner, (*at, glob), place) for glob, inner in table.items()}


def _severities(value: object, at: _At, place: _Place) -> dict[str, str]:
    table = _table(value, at, place, "rules and severities")
    return {rule: _choice(inner, SEVERITIES, (*at, rule), place) for rule, inner in table.items()}


_QUALIFIED = r"[^\W\d]\w*(\.[^\W\d]\w*)*"


def _facts(value: object, at: _At, place: _Place) -> Facts:
    table = _table(value, at, place, "lists of qualified names")
    facts = Facts()
    for key, inner in table.items():
        if key not in FACTS:
            hint = suggestion(key, FACTS) or f"; the keys are {', '.join(FACTS)}"
            raise place.error((*at, key), f"unknown key {_dotted((*at, key))!r}{hint}")
        names = _strings(inner, (*at, key), place)
        for index, name in enumerate(names):
            if not re.fullmatch(_QUALIFIED, name):
                wrong = f"expected a qualified name such as 'app.services.fetch', not {name!r}"
                raise place.error((*at, key, index), f"{_dotted((*at, key))}: {wrong}")
        facts = facts._replace(**{key: names})
    return facts


def _folder(value: object, at: _At, place: _Place) -> str:
    if not isinstance(value, str) or not value:
        raise place.error(at, f"{_dotted(at)}: expected a folder such as '.venv', not {_name(value)}")
    return value


_READERS: Mapping[Kind, Callable[[object, _At, _Place], Any]] = {
    "release": _release,
    "flag": _flag,
    "confidence": _confidence,
    "selectors": _strings,
    "patterns": _strings,
    "folder": _folder,
    "folders": _strings,
    "selectors-by-glob": _selectors_by_glob,
    "severities": _severities,
    "facts": _facts,
}


def _dotted(at: _At) -> str:
    return ".".join(str(part) for part in at)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _name(value: object) -> str:
    """A value's TOML type, for a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the string {value!r}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, (list, tuple)) else f"a {type(value).__name__}"

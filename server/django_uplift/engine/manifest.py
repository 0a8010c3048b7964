"""What the rules of a pack declare, remembered between runs: a rule's module is imported when its words occur.

A manifest stands in the user's cache folder, as JSON, for one state of the pack's files. It is data: modules are
imported by the names of the files that lie in the pack, never by what a manifest says.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django_uplift import __version__
from django_uplift.django.releases import Release
from django_uplift.engine.rule import Rule
from django_uplift.project.cache import user_folder
from django_uplift.project.files import write_atomic

log = logging.getLogger(__name__)

_FORMAT = 2
_LISTS = ("names", "calls", "methods", "settings", "strings", "words", "any_words", "languages")
_RELEASES = ("deprecated_in", "removed_in", "replacement_since", "until", "introduced_in")


class PackError(Exception):
    """A pack's files are not what they should be; the message says which."""


class Listed(Rule):
    """A rule of which only the declarations are known: `load` gives the rule itself."""

    def __init__(self, module: str, entry: dict[str, Any]) -> None:
        super().__init__(
            entry["code"],
            link=entry["link"],
            changes_meaning=bool(entry["changes_meaning"]),
            **{name: entry[name] for name in _RELEASES},
        )
        name_as(self, module)
        self.default = bool(entry["default"])
        self._is_asked = bool(entry["is_asked"])
        for name in _LISTS:
            setattr(self, name, tuple(map(str, entry[name])))
        self._loaded: Rule | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the rule is asked about files without its words."""
        return self._is_asked

    def load(self) -> Rule:
        """The rule. Raises `PackError`, and whatever its module does when it is imported."""
        if self._loaded is None:
            rule = rule_of(self.module)
            if rule.code != self.code:
                raise PackError(f"{self.module} has changed while it was in use")
            self._loaded = rule
        return self._loaded


def rule_of(module: str) -> Rule:
    """The rule that a module makes. Raises `PackError` if there is none."""
    rule = getattr(importlib.import_module(module), "rule", None)
    if not isinstance(rule, Rule):
        raise PackError(f"{module} has no rule: a rule's module makes one instance and calls it 'rule'")
    name_as(rule, module)
    return rule


def name_as(rule: Rule, module: str) -> None:
    """Give a rule the names that follow from its module's."""
    *_, family, stem = module.split(".")
    rule.slug = stem.replace("_", "-")
    rule.family = family.replace("_", "-")
    rule.module = module


def rules_of(package: str, roots: Sequence[str], missing: Callable[[str], None] = log.error) -> list[Rule]:
    """The rules of a pack that lies in some folders, by their manifest where there is one.

    A module that can't be imported costs its own rule: `missing` is told so, in a sentence. No manifest is made then.
    """
    files = sorted(_files(package, roots))
    modules = [module for module, _ in files if ".kinds." not in module and not module.endswith(".__init__")]
    place = _place(package, files)
    known = None if place is None else _read(place, modules)
    if known is not None:
        return known
    rules: list[Rule] = []
    for module in modules:
        try:
            rules.append(rule_of(module))
        except PackError as error:
            missing(str(error))
        except (Exception, SystemExit) as error:  # a module may raise anything when it is imported
            missing(f"{module} can't be imported: {type(error).__name__}: {error}")
    if place is not None and len(rules) == len(modules):
        _write(place, rules)
    return rules


def _files(package: str, roots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The modules of a pack, those of its packages among them, and what changes when a file does."""
    pending = [(package, root) for root in roots]
    while pending:
        name, folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                stem, dot, suffix = entry.name.rpartition(".")
                if suffix == "py" and stem.isidentifier():
                    status = entry.stat()
                    yield f"{name}.{stem}", f"{status.st_mtime_ns} {status.st_size}"
                elif not dot and entry.name.isidentifier() and entry.is_dir():
                    if os.path.isfile(os.path.join(entry.path, "__init__.py")):
                        pending.append((f"{name}.{entry.name}", entry.path))


def _place(package: str, files: list[tuple[str, str]]) -> Path | None:
    folder = user_folder()
    if folder is None:
        return None
    stamp = [__version__, sys.version, _FORMAT, *_own_files(), files]
    digest = hashlib.blake2b(json.dumps(stamp).encode(), digest_size=12).hexdigest()
    return folder / f"rules-{package}-{digest}.json"


def _own_files() -> Iterator[tuple[str, int, int]]:
    """What declarations are computed from beside the pack's own files, which changes while we are worked on."""
    engine = os.path.dirname(__file__)
    for folder in (engine, os.path.join(engine, "../django"), os.path.join(engine, "../django/names")):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_file():
                    status = entry.stat()
                    yield entry.name, status.st_mtime_ns, status.st_size


def _read(place: Path, modules: list[str]) -> list[Rule] | None:
    try:
        entries = json.loads(place.read_bytes())
        return [Listed(module, entries[module]) for module in modules]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("%s can't be used, the rules are read anew: %s", place, error)
        return None


def _write(place: Path, rules: list[Rule]) -> None:
    entries = {rule.module: _entry(rule) for rule in rules}
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for old in place.parent.glob(f"{place.name.rpartition('-')[0]}-*.json"):
            old.unlink(missing_ok=True)
        write_atomic(place, json.dumps(entries).encode())
    except OSError as error:
        log.info("%s can't be written: %s", place, error)


def _entry(rule: Rule) -> dict[str, Any]:
    entry: dict[str, Any] = {name: list(getattr(rule, name)) for name in _LISTS}
    for name in _RELEASES:
        release: Release | None = getattr(rule, name)
        entry[name] = None if release is None else str(release)
    return {
        **entry,
        "code": rule.code,
        "link": rule.link,
        "default": rule.default,
        "changes_meaning": rule.changes_meaning,
        "is_asked": rule.is_asked,
    }

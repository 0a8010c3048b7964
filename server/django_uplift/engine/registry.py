"""The rules that are installed, found by looking: a new rule is a new file and nothing else."""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from django_uplift.engine.manifest import rules_of
from django_uplift.engine.rule import Rule

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "django_uplift.rules"
BUILTIN = "django_uplift_rules"


class RegistryError(Exception):
    """Rules that can't stand side by side. The message names both."""


class Registry:
    """Rules by code and slug, and the tables by which the engine calls them."""

    def __init__(self, rules: Iterable[Rule], missing: Iterable[str] = ()) -> None:
        self.missing = tuple(missing)
        """What could not be loaded, and why: sentences for the user."""
        self.rules: tuple[Rule, ...] = tuple(sorted(rules, key=lambda rule: rule.code))
        self._by_name: dict[str, Rule] = {}
        for rule in self.rules:
            for name in (rule.code.upper(), rule.slug):
                other = self._by_name.get(name)
                if other is not None:
                    raise RegistryError(f"{rule.module} and {other.module} both use {name!r}")
                self._by_name[name] = rule

    def get(self, name: str) -> Rule | None:
        """The rule with this code or slug."""
        return self._by_name.get(name.upper()) or self._by_name.get(name.lower())

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families that have rules, sorted."""
        return tuple(sorted({rule.family for rule in self.rules}))

    @cached_property
    def claims(self) -> frozenset[str]:
        """The names that some rule speaks about, selected or not: no other rule reports that they are gone.

        Rules that are off unless asked for suggest other ways; what is gone is not theirs to explain.
        """
        return frozenset(
            name for rule in self.rules if rule.default for name in (*rule.names, *rule.calls, *rule.strings)
        )

    def matching(self, selector: str) -> list[Rule]:
        """The rules that a selector means: a code, the start of one, a slug, a family, or ALL."""
        wanted = selector.strip()
        if wanted.upper() == "ALL":
            return list(self.rules)
        rule = self.get(wanted)
        if rule is not None:
            return [rule]
        lowered = wanted.lower()
        return [
            rule
            for rule in self.rules
            if rule.family == lowered or (wanted and rule.code.startswith(wanted.upper()))
        ]

    def unknown(self, selector: str) -> str | None:
        """Why a selector means nothing, with the nearest right one; None if it means something."""
        if self.matching(selector):
            return None
        import difflib

        names = [*self._by_name, *self.families, "ALL"]
        nearest = difflib.get_close_matches(selector.lower(), [n.lower() for n in names], n=1)
        hint = next((n for n in names if n.lower() == nearest[0]), "") if nearest else ""
        return f"there is no rule or family {selector!r}" + (f"; did you mean {hint!r}?" if hint else "")

    def select(self, select: Sequence[str], extend: Sequence[str], ignore: Sequence[str]) -> frozenset[Rule]:
        """The rules that run. As in ruff, the more specific selector wins, and ignoring wins a draw."""
        decided: dict[Rule, tuple[int, bool]] = {}
        if not select:
            decided.update((rule, (0, True)) for rule in self.rules if rule.default)
        for selectors, chosen in (((*select, *extend), True), (ignore, False)):
            for selector in selectors:
                weight = self._weight(selector)
                for rule in self.matching(selector):
                    if weight > decided.get(rule, (-1, False))[0] or (
                        not chosen and weight == decided.get(rule, (-1, False))[0]
                    ):
                        decided[rule] = (weight, chosen)
        return frozenset(rule for rule, (_, chosen) in decided.items() if chosen)

    def _weight(self, selector: str) -> int:
        if selector.upper() == "ALL":
            return 0
        if self.get(selector) is not None:
            return 100
        return 1 if selector.lower() in self.families else 1 + len(selector)


def load() -> Registry:
    """The registry of all installed packs. What is wrong with one costs what is wrong alone: see `Registry.missing`."""
    rules: dict[str, Rule] = {}
    missing: list[str] = []
    for package in _packages() or [BUILTIN]:
        for rule in load_pack(package, missing.append):
            taken = rules.get(rule.code.upper()) or rules.get(rule.slug)
            if taken is not None:
                missing.append(
                    f"{rule.module} is left out: {taken.module} has its code or slug, {rule.code} {rule.slug}"
                )
            else:
                rules[rule.code.upper()] = rules[rule.slug] = rule
    return Registry(dict.fromkeys(rules.values()), missing)


def _packages() -> list[str]:
    """The packs that entry points name, ours first.

    `importlib.metadata` says the same, but takes longer to be imported than all else that happens here.
    """
    found: set[tuple[str, str]] = set()
    for folder in sys.path:
        if not Path(folder).is_absolute():
            continue  # It means the working folder, and so the project that is checked.
        try:
            with os.scandir(folder) as entries:
                listed = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
        except NotADirectoryError:
            # An archive.
            from importlib.metadata import entry_points

            return _ordered((point.name, point.value) for point in entry_points(group=ENTRY_POINT_GROUP))
        except OSError:
            continue
        for metadata in listed:
            try:
                text = Path(metadata, "entry_points.txt").read_bytes()
            except OSError:
                continue
            if ENTRY_POINT_GROUP.encode() in text:
                found.update(_points(text.decode("utf-8", "replace")))
    return _ordered(found)


def _ordered(points: Iterable[tuple[str, str]]) -> list[str]:
    return [value for _, value in sorted(set(points), key=lambda point: (point[1] != BUILTIN, point))]


def _points(text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == ENTRY_POINT_GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def load_pack(package: str, missing: Callable[[str], None] = log.error) -> list[Rule]:
    """The rules of one pack: every module in a folder below it makes a `rule`. `missing` is told of what has none."""
    try:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            missing(f"there is no package {package}, which an installed pack of rules names")
            return []
        return rules_of(package, list(spec.submodule_search_locations), missing)
    except (Exception, SystemExit) as error:  # of its parent package, or of folders that can't be read
        missing(f"the pack {package} can't be loaded: {type(error).__name__}: {error}")
        return []


def page_path(rule: Rule) -> Path | None:
    """The file of the rule's page, which stands beside its module."""
    try:
        spec = importlib.util.find_spec(rule.module)  # finds it, and does not import it
    except Exception:  # what a pack's own packages raise
        return None
    path = Path((spec and spec.origin) or "").with_suffix(".md")
    return path if path.is_file() else None


def page_title(rule: Rule) -> str:
    """The first line of the rule's page, without its marks; empty if it has none."""
    path = page_path(rule)
    if path is None:
        return ""
    with path.open(encoding="utf-8-sig") as page:
        return page.readline().lstrip("# ").strip()


Loader = Callable[[], Registry]

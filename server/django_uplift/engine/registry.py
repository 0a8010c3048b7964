"""The rules that are installed, found by looking: a new rule is a new file and nothing else."""

from __future__ import annotations

import difflib
import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from django_uplift.engine.rule import Rule

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "django_uplift.rules"


class RegistryError(Exception):
    """A pack of rules is not in order. The message names the pack and says what to mend."""


class Registry:
    """Rules by code and slug, and the tables by which the engine calls them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
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
        """The names that some rule speaks about, selected or not: no other rule reports that they are gone."""
        return frozenset(name for rule in self.rules for name in (*rule.names, *rule.calls, *rule.strings))

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
    """The registry of all installed packs. Raises `RegistryError`."""
    from importlib.metadata import entry_points

    rules: list[Rule] = []
    packs = sorted({(point.name, point.value) for point in entry_points(group=ENTRY_POINT_GROUP)})
    for _, package in packs or [("builtin", "django_uplift_rules")]:
        rules += load_pack(package)
    return Registry(rules)


def load_pack(package: str) -> Iterator[Rule]:
    """The rules of one pack: every module below it that has a `rule`."""
    root = importlib.import_module(package)
    for info in sorted(pkgutil.walk_packages(root.__path__, f"{package}."), key=lambda i: i.name):
        if info.ispkg or ".kinds." in info.name:
            continue
        module = importlib.import_module(info.name)
        rule = getattr(module, "rule", None)
        if not isinstance(rule, Rule):
            raise RegistryError(
                f"{info.name} has no rule: a rule's module makes one instance and calls it 'rule'"
            )
        *_, family, stem = info.name.split(".")
        rule.slug = stem.replace("_", "-")
        rule.family = family.replace("_", "-")
        rule.module = info.name
        yield rule


def page_path(rule: Rule) -> Path | None:
    """The file of the rule's page, which stands beside its module."""
    module = importlib.import_module(rule.module)
    path = Path(module.__file__ or "").with_suffix(".md")
    return path if path.is_file() else None


def page_title(rule: Rule) -> str:
    """The first line of the rule's page, without its marks; empty if it has none."""
    path = page_path(rule)
    if path is None:
        return ""
    with path.open(encoding="utf-8-sig") as page:
        return page.readline().lstrip("# ").strip()


Loader = Callable[[], Registry]

"""Where the CPU time of a cold ``--check`` goes: by rule, and how many files are parsed for each.

``python -m django_uplift.dev.profile PATH [--target-version X.Y] [--rules N]``. Nothing is remembered between runs.

A rule's columns: the files that it has parsed, those that are parsed for it alone, and the milliseconds that it takes
to look at bytes (triggers and ``concerns``) and in its hooks. What several rules share, such as a tree's scopes or the
project's models, is counted for the first that asks.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time

from django_uplift.engine import dispatch, registry, run
from django_uplift.engine.context import Context
from django_uplift.engine.findings import Finding
from django_uplift.engine.rule import Rule
from django_uplift.project.discovery import Excludes, find_files
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.syntax.templates import SUFFIXES, language_of
from django_uplift.syntax.tree import Tree


class Costs:
    """CPU seconds by phase and by rule, and files by rule."""

    def __init__(self) -> None:
        self.phases: defaultdict[str, float] = defaultdict(float)
        self.bytes: defaultdict[str, float] = defaultdict(float)
        self.hooks: defaultdict[str, float] = defaultdict(float)
        self.files: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.parsed = 0
        self.checked = 0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what is inside towards a phase."""
        before = process_time()
        try:
            yield
        finally:
            self.phases[name] += process_time() - before


class _Measured(dispatch.Dispatch):
    """A dispatch that notes which rule took how long, and for which rules a file is parsed."""

    costs: Costs

    def concerned(self, data: bytes, failed: dispatch.Failed = dispatch._raise) -> list[Rule]:
        """As the real one, rule by rule."""
        costs = self.costs
        with costs.phase("words and bytes"):
            words = self._vocabulary.intersection(dispatch._words(data))
            rules: dict[Rule, None] = dict.fromkeys(self._asked)
            for word in words:
                for trigger in self._by_word.get(word, ()):
                    if trigger.rule in rules or not trigger.required <= words:
                        continue
                    before = process_time()
                    if dispatch._can_reach(trigger, word, words, data):
                        rules[trigger.rule] = None
                    costs.bytes[trigger.rule.slug] += process_time() - before
            found = []
            for rule in rules:
                loaded = rule.load()
                before = process_time()
                if loaded.concerns(data, words, self._target):
                    found.append(loaded)
                costs.bytes[rule.slug] += process_time() - before
        costs.checked += 1
        costs.parsed += bool(found)
        costs.files.update(rule.slug for rule in found)
        if len(found) == 1:
            costs.alone[found[0].slug] += 1
        return found


class _Engine(run.Engine):
    costs: Costs

    def _run(self, match: dispatch.Match, path: Path, postponed: set[Rule]) -> list[Finding]:
        before = process_time()
        found = super()._run(match, path, postponed)
        self.costs.hooks[match.rule.slug] += process_time() - before
        return found

    def _context(self, path: Path, tree: Tree, project: run.Project) -> Context:
        with self.costs.phase("names"):
            return super()._context(path, tree, project)


def measure(path: Path, target: str) -> Costs:
    """Check a tree as ``--check --no-cache --isolated`` does, with its costs."""
    costs = Costs()
    with costs.phase("all"):
        store = FileStore()
        with costs.phase("rules and project"):
            workspace = Workspace(store, {"target_version": target}, isolated=True, base=path)
            engine = _Engine(registry.load(), workspace)
            engine.costs = costs
        with costs.phase("walk"):
            found = find_files(
                [path], on_problem=lambda path, message: None, excludes=lambda folder: Excludes(folder),
                suffixes=(".py", *SUFFIXES),
            )  # fmt: skip
            paths = [path for path in found if language_of(path) is not None]
        engine.expect(len(paths))
        for each in paths:
            project = engine.project_of(each)
            for table in project.dispatches.values():
                if not isinstance(table, _Measured):
                    table.__class__ = _Measured
                    table.costs = costs  # type: ignore[attr-defined]
            with costs.phase("files"):
                engine.check(each)
    costs.phases["hooks"] = sum(costs.hooks.values())
    return costs


def table(costs: Costs, rules: int) -> str:
    """The figures for people, the dearest rules first."""
    rows = [f"{name:<20}{seconds:>8.2f} s" for name, seconds in costs.phases.items()]
    rows += ["", f"{costs.checked} files, {costs.parsed} of them concern a rule and are parsed", ""]
    rows.append(f"{'rule':<38}{'files':>7}{'alone':>7}{'bytes ms':>10}{'hooks ms':>10}")
    dearest = sorted(
        costs.files.keys() | costs.bytes.keys(),
        key=lambda slug: -(costs.bytes[slug] + costs.hooks[slug] + 0.01 * costs.alone[slug]),
    )
    rows += [
        f"{slug:<38}{costs.files[slug]:>7}{costs.alone[slug]:>7}"
        f"{1000 * costs.bytes[slug]:>10.0f}{1000 * costs.hooks[slug]:>10.0f}"
        for slug in dearest[:rules]
    ]
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m django_uplift.dev.profile", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--target-version", default="5.2", help="default: 5.2")
    parser.add_argument("--rules", type=int, default=40, help="rules to list; default: 40")
    options = parser.parse_args(argv)
    print(table(measure(options.path.resolve(), options.target_version), options.rules))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

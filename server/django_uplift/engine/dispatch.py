"""From words to rules: which rules a file concerns, and which nodes concern a rule."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple, cast

from django_uplift.django.names_table import names_table
from django_uplift.django.releases import LATEST, Release
from django_uplift.django.settings import assigned_settings
from django_uplift.engine.context import Context, Reference, Setting
from django_uplift.engine.findings import Finding
from django_uplift.engine.rule import Rule
from django_uplift.names.canonical import spellings
from django_uplift.names.guards import Guard, guard_of
from django_uplift.names.module import catches_import_error
from django_uplift.syntax.calls import Call
from django_uplift.syntax.glimpse import called, called_on_something, occurs, refers
from django_uplift.syntax.imported import imports_of
from django_uplift.syntax.templates import Language
from django_uplift.syntax.tree import NodesByType, ancestors, parent

_WORD_BYTES = bytes(byte if chr(byte).isalnum() or byte == 95 else 32 for byte in range(128)) + b" " * 128


def _words(data: bytes) -> list[bytes]:
    # Half the time that a regular expression takes.
    return data.translate(_WORD_BYTES).split()


def _last(name: str) -> str:
    return name.rpartition(".")[2]


class Match(NamedTuple):
    """One call of one rule's hook, still to be made: what raises, raises where `findings` is read.

    `guarded` says whether a finding would be a false alarm. It is for hooks that are called often and find little: then
    it need not be asked.
    """

    rule: Rule
    hook: Callable[[], Iterable[Finding]]
    guarded: Callable[[], bool] | None = None

    @property
    def findings(self) -> Iterator[Finding]:
        """What the hook finds."""
        is_first = True
        for finding in self.hook():
            if is_first and self.guarded is not None and self.guarded():
                return
            is_first = False
            yield finding


Failed = Callable[[Rule, Exception], None]
"""Told of a rule that raised."""


def _raise(rule: Rule, error: Exception) -> None:
    raise error


class Dispatch:
    """The tables of one selection of rules. Made once, used for every file."""

    def __init__(
        self, rules: Iterable[Rule], target: Release = LATEST, language: Language = "python"
    ) -> None:
        self._target = target
        self._by_word: dict[bytes, list[_Trigger]] = {}
        vocabulary: set[bytes] = set()
        self._asked: list[Rule] = []
        self._unloadable: set[Rule] = set()
        for rule in rules:
            triggers = list(_triggers(rule) if language == "python" else _plain_triggers(rule))
            if not triggers and rule.is_asked:
                self._asked.append(rule)
            for word, trigger in triggers:
                self._by_word.setdefault(word, []).append(trigger)
                vocabulary.update(trigger.required)
                vocabulary.add(word)
                if trigger.module:
                    vocabulary.update(*(way.parts for way in _ways(trigger.module)))
        self._vocabulary = frozenset(vocabulary)

    def concerned(self, data: bytes, failed: Failed = _raise) -> list[Rule]:
        """The rules that a file's bytes may concern: a rule not named here finds nothing in it.

        `failed` is told of rules that can't be loaded, or raise when they are asked.
        """
        words = self._vocabulary.intersection(_words(data))
        rules: dict[Rule, None] = dict.fromkeys(self._asked)
        for word in words:
            for trigger in self._by_word.get(word, ()):
                if (
                    trigger.rule not in rules
                    and trigger.required <= words
                    and _can_reach(trigger, word, words, data)
                ):
                    rules[trigger.rule] = None
        return list(self._asking(((rule, data) for rule in rules), words, failed))

    def _asking(
        self, rules: Iterable[tuple[Rule, bytes]], words: frozenset[bytes], failed: Failed
    ) -> Iterator[Rule]:
        """The rules, loaded, that say yes to the bytes beside them."""
        for rule, data in rules:
            if rule in self._unloadable:
                continue
            loaded: Rule | None = None
            try:
                loaded = rule.load()
                if loaded.concerns(data, words, self._target):
                    yield loaded
            except (
                Exception
            ) as error:  # a rule's mistake, or its module's, must not cost the others' findings
                if loaded is None:
                    self._unloadable.add(rule)  # It will not get better: once is enough.
                failed(rule, error)

    def still_concerned(self, data: bytes, known: Typing, failed: Failed = _raise) -> Typing:
        """The rules of `concerned`, for the next state of a file that is typed in: looks around what was typed alone.

        What concerned a rule before still counts as if it did; what may concern one now because of the edit and of
        something far away from it is missed, until `concerned` is asked.
        """
        start, old_end, end = _changed(known.data, data)
        words, is_less = self._words_after(data, known, start, old_end, end)
        around = _around(data, start, end)
        # An import may be what things far away waited for.
        imports = b"import" in around
        nearby, where = (words, data) if imports else (self._vocabulary.intersection(_words(around)), around)
        kept = self._still_triggered(known.rules, words) if is_less else known.rules
        fresh: dict[Rule, bool] = {rule: True for rule in self._asked if rule not in kept}
        for word in nearby:
            for trigger in self._by_word.get(word, ()):
                rule = trigger.rule
                if rule in kept or rule in fresh or not trigger.required <= words:
                    continue
                if _can_reach(trigger, word, words, data, where):
                    fresh[rule] = False
        asked = ((rule, data if everywhere else around) for rule, everywhere in fresh.items())
        return Typing(data, kept.union(self._asking(asked, words, failed)), words)

    def _words_after(
        self, data: bytes, known: Typing, start: int, old_end: int, end: int
    ) -> tuple[frozenset[bytes], bool]:
        """The words in `data`, and whether some have gone: those of the lines that changed are looked at."""
        if known.words is None:
            return self._vocabulary.intersection(_words(data)), True
        old = known.data
        start = old.rfind(b"\n", 0, start) + 1
        behind = data.find(b"\n", end)
        length = behind - end if behind >= 0 else len(data) - end
        before = self._vocabulary.intersection(_words(old[start : old_end + length]))
        now = self._vocabulary.intersection(_words(data[start : end + length]))
        gone = frozenset(word for word in before - now if not occurs(word, data))
        return (known.words | now) - gone, bool(gone)

    def _still_triggered(self, rules: frozenset[Rule], words: frozenset[bytes]) -> frozenset[Rule]:
        """Those of some rules of which one trigger's words are still there.

        They are loaded; the equal ones in the tables may be declarations, whose hooks find nothing.
        """
        triggered = set(self._asked)
        for word in words:
            triggered.update(t.rule for t in self._by_word.get(word, ()) if t.required <= words)
        return frozenset(rule for rule in rules if rule in triggered)


class Typing(NamedTuple):
    """A state of a file that is typed in, the rules that it concerned, and those words in it that rules wait for."""

    data: bytes
    rules: frozenset[Rule]
    words: frozenset[bytes] | None = None


_LINES_AROUND = 40


def _around(data: bytes, start: int, end: int) -> bytes:
    """What stands from `start` to `end`, with some lines around it."""
    for _ in range(_LINES_AROUND):
        start = max(data.rfind(b"\n", 0, start), 0)
        end = data.find(b"\n", end + 1) if end >= 0 else -1
    return data[start : end if end >= 0 else len(data)]


def _changed(old: bytes, new: bytes) -> tuple[int, int, int]:
    """Where an edit starts, and where it ends in the old and in the new text."""
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    return start, len(old) - tail, len(new) - tail


def _common(first: bytes, second: bytes) -> int:
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class _Trigger(NamedTuple):
    """What must stand in a file, beside one word, for a rule to look at it.

    `written` says whether the word stands in the bytes as the trigger has it. `module` is where the word's thing
    lives, if the file has to import it; `passed_on` says that a module of the project may do so for it.
    """

    rule: Rule
    required: frozenset[bytes]
    written: Callable[[bytes, bytes], bool] | None = None
    module: str = ""
    passed_on: bool = False


def _plain_triggers(rule: Rule) -> Iterator[tuple[bytes, _Trigger]]:
    """Those that are words and no names of Python."""
    required = frozenset(word.encode() for word in rule.words)
    for word in rule.any_words or rule.words[:1]:
        yield word.encode(), _Trigger(rule, required)


def _triggers(rule: Rule) -> Iterator[tuple[bytes, _Trigger]]:
    required = frozenset(word.encode() for word in rule.words)
    words = (*rule.settings, *rule.any_words)
    for word in words:
        yield word.encode(), _Trigger(rule, required)
    for method in rule.methods:
        yield method.encode(), _Trigger(rule, required, called_on_something)
    for name in rule.names:
        module, _, last = name.rpartition(".")
        yield last.encode(), _Trigger(rule, required, None, module)
    for name in rule.calls:
        module, _, last = name.rpartition(".")
        yield last.encode(), _Trigger(rule, required, called, module, passed_on=True)
    for name in rule.strings:
        *parts, last = name.split(".")
        yield last.encode(), _Trigger(rule, required | {p.encode() for p in parts if len(p) > 1})
    if required and not (words or rule.methods or rule.names or rule.calls or rule.strings):
        yield min(required), _Trigger(rule, required)


def _can_reach(
    trigger: _Trigger, word: bytes, words: frozenset[bytes], data: bytes, where: bytes | None = None
) -> bool:
    """Whether a file may hold what a trigger waits for, written in the part `where` of it."""
    if trigger.module:
        ways = [way for way in _ways(trigger.module) if way.parts <= words]
        if any(_leads(way, data) for way in ways):
            # What is passed on may be taken from anywhere.
            spelled = () if trigger.passed_on else [way.name for way in _ways(trigger.module)]
            if spelled and not refers(word, spelled, data):
                return False
        elif not trigger.passed_on or not _passes(word, data):
            return False
    return trigger.written is None or trigger.written(word, data if where is None else where)


class _Way(NamedTuple):
    """One spelling of a module's name: whole, in its words, and cut at each dot."""

    name: bytes
    parts: frozenset[bytes]
    cuts: tuple[tuple[bytes, bytes], ...]


@cache
def _ways(module: str) -> tuple[_Way, ...]:
    found = []
    for spelling in spellings(module):
        parts = spelling.encode().split(b".")
        cuts = tuple((b".".join(parts[:end]), parts[end]) for end in range(len(parts) - 1, 0, -1))
        found.append(_Way(b".".join(parts), frozenset(parts), cuts))
    return tuple(found)


def _leads(way: _Way, data: bytes) -> bool:
    """Whether a file spells a module out, or imports it, or what it stands in, from another one."""
    if way.name in data:
        return True
    imports = imports_of(data)
    return any(parent in imports.modules_of(last) for parent, last in way.cuts)


def _passes(word: bytes, data: bytes) -> bool:
    """Whether an import names `word`, or everything."""
    imports = imports_of(data)
    return imports.has_star or bool(imports.modules_of(word))


def matches(rules: Iterable[Rule], ctx: Context) -> Iterator[Match]:
    """The hook calls that a file's nodes ask of `rules`."""
    tables = _Tables(rules)
    if tables.names:
        yield from _references(tables.names, ctx)
    if tables.calls or tables.methods:
        yield from _calls(tables, ctx)
    if tables.settings:
        wanted = frozenset(tables.settings)
        for assigned in assigned_settings(ctx.tree, ctx.names, ctx.path, wanted):
            for rule in tables.settings[assigned.name]:
                if not _guarded(rule, assigned.node, ctx):
                    yield Match(rule, partial(rule.setting, Setting(*assigned), ctx))
    if tables.strings:
        for constant in ctx.tree.nodes(ast.Constant):
            if isinstance(constant.value, str) and not isinstance(parent(constant), ast.Expr):
                for rule in tables.strings.get(constant.value, ()):
                    hook = partial(rule.string, constant, ctx)
                    yield Match(rule, hook, partial(_guarded, rule, constant, ctx))
    for cls, wanting in tables.nodes.items():
        for rule in wanting:
            glances = type(rule).glance is not Rule.glance
            for node in ctx.tree.picked(cls, rule.glance) if glances else ctx.tree.nodes(cls):
                yield Match(rule, partial(rule.node, node, ctx))
    for rule in tables.files:
        yield Match(rule, partial(rule.file, ctx))


class _Tables:
    """Triggers of a few rules, by what they match."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.names: dict[str, list[Rule]] = {}
        self.calls: dict[str, list[Rule]] = {}
        self.methods: dict[str, list[Rule]] = {}
        self.settings: dict[str, list[Rule]] = {}
        self.strings: dict[str, list[Rule]] = {}
        self.nodes: dict[type[ast.AST], list[Rule]] = {}
        self.files: list[Rule] = []
        for rule in rules:
            for table, triggers in (
                (self.names, rule.names),
                (self.calls, rule.calls),
                (self.methods, rule.methods),
                (self.settings, rule.settings),
                (self.strings, rule.strings),
            ):
                for trigger in triggers:
                    table.setdefault(trigger, []).append(rule)
            for cls in rule.nodes:
                self.nodes.setdefault(cls, []).append(rule)
            if type(rule).file is not Rule.file:
                self.files.append(rule)


def _guarded(rule: Rule, node: ast.AST, ctx: Context, word: str = "") -> bool:
    guard = guard_of(node, ctx.names, ctx.target, word)
    if guard is Guard.IMPORT_FALLBACK:
        is_expected = rule.deprecated_in is not None or rule.removed_in is not None
        return is_expected and not _falls_short(node, ctx)
    return guard is not None


def _falls_short(node: ast.AST, ctx: Context) -> bool:
    """Whether the import fallback for `node` imports what the target lacks as well: names of older Djangos still."""
    child: ast.AST = node
    for up in ancestors(node):
        if isinstance(up, ast.Try):
            handlers = [handler for handler in up.handlers if catches_import_error(handler)]
            return (
                child in up.body
                and bool(handlers)
                and all(_is_missing(handler.body, ctx) for handler in handlers)
            )
        child = up
    return False


def _is_missing(body: list[ast.stmt], ctx: Context) -> bool:
    """Whether a block starts with an import that fails on the target, for a name of Django's that is not there."""
    statement = next((each for each in body if not isinstance(each, ast.Expr)), body[0])
    module = ctx.names.absolute(statement) if isinstance(statement, ast.ImportFrom) else ""
    if not isinstance(statement, ast.ImportFrom) or module.partition(".")[0] != "django":
        return False
    table, target = names_table(), ctx.target
    return table.covers(target) and any(
        alias.name.isidentifier()
        and not alias.name.startswith("_")
        and not table.exists(f"{module}.{alias.name}", target)
        and not table.is_dynamic(module, target)
        for alias in statement.names
    )


def _references(table: dict[str, list[Rule]], ctx: Context) -> Iterator[Match]:
    names = ctx.names
    words = {_last(name) for name in table}
    for node, name in _named_nodes(words, ctx):
        for rule in table.get(name, ()):
            if not _guarded(rule, node, ctx, _last(name)):
                yield Match(rule, partial(rule.reference, Reference(node, name), ctx))
    for statement in ctx.tree.nodes(ast.ImportFrom):
        # A removed module is named by whatever is imported from it.
        for rule in table.get(names.absolute(statement), ()):
            if not _guarded(rule, statement, ctx):
                yield Match(
                    rule, partial(rule.reference, Reference(statement, names.absolute(statement)), ctx)
                )


def _named_nodes(words: set[str], ctx: Context) -> Iterator[tuple[ast.alias | ast.Attribute | ast.Name, str]]:
    names = ctx.names
    for alias in ctx.tree.nodes(ast.alias):
        if _last(alias.name) in words:
            if isinstance(parent(alias), ast.Import):
                yield alias, alias.name
            elif name := names.resolve(alias):
                yield alias, name
    for attribute in ctx.tree.chosen(_attributes, words):
        if isinstance(attribute.ctx, ast.Load):
            for name in names.resolve_all(attribute):
                yield attribute, name
    if names.star_imports:
        for node in ctx.tree.nodes(ast.Name):
            if node.id in words and isinstance(node.ctx, ast.Load) and not names.lookup(node.id, node):
                for name in names.resolve_all(node):
                    yield node, name


def _attributes(nodes: NodesByType) -> dict[str, list[ast.Attribute]]:
    """By the name that is read."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in cast("list[ast.Attribute]", nodes.get(ast.Attribute, ())):
        found.setdefault(node.attr, []).append(node)
    return found


def _called(nodes: NodesByType) -> dict[str, list[ast.Call]]:
    """Calls by the last name of what they call."""
    found: dict[str, list[ast.Call]] = {}
    for node in cast("list[ast.Call]", nodes.get(ast.Call, ())):
        function = node.func
        if isinstance(function, ast.Attribute):
            found.setdefault(function.attr, []).append(node)
        elif isinstance(function, ast.Name):
            found.setdefault(function.id, []).append(node)
    return found


def _calls(tables: _Tables, ctx: Context) -> Iterator[Match]:
    words = {_last(name) for name in tables.calls}
    words |= _local_names(words, ctx) if words else set()
    for node in ctx.tree.chosen(_called, words | tables.methods.keys()):
        function = node.func
        written = function.id if isinstance(function, ast.Name) else cast("ast.Attribute", function).attr
        if written in words:
            for name in ctx.resolve_all(function):
                for rule in tables.calls.get(name, ()):
                    if not _guarded(rule, node, ctx):
                        yield Match(rule, partial(rule.call, Call(node, ctx.tree, name), ctx))
        if isinstance(function, ast.Attribute):
            for rule in tables.methods.get(written, ()):
                hook = partial(rule.method, Call(node, ctx.tree), ctx)
                yield Match(rule, hook, partial(_guarded, rule, node, ctx, written))


def _local_names(words: set[str], ctx: Context) -> set[str]:
    """What this file calls the things that `words` name: import and assignment aliases."""
    found = {
        alias.asname for alias in ctx.tree.nodes(ast.alias) if alias.asname and _last(alias.name) in words
    }
    for statement in ctx.tree.nodes(ast.Assign):
        value = statement.value
        if isinstance(value, (ast.Name, ast.Attribute)):
            written = value.id if isinstance(value, ast.Name) else value.attr
            if written in words or written in found:
                found.update(t.id for t in statement.targets if isinstance(t, ast.Name))
    return found

"""What one project's analysis remembers: modules, models, and what each played call came to."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django_uplift.django.releases import Release
from django_uplift.flow.events import Effect, Event
from django_uplift.project.config import Facts
from django_uplift.project.modules import Modules
from django_uplift.types.models import Models
from django_uplift.types.program import EVERYWHERE, LOCAL_CLASSES, ClassInfo, Mod, Program
from django_uplift.types.questions import Answer, Question, Recall, value_of
from django_uplift.types.values import Func, Value

MAX_DEPTH = 14
MAX_CALLERS = 12
MAX_CONTEXTS = 8
_NEVER = 1 << 30
MAX_PLAYED = 4000
MAX_INSIDE = 6
MAX_CONTEXTS_INSIDE = 3
MAX_DECORATED = 64
MAX_PLAYED_IN_PACKAGES = 500


_K = TypeVar("_K", bound=tuple[Any, ...])


class Summary(NamedTuple):
    """What a call of a function comes to."""

    returns: Value = None
    raising: Effect | None = None
    blocking: Effect | None = None
    attributes: tuple[tuple[str, Value], ...] = ()
    """For constructors: what `self` holds afterwards."""
    reads: frozenset[str] = frozenset()
    """The modules that this rests on."""
    loop: LoopCall | None = None
    """For async functions: what their own file has to hear of the call."""
    calls: tuple[Summary, ...] = ()
    """The calls made on the way of which some file has to hear."""
    warmed: tuple[tuple[str, frozenset[str]], ...] = ()
    """The relations that are on board of the arguments afterwards, by parameter."""


class LoopCall(NamedTuple):
    """A call of an async function: what it was given, and what happens in it."""

    function: Func
    values: tuple[tuple[str, Value], ...]
    events: tuple[Event, ...]


class Held(NamedTuple):
    """What something holds, with what that rests on and the calls made to find it out."""

    value: Value = None
    reads: frozenset[str] = frozenset()
    calls: tuple[Summary, ...] = ()


class Key:
    """A call as a key. Its hash is worked out once, since values are deep."""

    __slots__ = ("_hash", "call")

    def __init__(self, call: tuple[Any, ...]) -> None:
        self.call = call
        self._hash = hash(call)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._hash == other._hash and self.call == other.call


class Session:
    """The memory of one project's analysis. Not for several threads at once."""

    def __init__(
        self,
        modules: Modules,
        paths: Iterable[Path],
        target: Release,
        facts: Facts,
        *,
        uses_ruff_async: bool = False,
    ) -> None:
        self.program = Program(modules)
        self.models = Models(self.program, paths)
        self.target = target
        self.facts = facts
        self.uses_ruff_async = uses_ruff_async
        self._paths = paths
        self.summaries: dict[Key, Summary] = {}
        self.values: dict[tuple[str, str], Held] = {}
        """What module-level names hold, by module and name."""
        self.active: dict[Key, int] = {}
        """The calls that are being played, with their depth."""
        self._provisional: dict[Key, Summary] = {}
        self._cut = _NEVER
        self.on_loop: dict[str, dict[Key, LoopCall]] = {}
        """What calls of async functions from elsewhere came to in them, by module."""
        self._calls: list[Summary] = []
        """What was called in what is being played."""
        self._told: set[int] = set()
        """The summaries whose calls are in `on_loop`, by identity."""
        self.declared: dict[tuple[Any, ...], Held] = {}
        """What annotations promise, by place."""
        self.contexts: dict[tuple[Any, ...], set[Key]] = {}
        """The calls of a function that were told apart for the file in question."""
        self.attributes: dict[tuple[str, str], Held] = {}
        self.free_names: dict[tuple[str, int, int], tuple[str, ...]] = {}
        """The names that nested functions use, by place."""
        self.naming: dict[tuple[str, int, int], frozenset[str]] = {}
        """The parameters that name attributes, by the function's place."""
        self.local_scopes: dict[str, Any] = {}
        """The frames that classes of functions close over, by the class's name."""
        self._writers: dict[str, dict[str, list[Any]]] = {}
        self.receivers: dict[str, list[Value]] | None = None
        """What is connected to the project's signals, by the signal's name."""
        self.exposed: dict[str, str] | None = None
        """The types of Graphene-Django's by the model that they show."""
        self.schema: Any = None
        """The schemas that the project writes in GraphQL's own language."""
        self.handed: Any = None
        """The functions that the project's schemas are handed away from where they stand."""
        self.files: dict[str, Any] = {}
        """Files that were played for what they do to others, until they are asked about themselves."""
        self.played: set[str] = set()
        """The modules whose async functions have all been played."""
        self._asked: set[tuple[str, str]] = set()
        self._users: tuple[list[Path], dict[bytes, list[int]]] | None = None
        self._mentioned: dict[tuple[bytes, ...], bool] = {}
        self._called: dict[str, bool] = {}
        self.questions: dict[Question, str] = {}
        """What nobody has answered yet, and the module that it is about."""
        self.answers: dict[Question, Value] = {}
        self.recall: Recall | None = None
        """Knows what was answered before; None where nobody is asked."""
        self._relations: frozenset[str] | None = None
        self._spent = 0
        self._spent_in_packages = 0
        self.interrupt: Callable[[], None] | None = None
        """Asked now and then during an analysis: raises where nobody waits for it any more."""
        modules.listeners.append(self.forget)

    def forget(self, module: str | None) -> None:
        """A file changed: drop its module and what rests on it."""
        tells_others = self.models.forget(module)
        if module is None or self.program.forget(module):
            # A module that was looked for in vain: who did so, isn't known.
            self.summaries.clear()
        else:
            self._drop({module, LOCAL_CLASSES, *((EVERYWHERE,) if tells_others else ())})
        self._start_over()
        self._users = None
        self._mentioned.clear()
        self._called.clear()
        self.declared.clear()
        self._writers.clear()
        self.questions.clear()
        self.answers.clear()
        self._relations = None

    def _drop(self, modules: Set[str]) -> None:
        """Drop what rests on one of some modules."""
        for key in [key for key, summary in self.summaries.items() if not modules.isdisjoint(summary.reads)]:
            del self.summaries[key]

    def _start_over(self) -> None:
        """Drop what was played, but for the summaries."""
        # Who calls what is told anew by the callers that are still there.
        self.on_loop.clear()
        self._told.clear()
        self._calls.clear()
        self._asked.clear()
        self.played.clear()
        self.files.clear()
        self.values.clear()
        self.attributes.clear()
        self.contexts.clear()
        self.local_scopes.clear()
        self.free_names.clear()
        self.naming.clear()
        self.receivers = self.exposed = self.schema = self.handed = None

    # Asking others

    @property
    def relations(self) -> frozenset[str]:
        """What the project calls relations that lead to one object."""
        if self._relations is None:
            self._relations = self.models.relation_names()
        return self._relations

    def ask(self, module: str, question: Question) -> Value:
        """The answer to a question about a module; None if it isn't there yet, or if nobody knows."""
        if question not in self.answers:
            answer, is_final = ((), False) if self.recall is None else self.recall(question)
            self.answers[question] = value_of(answer, self.program, self.models)
            if not is_final:
                self.questions[question] = module
        return self.answers[question]

    def learn(self, answers: Mapping[Question, Answer]) -> bool:
        """Take answers in; whether they change anything that was played."""
        changed: set[str] = set()
        for question, answer in answers.items():
            module = self.questions.pop(question, None)
            if module is None:
                continue
            value = value_of(answer, self.program, self.models)
            if value != self.answers.get(question):
                self.answers[question] = value
                changed.add(module)
        if changed:
            self._drop({*changed, LOCAL_CLASSES})
            self._start_over()
        return bool(changed)

    def remembered(self, key: Key, make: Callable[[], Summary], otherwise: Summary) -> Summary:
        """The summary of a call.

        A call that is being played already counts as `otherwise`: the shortest way to a query never goes through
        a function twice. What was found below such a cut holds until the call that was cut to is done.
        """
        known = self.summaries.get(key) or self._provisional.get(key)
        if known is not None:
            self.program.reads |= known.reads
            self._tell(known)
            return known
        at = self.active.get(key)
        if at is not None:
            self._cut = min(self._cut, at)
            return otherwise
        depth = len(self.active)
        outer_reads, self.program.reads = self.program.reads, set()
        outer_calls, self._calls = self._calls, []
        outer_cut, self._cut = self._cut, _NEVER
        self.active[key] = depth
        try:
            summary = make()
            summary = summary._replace(
                reads=self.program.shared(self.program.reads), calls=_distinct(self._calls)
            )
        finally:
            self.active.pop(key, None)
            self.program.reads |= outer_reads
            self._calls = outer_calls
            cut, self._cut = self._cut, outer_cut
        self._tell(summary)
        if cut >= depth:
            self.summaries[key] = summary
            if cut == depth:
                self._provisional.clear()
        else:
            self._provisional[key] = summary
            self._cut = min(self._cut, cut)
        return summary

    def cut_short(self, levels: int) -> None:
        """Something wasn't looked into: what that comes to is final `levels` calls up, and not before."""
        self._cut = min(self._cut, max(len(self.active) - levels, 0))

    def held(self, memory: dict[_K, Held], key: _K, make: Callable[[], Value]) -> Value:
        """What something holds, worked out once; None where that leads back to itself."""
        known = memory.get(key)
        if known is not None:
            self.program.reads |= known.reads
            for call in known.calls:
                self._tell(call)
            return known.value
        memory[key] = Held()
        outer_calls, self._calls = self._calls, []
        try:
            value, reads = self.program.reading(make)
            memory[key] = Held(value, reads, _distinct(self._calls))
        except BaseException:
            del memory[key]
            raise
        finally:
            outer_calls += self._calls
            self._calls = outer_calls
        return value

    def _tell(self, summary: Summary) -> None:
        """Let the files of async functions hear of their calls, here and further on."""
        if summary.loop is None and not summary.calls:
            return
        self._calls.append(summary)
        pending = [summary]
        while pending:
            call = pending.pop()
            if id(call) not in self._told:
                self._told.add(id(call))
                if call.loop is not None:
                    function, values, _ = call.loop
                    calls = self.on_loop.setdefault(function.module, {})
                    key = Key((function, values))
                    calls[key] = _either(calls.get(key), call.loop)
                pending += call.calls

    def stop(self) -> None:
        """A play ended in an error: nothing is being played now."""
        self._calls.clear()
        self.active.clear()
        self._provisional.clear()
        self._cut = _NEVER

    def writers(self, info: ClassInfo) -> dict[str, list[Any]]:
        """The methods of a class that assign to an attribute of `self`, by the attribute."""
        known = self._writers.get(info.name)
        if known is None:
            known = self._writers[info.name] = {}
            for node in info.members.values():
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.args:
                    own = node.args.args[0].arg
                    for target in _targets(node.body):
                        if isinstance(target.value, ast.Name) and target.value.id == own:
                            methods = known.setdefault(target.attr, [])
                            if node not in methods:
                                methods.append(node)
        return known

    def start(self) -> None:
        """A new question: what may be spent on it is spent anew."""
        self._spent = self._spent_in_packages = 0
        self._calls.clear()
        self.contexts.clear()

    def spend(self, *, in_package: bool = False) -> None:
        """One more function was played. Raises what `interrupt` does."""
        self._spent += 1
        self._spent_in_packages += in_package
        if self.interrupt is not None:
            self.interrupt()

    def is_exhausted(self, *, in_packages: bool = False) -> bool:
        """Whether the question costs more than any answer is worth, or what of it lies in packages."""
        if in_packages and self._spent_in_packages > MAX_PLAYED_IN_PACKAGES:
            return True
        return self._spent > MAX_PLAYED

    def callers(self, module: str, names: Iterable[str]) -> Iterator[Path]:
        """The files, not asked for before, that call one of these functions of a module."""
        wanted = [name for name in names if (module, name) not in self._asked]
        self._asked.update((module, name) for name in wanted)
        if not wanted:
            return
        pattern = re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(name.encode()) for name in wanted))
        # Who calls them imports them, or something beside them.
        home = module.rpartition(".")[2].encode()
        found = 0
        for path, data in self._async_files(self._that_hold(wanted)):
            if home in data and pattern.search(data):
                yield path
                found += 1
                if found >= MAX_CALLERS:
                    return

    def is_called(self, name: str) -> bool:
        """Whether some file names an async function of this name, beside its definition."""
        known = self._called.get(name)
        if known is None:
            pattern = re.compile(rb"(?<!def )\b%s\b" % re.escape(name.encode()))
            texts = self._async_files(self._that_hold([name]))
            known = self._called[name] = any(pattern.search(data) for _, data in texts)
        return known

    def _that_hold(self, names: list[str]) -> Iterable[Path]:
        """The project's files that may hold one of these names, in their order; all where that is not known."""
        if self._users is None:
            self._users = self._index()
        paths, users = self._users
        words = [name.encode() for name in names]
        if any(word not in users for word in words):
            return self._paths
        return [paths[at] for at in sorted({at for word in words for at in users[word]})]

    def _index(self) -> tuple[list[Path], dict[bytes, list[int]]]:
        """The files with async functions; and in which of them each async function's name stands.

        Only the names of such functions are kept: they are all that `callers` is asked for, and all words of a
        large project are too many to keep.
        """
        texts = list(self._async_files(self._paths))
        users: dict[bytes, list[int]] = {name: [] for _, data in texts for name in _ASYNC_DEF.findall(data)}
        for at, (_, data) in enumerate(texts):
            for word in users.keys() & data.translate(_WORDS).split():
                users[word].append(at)
        return [path for path, _ in texts], users

    def _async_files(self, paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
        for path in paths:
            if path.suffix == ".py":
                with suppress(OSError):
                    data = self.program.modules.store.read(path)
                    if b"async" in data:
                        yield path, data

    def paths_with(self, words: tuple[bytes, ...]) -> Iterator[Path]:
        """The project's files that hold one of these words."""
        for path in self._paths:
            if path.suffix == ".py":
                with suppress(OSError):
                    data = self.program.modules.store.read(path)
                    if any(word in data for word in words):
                        yield path

    def modules_with(self, words: tuple[bytes, ...]) -> Iterator[Mod]:
        """The project's modules whose files hold one of these words."""
        for path in self.paths_with(words):
            name, _ = self.program.modules.name_of(path)
            mod = self.program.mod(name)
            if mod is not None and mod.path == path:
                yield mod

    def mentions(self, words: tuple[bytes, ...]) -> bool:
        """Whether some file of the project holds one of these words."""
        if words not in self._mentioned:
            self._mentioned[words] = any(any(word in data for word in words) for data in self._texts())
        return self._mentioned[words]

    def matches(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether some file of the project matches a pattern."""
        key = (pattern.pattern,)
        if key not in self._mentioned:
            self._mentioned[key] = any(pattern.search(data) for data in self._texts())
        return self._mentioned[key]

    def _texts(self) -> Iterator[bytes]:
        for path in self._paths:
            if path.suffix == ".py":
                with suppress(OSError):
                    yield self.program.modules.store.read(path)


def _either(known: LoopCall | None, call: LoopCall) -> LoopCall:
    """What happens in one of two calls: what a closure holds may have changed from the one to the other."""
    if known is None or not known.events:
        return call
    there = {(id(event.node), event.kind, event.op, event.level) for event in known.events}
    new = [e for e in call.events if (id(e.node), e.kind, e.op, e.level) not in there]
    return known._replace(events=(*known.events, *new))


def _distinct(calls: list[Summary]) -> tuple[Summary, ...]:
    return tuple({id(call): call for call in calls}.values())


def _targets(body: list[ast.stmt]) -> Iterator[ast.Attribute]:
    """The attributes that statements assign to, wherever they stand in a function."""
    for statement in body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
            targets = [statement.target]
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
        for target in targets:
            for each in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
                if isinstance(each, ast.Attribute):
                    yield each
        for part in ("body", "orelse", "finalbody"):
            yield from _targets(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", ()):
            yield from _targets(handler.body)


# Names with other letters than these are left to a search of every file.
_ASYNC_DEF = re.compile(rb"\basync[ \t]+def[ \t]+([A-Za-z_]\w*)(?=[ \t]*[(\[])")
# For `bytes.translate`: what no name has becomes a blank. Several times faster than a search for words.
_WORDS = bytes(c if re.match(rb"\w", bytes((c,))) else ord(" ") for c in range(256))

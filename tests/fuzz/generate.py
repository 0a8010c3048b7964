"""Composes programs: what is operated on x what is done x where it stands x through how many helpers.

The same seed and count give the same programs. Half of them at most go through every operation, every context
and every wrapper once, each on something plain; the rest are drawn at random from all combinations.
"""

from __future__ import annotations

import ast
import random
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from tests.fuzz import contexts, operations, receivers, scenes
from tests.fuzz.draft import Draft, Program, Render, Subject, assemble


class Operation(NamedTuple):
    """One thing to do."""

    template: str
    awaits: bool = False
    """Only in an asynchronous function."""
    block: bool = False
    """Statements that fill `out`, in place of an expression."""


# Where the work is done: {it} stands for the subject there. `main` reaches it by what follows '=>'.
_SCOPES = {
    "async function": "async def {f}(it{a}):\n{body}\n=> await {f}({r})",
    "async function, by keyword": "async def {f}(*, it{a}):\n{body}\n=> await {f}(it={r})",
    "async function through another": (
        "async def {f}(it{a}):\n{body}\n\n\nasync def {f}_outer(it):\n    return await {f}(it)\n"
        "=> await {f}_outer({r})"
    ),
    "async method": "class {C}:\n    async def run(self, it{a}):\n{body2}\n=> await {C}().run({r})",
    "async method on self": (
        "class {C}:\n    def __init__(self, it{a}):\n        self.it = it\n\n"
        "    async def run(self):\n        it = self.it\n{body2}\n=> await {C}({r}).run()"
    ),
    "inherited async method": (
        "class {C}Base:\n    async def run(self, it{a}):\n{body2}\n\n\nclass {C}({C}Base):\n    pass\n"
        "=> await {C}().run({r})"
    ),
    "async static method": (
        "class {C}:\n    @staticmethod\n    async def run(it{a}):\n{body2}\n=> await {C}.run({r})"
    ),
    "decorated async function": "@alogged\nasync def {f}(it{a}):\n{body}\n=> await {f}({r})",
    "async function in a task": "async def {f}(it{a}):\n{body}\n=> await asyncio.create_task({f}({r}))",
    "async callback": (
        "async def {f}(it{a}):\n{body}\n\n\n"
        "async def {f}_apply(function, it):\n    return await function(it)\n=> await {f}_apply({f}, {r})"
    ),
    "async_to_sync in a thread": (
        "async def {f}(it{a}):\n{body}\n=> await sync_to_async(async_to_sync({f}))({r})"
    ),
}


def _operations(subject_kind: str, model: str) -> list[Operation]:
    found: list[Operation] = []
    if subject_kind in ("manager", "queryset"):
        found += [Operation(line) for line in operations.split(operations.ANY)]
        own = operations.MANAGER if subject_kind == "manager" else operations.QUERYSET
        found += [Operation(line) for line in operations.split(own)]
        for table in (operations.ASYNC_ANY, operations.ASYNC_WRONG):
            found += [Operation(line, awaits=True) for line in operations.split(table)]
        found += [Operation(text, block=True) for text in operations.blocks(operations.STATEMENTS)]
        found += [
            Operation(text, awaits=True, block=True)
            for text in operations.blocks(operations.ASYNC_STATEMENTS)
        ]
    elif subject_kind == "list":
        plain = [
            line
            for line in operations.split(operations.QUERYSET)
            if ".query" not in line and "{r}." not in line
        ]
        found += [Operation(line) for line in plain]
    elif subject_kind == "instance":
        found += [Operation(line) for line in operations.split(operations.INSTANCE[model])]
        found += [
            Operation(line, awaits=True)
            for line in operations.split(operations.ASYNC_INSTANCE.get(model, ""))
        ]
    else:
        found += [Operation(line) for line in operations.split(operations.FREE)]
        found += [Operation(line, awaits=True) for line in operations.split(operations.ASYNC_FREE)]
    return found


def _receivers() -> list[tuple[str, receivers.Receiver]]:
    return [*receivers.managers(), *receivers.querysets()]


_SETS = _receivers()
_FREE = Subject("none", "", "Order", "none")


class Composer:
    """Makes the program of one number."""

    def __init__(self, seed: object) -> None:
        self.random = random.Random(f"uplift {seed}")
        self.draft = Draft(self.random)

    # The parts

    def subject(self) -> Subject:
        """Something to operate on."""
        kind = self.random.choices(["set", "instance", "none"], [45, 45, 10])[0]
        if kind == "none":
            return _FREE
        if kind == "instance":
            weights = [4 if model in ("Order", "Customer") else 1 for model in receivers.INSTANCE_MODELS]
            model = self.random.choices(receivers.INSTANCE_MODELS, weights)[0]
            ways = list(receivers.instances(model))
            return self.random.choice(ways)[1](self.draft)
        return self.random.choice(_SETS)[1](self.draft)

    def operation(self, subject: Subject) -> Operation:
        """Something to do to it."""
        found = _operations(subject.kind, subject.model)
        if subject.name == "empty queryset":
            # What is done for each row is never done.
            found = [operation for operation in found if not operation.awaits]
        return self.random.choice(found)

    def compose(
        self,
        subject: Subject,
        operation: Operation,
        context: str | None = None,
        wrapped: list[str] | None = None,
        scope: str | None = None,
        decoys: bool = True,
    ) -> Program:
        """A program of the parts; None is drawn. Raises `SyntaxError` if they don't go together."""
        draft = self.draft
        template = operations.fill(operation.template, subject.model)
        if scope is None:
            scope = "" if self.random.random() < 0.65 else self.random.choice(list(_SCOPES))
        setup = [*draft.setup]
        lines = ["out = []"]
        held = subject.called("it") if scope and subject.kind != "none" else subject
        names: list[str] = []
        context_name = "statements"
        if operation.block:
            rows = f"{held.text}.all()" if subject.kind == "manager" else held.text
            text = template.replace("{q}", rows)
            if (
                not operation.awaits
                and context is None
                and self.random.random() < 0.4
                and subject.kind != "none"
            ):
                # In a plain function that is called; `out` is its result.
                name = draft.name("statements")
                body = "out = []\n" + template.replace("{q}", "it") + "\nreturn out"
                draft.define(f"def {name}(it):\n{textwrap.indent(body, '    ')}", name)
                lines.append(f"out = {name}({rows})")
                names.append("function of statements")
            else:
                lines += text.splitlines()
        else:
            render: Render = lambda receiver: template.replace("{r}", receiver)  # noqa: E731
            awaits = operation.awaits
            if not awaits and subject.kind != "none":
                for name in self.wrapped() if wrapped is None else wrapped:
                    if name in contexts.OFF_WRAPPERS:
                        render, awaits = contexts.OFF_WRAPPERS[name](draft, held, render), True
                    else:
                        render = contexts.WRAPPERS[name](draft, held, render)
                        # What a wrapper holds is not annotated with what it gives.
                    names.append(name)
            available = contexts.AWAITING if awaits else contexts.CONTEXTS
            if context is None:
                plain = self.random.random() < (0.4 if names else 0.15)
                context = "assigned" if plain else self.random.choice(list(available))
            context_name = context
            lines += available[context](draft, render(held.text))
        lines.append("return out")
        if decoys and self.random.random() < 0.3:
            # Before the subject's set-up, so that they run whatever comes of it.
            setup = [*self.random.choice(contexts.DECOYS).splitlines(), *setup]
        if scope:
            code, _, reach = _SCOPES[scope].rpartition("\n=> ")
            function, cls = draft.name("work"), draft.name("Worker")
            annotation = self.annotation(subject)
            body = "\n".join(lines)
            filled = (
                code.replace("{f}", function)
                .replace("{C}", cls)
                .replace("{a}", annotation)
                .replace("{body2}", textwrap.indent(body, " " * 8))
                .replace("{body}", textwrap.indent(body, " " * 4))
            )
            if subject.kind == "none":
                filled = filled.replace(f"(it{annotation})", "(it=None)")
            # Not in the second module: it names what the first one defines.
            draft.top.append(filled)
            reached = (
                reach.replace("{f}", function).replace("{C}", cls).replace("{r}", subject.text or "None")
            )
            main = [*setup, f"return {reached}"]
        else:
            main = [*setup, *lines]
        categories = {
            "receiver": subject.name,
            "operation": " ".join(operation.template.split()) if not operation.block else operation.template,
            "context": context_name,
            "chain": " < ".join(names) or "direct",
            "scope": scope or "main",
            "scene": "",
        }
        if " async for " in operation.template and any(
            "acreate" in line or "Order(" in line for line in draft.setup
        ):
            draft.undecidable = "a new row has no related ones"
        if "Template(" in operation.template:
            draft.undecidable = "the template decides"
        program = assemble(draft, main, categories)
        for text in program.files.values():
            ast.parse(text)
        return program

    def annotation(self, subject: Subject) -> str:
        """What the parameter of an asynchronous function is annotated with, if at all."""
        if not subject.annotation or self.random.random() < 0.4:
            return ""
        quoted = subject.annotation.strip('"')
        return f': "{quoted}"' if "[" in quoted else f": {quoted}"

    def wrapped(self) -> list[str]:
        """Through which helpers, the innermost first."""
        count = self.random.choices([0, 1, 2, 3], [50, 30, 14, 6])[0]
        available = list(contexts.WRAPPERS)
        weights = [5 if name in contexts.COMMON else 1 for name in available]
        names = self.random.choices(available, weights, k=count)
        if count and self.random.random() < 0.12:
            names.append(self.random.choice(list(contexts.OFF_WRAPPERS)))
        return names

    def scene(self, name: str | None = None) -> Program:
        """A scene's program."""
        name = name or self.random.choice(scenes.names())
        main = scenes.scene(self.draft, name)
        categories = {"receiver": "", "operation": "", "context": "", "chain": "", "scope": "", "scene": name}
        program = assemble(self.draft, main, categories)
        for text in program.files.values():
            ast.parse(text)
        return program

    def any(self) -> Program:
        """Anything."""
        if self.random.random() < 0.2:
            return self.scene()
        subject = self.subject()
        return self.compose(subject, self.operation(subject))


def _systematic(seed: int) -> Iterator[Program]:
    """Each operation in `main`, each context and each wrapper on something plain."""
    number = 0

    def composer() -> Composer:
        nonlocal number
        number += 1
        return Composer(f"{seed} systematic {number}")

    def plain(kind: str, model: str) -> tuple[Composer, Subject]:
        made = composer()
        if kind == "none":
            return made, _FREE
        if kind == "instance":
            return made, next(receivers.instances(model))[1](made.draft)
        return made, Subject(
            kind, "Order.objects" if kind == "manager" else "Order.objects.all()", "Order", kind
        )

    kinds = [("manager", "Order"), ("queryset", "Order"), ("none", "Order")]
    kinds += [("instance", model) for model in receivers.INSTANCE_MODELS]
    for kind, model in kinds:
        for operation in _operations(kind, model):
            if kind == "queryset" and operation.template in operations.split(operations.ANY):
                continue
            made, subject = plain(kind, model)
            yield made.compose(subject, operation, "assigned", [], "", decoys=False)
    samples = [
        ("manager", Operation("{r}.count()")),
        ("queryset", Operation("{r}.order_by('pk')")),
        ("instance", Operation("{r}.customer.name")),
        ("instance", Operation("{r}.status")),
    ]
    for kind, operation in samples:
        for context in contexts.CONTEXTS:
            made, subject = plain(kind, "Order")
            yield made.compose(subject, operation, context, [], "", decoys=False)
        for name in [*contexts.WRAPPERS, *contexts.OFF_WRAPPERS]:
            made, subject = plain(kind, "Order")
            yield made.compose(subject, operation, "assigned", [name], "", decoys=False)
        for scope in _SCOPES:
            made, subject = plain(kind, "Order")
            yield made.compose(subject, operation, "assigned", [], scope, decoys=False)


def systematic(seed: int) -> list[Program]:
    """Each operation, context and wrapper once, in order."""
    return list(_systematic(seed))


def generate(count: int, seed: int = 1) -> list[Program]:
    """`count` different programs."""
    found: dict[str, Program] = {}
    each = systematic(seed)
    random.Random(f"uplift order {seed}").shuffle(each)
    # Half of them at most: combinations are where the bugs are.
    for program in each[: max(1, count // 2)]:
        found.setdefault(program.id, program)
    number = 0
    while len(found) < count:
        number += 1
        try:
            program = Composer(f"{seed} {number}").any()
        except SyntaxError:
            # Parts that don't go together: a quote in an f-string, a return in a generator.
            continue
        found.setdefault(program.id, program)
    return list(found.values())

"""The generator: the same programs for the same seed, and everything in its tables comes up."""

from __future__ import annotations

import ast

from tests.fuzz import contexts, operations, receivers, scenes
from tests.fuzz.generate import Composer, generate, systematic


def test_the_same_seed_gives_the_same_programs() -> None:
    """And another one others."""
    assert generate(150, 3) == generate(150, 3)
    assert {program.id for program in generate(150, 3)} != {program.id for program in generate(150, 4)}


def test_programs_are_different_and_whole() -> None:
    """Each is one or two modules that parse, with a `main`."""
    programs = generate(400, 5)
    assert len({program.id for program in programs}) == 400
    for program in programs:
        assert 1 <= len(program.files) <= 2
        tree = ast.parse(program.files[program.path])
        assert any(isinstance(node, ast.AsyncFunctionDef) and node.name == "main" for node in tree.body)
    assert any(len(program.files) == 2 for program in programs)


def test_everything_comes_up() -> None:
    """Every operation, context and wrapper has a program of its own."""
    programs = systematic(1)
    seen = {
        key: {program.categories[key] for program in programs} for key in ("operation", "context", "chain")
    }
    assert set(contexts.CONTEXTS) <= seen["context"]
    assert {*contexts.WRAPPERS, *contexts.OFF_WRAPPERS} <= seen["chain"]
    tables = [operations.ANY, operations.MANAGER, operations.QUERYSET, operations.FREE]
    tables += [operations.ASYNC_ANY, operations.ASYNC_WRONG, operations.ASYNC_FREE]
    tables += [*operations.INSTANCE.values(), *operations.ASYNC_INSTANCE.values()]
    for table in tables:
        assert {" ".join(line.split()) for line in operations.split(table)} <= seen["operation"]
    for table in (operations.STATEMENTS, operations.ASYNC_STATEMENTS):
        assert set(operations.blocks(table)) <= seen["operation"]


def test_every_scene_and_receiver_can_be_made() -> None:
    """In several variants."""
    for name in scenes.names():
        assert {Composer(f"scene {number}").scene(name).id for number in range(5)}, name
    kinds = set()
    for model in receivers.INSTANCE_MODELS:
        for name, receiver in receivers.instances(model):
            made = Composer(f"receiver {model} {name}")
            subject = receiver(made.draft)
            assert subject.kind == "instance" and made.draft.setup, name
            kinds.add(subject.name)
    assert len(kinds) > 12

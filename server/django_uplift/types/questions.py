"""What our own inference could not tell, as questions to somebody else; and what the answers are worth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from django_uplift.types.annotations import of_class, parametrised
from django_uplift.types.models import MANAGER, Models
from django_uplift.types.program import Program
from django_uplift.types.values import Class, Union, Value, join


class Question(NamedTuple):
    """What is the expression that ends at `line` (from 1) and `column` (in characters)?

    `near` tells the same place after edits elsewhere in the file: a digest of the function around it, and the place in
    that function.
    """

    path: Path
    line: int
    column: int
    near: tuple[str, int] = ("", 0)


class Definition(NamedTuple):
    """One class that an expression is an instance of, or that it is itself (`is_class`).

    `module` is the module's name as whoever answers calls it, `path` its file; `name` is dotted inside of it. `of` is
    what stands in the brackets of a generic class.
    """

    module: str
    name: str
    path: str = ""
    is_class: bool = False
    of: Definition | None = None


Answer = tuple[Definition, ...]
"""All definitions that fit; none if nobody knows."""

Recall = Callable[[Question], tuple[Answer, bool]]
"""What was answered before, and whether that still stands; if not, it is a guess until somebody is asked again."""
Ask = Callable[[Collection[Question]], Mapping[Question, Answer]]
"""Answers questions; those that are missing have none yet."""

_MOST = 3


def value_of(answer: Answer, program: Program, models: Models) -> Value:
    """The value that an answer stands for; None if it says nothing about queries.

    It is never certain, hence the other option: who answers leaves out the ways to an expression that it does not
    understand.
    """
    if len(answer) > _MOST:
        return None
    found: list[Value] = []
    for definition in answer:
        if definition.module == "builtins":
            continue
        name = _name(definition, program)
        if definition.is_class:
            held: Value = Class(name) if models.is_model(name) or program.cls(name) is not None else None
        else:
            held = of_class(name, program, models)
            if definition.of is not None:
                held = parametrised(held, of_class(_name(definition.of, program), program, models), models)
        if held is not None:
            found.append(held)
    if not found:
        return None
    result = found[0]
    for value in found[1:]:
        result = join(result, value)
    options = result.options if isinstance(result, Union) else (result,)
    return Union((*options, None))


def _name(definition: Definition, program: Program) -> str:
    """The qualified name. A file of the project's has the module name here that the other files import it by."""
    module = definition.module
    if definition.path:
        name, _ = program.modules.name_of(Path(definition.path))
        if name and program.modules.file_of(name) == Path(definition.path):
            module = name
    name = program.follow(f"{module}.{definition.name}")
    return MANAGER if name == "django.db.models.manager.BaseManager" else name

"""What of the values that a call gets can matter to queries: calls that differ in nothing else share a summary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django_uplift.types.values import Class, Const, Inst, Seq, Tup, Union, Value, map_options

_SILENT = ("builtins.", "datetime.", "decimal.", "uuid.", "pathlib.PurePath", "logging.")
_DEEPEST = 3

IsData = Callable[[str], bool]
"""Whether a class, by its qualified name, is a bare schema, which no query can come of."""


def simplified(
    values: dict[str, Value], whole: frozenset[str], is_data: IsData
) -> tuple[tuple[str, Value], ...]:
    """The values of parameters as a key. Literals of those that are in `whole` stay."""
    return tuple(
        (name, value if name in whole and isinstance(value, Const) else telling(value, is_data))
        for name, value in values.items()
    )


def telling(value: Value, is_data: IsData) -> Value:
    """What of a value can matter to queries."""
    if value is None:
        return None
    kind = type(value)
    if kind is Const:
        return value if value.value is None or value.value is True or value.value is False else None
    if kind is Inst:
        if value.args:
            args = tuple(
                (name, told) for name, held in value.args if (told := telling(held, is_data)) is not None
            )
            return value if args == value.args else replace(value, args=args)
        return None if value.cls.startswith(_SILENT) else value
    if kind is Class:
        return None if is_data(value.cls) else value
    if kind is Seq:
        item, held = _within(value.item, is_data), _within(value.value, is_data)
        entries = tuple((n, told) for n, v in value.entries if (told := telling(v, is_data)) is not None)
        if item is None and held is None and not entries and value.pending is None:
            # Who knows what is in it may as well not know that it is a list.
            return None
        if item is value.item and held is value.value and entries == value.entries:
            return value
        return replace(value, item=item, value=held, entries=entries)
    if kind is Tup:
        return Tup(tuple(telling(item, is_data) for item in value.items))
    if kind is Union:
        told = tuple(dict.fromkeys(telling(option, is_data) for option in value.options))
        if None in told and all(option is None or type(option) is Const for option in told):
            # A literal, or who knows: that says no more than who knows.
            return None
        return told[0] if len(told) == 1 else Union(told)
    return value


def _within(value: Value, is_data: IsData) -> Value:
    """As `telling`, for what all items of something have in common: one that is a literal says nothing."""
    told = telling(value, is_data)
    return None if type(told) is Const else told


def shallow(value: Value, depth: int = _DEEPEST) -> Value:
    """With objects in objects to a depth alone: a tree that is built by recursion has no end."""
    kind = type(value)
    if kind is Inst and value.args:
        if not depth:
            return replace(value, args=())
        args = tuple((name, shallow(held, depth - 1)) for name, held in value.args)
        same = all(new[1] is old[1] for new, old in zip(args, value.args, strict=True))
        return value if same else replace(value, args=args)
    if kind is Seq and (value.item is not None or value.value is not None):
        item, held = shallow(value.item, depth), shallow(value.value, depth)
        return value if item is value.item and held is value.value else replace(value, item=item, value=held)
    if kind is Union:
        return map_options(value, lambda option: shallow(option, depth))
    return value

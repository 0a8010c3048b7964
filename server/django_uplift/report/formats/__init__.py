"""The output formats: each module here is one, under its own name, and has ``render`` and ``statistics``.

Both are generators of text, so that a report can be shown while the run goes on.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from django_uplift.report.results import Render, View


class Format(NamedTuple):
    """`render` writes the findings; `statistics` a count for each rule, once the run is over."""

    render: Render
    statistics: Callable[[View], Iterator[str]]


@cache
def names() -> tuple[str, ...]:
    """The formats there are, text first because it is the default."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(found, key=lambda name: (name != "text", name)))


def load(name: str) -> Format:
    """The format of a name in `names`."""
    module = importlib.import_module(f"{__name__}.{name}")
    return Format(module.render, module.statistics)

"""Every rule against every nasty shape that fits its examples."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from django_uplift.engine.pages import Example
from django_uplift.engine.rule import Rule
from tests.rules.gauntlet import (
    LAYOUT,
    LOOSE,
    NEUTRAL,
    Source,
    Transform,
    crowded_imports,
    in_decorator,
    nested,
)
from tests.rules.harness import Seen, Text, check, encoded_as, examples, files_of, fix, target_of, to_text
from tests.rules.source import lost_comments, parses, shape, squeezed

# What these look for is a statement of its own: within an expression it is something else.
STATEMENTS = {"admin-register"}


def _cases(transforms: tuple[Transform, ...]) -> Iterator[object]:
    for rule, example in examples():
        block = example.block
        # What is reported of comments and of broken files moves with the layout.
        if not example.bad or rule.family == "checks" or block.language != "python" or parses(block.source):
            continue
        for transform in transforms:
            if transform is crowded_imports and rule.slug in ("unknown-name", "import-fallback"):
                # The names that it adds are unknown, too.
                continue
            if transform in (nested, in_decorator) and rule.slug in STATEMENTS:
                continue
            changed = transform(block.source)
            if changed is not None and changed != block.source:
                name = f"{rule.slug}-{block.line}-{transform.__name__}"
                yield pytest.param(rule, example, changed, id=name)


class Outcome:
    """What a rule finds in a text, and what its fixes make of it."""

    def __init__(self, rule: Rule, example: Example, source: Source) -> None:
        block = example.block
        files: dict[str, Text] = {**files_of(example), block.path: source}
        target = target_of(rule, block)
        unsafe = any(fixed.unsafe and fixed.choice == 1 for fixed in example.fixed)
        self.source = to_text(source)
        self.found = [seen for seen in check(files, block.path, target) if seen.code == rule.code]
        self.fixed = fix(files, block.path, target, unsafe=unsafe, rule=rule)
        rest: dict[str, Text] = {**files, block.path: encoded_as(source, self.fixed)}
        self.left = [seen for seen in check(rest, block.path, target) if seen.code == rule.code]
        self.again = fix(rest, block.path, target, unsafe=unsafe, rule=rule)

    def holds(self, reference: Outcome) -> None:
        """What must be true of any text."""
        assert parses(self.fixed) is None
        assert self.again == self.fixed, "a second run goes on fixing"
        if not lost_comments(reference.source, reference.fixed):
            lost = lost_comments(self.source, self.fixed)
            assert not lost, f"comments are lost: {lost}\n{self.fixed}"
        if self.found and self.source.count("\r\n") == self.source.count("\n"):
            assert self.fixed.count("\r\n") == self.fixed.count("\n"), "line ends are mixed"


_references: dict[int, Outcome] = {}


def reference_of(rule: Rule, example: Example) -> Outcome:
    """The outcome of the example as it stands."""
    key = id(example)
    if key not in _references:
        _references[key] = Outcome(rule, example, example.block.source)
    return _references[key]


def places(found: list[Seen]) -> Counter[str]:
    """What the findings point at."""
    return Counter(squeezed(seen.source) for seen in found)


@pytest.mark.parametrize(("rule", "example", "source"), list(_cases(LAYOUT)))
def test_layout_changes_nothing(rule: Rule, example: Example, source: Source) -> None:
    """The same findings at the same code, and the same program after the fix."""
    reference, outcome = reference_of(rule, example), Outcome(rule, example, source)
    assert shape(outcome.source) == shape(reference.source), f"the transform is wrong:\n{outcome.source}"
    assert places(outcome.found) == places(reference.found), outcome.source
    outcome.holds(reference)
    assert shape(outcome.fixed) == shape(reference.fixed), outcome.fixed
    assert len(outcome.left) == len(reference.left), outcome.fixed


@pytest.mark.parametrize(("rule", "example", "source"), list(_cases(NEUTRAL)))
def test_dress_changes_no_finding(rule: Rule, example: Example, source: Source) -> None:
    """As many findings, and as many of them mended."""
    reference, outcome = reference_of(rule, example), Outcome(rule, example, source)
    assert len(outcome.found) == len(reference.found), f"{outcome.found}\n{outcome.source}"
    outcome.holds(reference)
    assert len(outcome.left) == len(reference.left), outcome.fixed


@pytest.mark.parametrize(("rule", "example", "source"), list(_cases(LOOSE)))
def test_nothing_breaks(rule: Rule, example: Example, source: Source) -> None:
    """Whatever is found or not: results parse, runs end, comments stay."""
    Outcome(rule, example, source).holds(reference_of(rule, example))


# The gauntlet itself

SAMPLE = '''\
"""A module."""
from __future__ import annotations
import os.path, sys
from a.b import c, d as e
from django.utils import timezone

NAME = "multi\\
line"
TEXT = """
    kept
"""


@c(1, key=2)
class A(c):
    x = c(1)
    y = c.d(x for x in [1, 2])

    def f(self, a, *b, **k):
        v = c.d(a, f"{c(1)} {a!r}", *b, **k)
        w = timezone.utc
        return c(c(v, w=2), (1, 2),)


async def g():
    order = await c.get(pk=1)
    await c.save(
        # inside
        1,
    )
    if order: return c(3)
    print("é🎉", c(4)); print(5)
c.call(1, [2, 3])
'''


@pytest.mark.parametrize("transform", (*LAYOUT, *NEUTRAL, *LOOSE), ids=lambda t: t.__name__)
def test_transforms_give_programs(transform: Transform) -> None:
    changed = transform(SAMPLE)
    if changed is None:
        assert transform.__name__ in ("latin_1", "in_function", "in_class", "twice", "walrus")
        return
    text = to_text(changed)
    compile(changed if isinstance(changed, bytes) else changed.encode(), "sample", "exec", ast.PyCF_ONLY_AST)
    assert parses(text) is None
    assert not lost_comments(SAMPLE, text)
    if transform in LAYOUT:
        assert shape(text) == shape(SAMPLE)
    else:
        assert shape(text) != shape(SAMPLE)


@pytest.mark.parametrize("transform", (*LAYOUT, *NEUTRAL, *LOOSE), ids=lambda t: t.__name__)
@pytest.mark.parametrize(
    "source",
    [
        "from a import b\n\nvalue = b.c(1)\nother = 2\nb.d(value)\n",
        "import a\na.b\n",
        "from a import (\n    b,  # why\n)\n\n\ndef f(x):\n    return b(x, y=1)\n",
    ],
)
def test_transforms_fit_small_sources(transform: Transform, source: str) -> None:
    changed = transform(source)
    if changed is not None:
        text = to_text(changed)
        assert parses(text) is None
        assert not lost_comments(source, text)
        if transform in LAYOUT:
            assert shape(text) == shape(source)


def test_every_transform_fits_something() -> None:
    """A transform that never applies tests nothing."""
    source = "from a import b\n\nvalue = b.c(1)\nother = b.c(2)\nb.d(value)\nif value:\n    b.e(3)\n"
    more = "from a import b\n\n\ndef f(x):\n    return b(x)\n"
    idle = [t.__name__ for t in (*LAYOUT, *NEUTRAL, *LOOSE) if t(source) is None and t(more) is None]
    assert not idle

"""Trees brought up to date by segments: the same as those of a parse from scratch, at every step."""

from __future__ import annotations

import ast
import random
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_uplift.syntax import segments as module
from django_uplift.syntax.segments import Read, SegmentedTree, read
from django_uplift.syntax.tree import Tree, ancestors
from django_uplift.text.lines import Lines

ROOT = Path(__file__).resolve().parents[2]


def same(tree: Tree, expected: Tree) -> None:
    """Trees are equal in nodes, places, parents and index."""
    assert ast.dump(tree.module, include_attributes=True) == ast.dump(
        expected.module, include_attributes=True
    )
    assert (tree.text, tree.code, tree.broken) == (expected.text, expected.code, expected.broken)
    classes = {type(node) for node in ast.walk(expected.module)}
    for cls in classes:
        mine, theirs = tree.nodes(cls), expected.nodes(cls)
        assert len(mine) == len(theirs)
        if "lineno" in cls._attributes:
            assert sorted(map(tree.span, mine)) == sorted(map(expected.span, theirs))
        for node in mine:
            assert node is tree.module or list(ancestors(node))[-1] is tree.module


def check(segmented: SegmentedTree, text: str) -> Read:
    """The tree after a change, which must be that of the whole text where the text parses."""
    lines = Lines(text)
    found, expected = segmented.update(lines), read(lines)
    if found.problem is not None:
        found = segmented.settle() or found
    if expected.problem is None:
        assert found.problem is None
        assert found.tree is not None and expected.tree is not None
        same(found.tree, expected.tree)
    else:
        # What a broken text is cut down to may differ, but never in that it is broken.
        assert found.problem is not None
        if found.tree is not None:
            assert len(found.tree.code) == len(text)
            for node in found.tree.nodes(ast.Name):
                assert normalize("NFKC", found.tree.source(node)) == node.id  # PEP 3131
    return found


PIECES = [
    "x = 1\n", "\n", "# c\n", "    y = 2\n", "def f():\n    return 1\n", "@dec\n",
    "class A:\n    a = 1\n\n    def m(self): pass\n",
    "if x:\n    y\n", "else:\n    z\n", "try:\n    a\n", "except E:\n    b\n", '"""',
    "(", ")", "\\\n", "a; b\n", "'", "é𝒳\n",
    "x = (\n  1,\n)\n", "\r\n", "\r", "\f", "async def g():\n    await h()\n", "  # in\n", "\t", "f'{x}'\n", ":", "\0",
]  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[str]:
    """Texts, each made from the one before by one or a few edits."""
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=8)))
    texts = [text]
    for _ in range(draw(st.integers(1, 10))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 0, 1, 2, 5, 20])))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
        texts.append(text)
    if draw(st.booleans()):
        texts += texts[-2::-1]  # undo
    return texts


@settings(max_examples=150, deadline=None)
@given(histories())
@example(["x = 1\n@dec\ndef f(): pass\n", "x = 1\n@de\ndef f(): pass\n", "x = 1\n\n@dec\n\ndef f(): pass\n"])
@example(["if x:\n    a\nelsey\n", "if x:\n    a\nelse:\n    b\n"])
@example(['a = 1\n"""\nb = 2\n', 'a = 1\n"""\nb = """2\n', 'a = 1\n""" """\nb = """2\n"""'])
@example(["a\n\\\nb\n", "a\n\\\nbc\n", "a\nbc\n"])
@example(["", "x", "x\n", "x\ny", ""])
@example(["(\n", "(\n)\n", "(\n)\nx"])
def test_every_step_is_what_a_parse_from_scratch_gives(texts: list[str]) -> None:
    for segmented in (SegmentedTree(1), SegmentedTree(4)):
        for text in texts:
            check(segmented, text)


FILES = sorted((ROOT / "server/django_uplift").rglob("*.py"), key=lambda path: path.as_posix())


@pytest.mark.parametrize("seed", range(4))
def test_real_files_typed_in_random_order(seed: int) -> None:
    """Pieces of real code are cut, pasted, typed and deleted character by character, as in a session of work."""
    rng = random.Random(seed)
    text = rng.choice([path for path in FILES if 2_000 < path.stat().st_size < 6_000]).read_text(
        encoding="utf-8"
    )
    other = rng.choice(FILES).read_text(encoding="utf-8")
    segmented = SegmentedTree(rng.choice([1, 16]))
    check(segmented, text)
    for _ in range(12):
        at = rng.choice(
            [
                0,
                len(text),
                rng.randrange(len(text) + 1),
                text.rfind("\n", 0, rng.randrange(len(text) + 1)) + 1,
            ]
        )
        if rng.random() < 0.4:
            text = text[:at] + text[at + rng.choice([1, 1, 3, 40, 400]) :]
            check(segmented, text)
            continue
        start = rng.randrange(len(other))
        word = other[start : start + rng.choice([1, 4, 12, 200])]
        for char in [word] if len(word) > 12 else word:
            text = text[:at] + char + text[at:]
            at += len(char)
            check(segmented, text)


@pytest.mark.parametrize("seed", range(3))
def test_members_of_real_classes_typed_in_random_order(seed: int) -> None:
    """Long classes are cut at their members: indentation, decorators and headers come and go."""
    rng = random.Random(seed)
    big = [
        path
        for path in FILES
        if "class " in path.read_text(encoding="utf-8") and 9_000 < path.stat().st_size < 16_000
    ]
    text = rng.choice(big).read_text(encoding="utf-8")
    segmented = SegmentedTree(rng.choice([2, 16]))
    check(segmented, text)
    inserts = ["    @property\n", "    x = 1\n", "y = 2\n", "    def m(self):\n        return 1\n", "class B(A):\n",
               "    ", "  ", "\t", "else:\n", "    if x:\n        y = 1\n", '"""', "(", "\\\n", "# c\n"]  # fmt: skip
    for _ in range(12):
        at = text.rfind("\n", 0, rng.randrange(len(text) + 1)) + 1
        before = text
        if rng.random() < 0.3:
            text = text[:at] + text[at + rng.choice([1, 4, 30, 200]) :]
            check(segmented, text)
        else:
            for char in rng.choice(inserts):
                text = text[:at] + char + text[at:]
                at += 1
                check(segmented, text)
        if rng.random() < 0.6:
            text = before
            check(segmented, text)


def test_a_class_typed_between_the_members_of_another_takes_those_behind_it() -> None:
    members = [f"    def m{i}(self):\n        return {i}\n\n" for i in range(9)]
    for min_lines in (1, 2, 16):
        for at in range(10):
            segmented = SegmentedTree(min_lines)
            before, behind = "class A:\n" + "".join(members[:at]), "".join(members[at:]) + "x = 1\n"
            typed = "class B(A):\n"
            for end in [*range(len(typed) + 1), *range(len(typed), -1, -1)]:
                check(segmented, before + typed[:end] + behind)


def test_an_edit_in_a_long_class_parses_its_member(monkeypatch: pytest.MonkeyPatch) -> None:
    members = "".join(f"    def m{i}(self):\n        return {i}\n\n" for i in range(200))
    text = f"class A(B):\n    a = 1\n\n{members}x = 1\n"
    segmented = SegmentedTree()
    check(segmented, text)
    parsed: list[str] = []
    monkeypatch.setattr(module, "parse", lambda text, parse=module.parse: parsed.append(text) or parse(text))
    at = text.index("return 100")
    for typed in ("q", "qq", "qq(", "qq()"):
        segmented.update(Lines(text[:at] + typed + "\n        " + text[at:]))
    assert parsed and max(map(len, parsed)) < 3_000


def test_an_edit_parses_what_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    real = module.parse
    monkeypatch.setattr(module, "parse", lambda text: parsed.append(len(text)) or real(text))
    function = "def f():\n    return 1\n\n\n"
    text = function * 200
    segmented = SegmentedTree(1)
    segmented.update(Lines(text))
    parsed.clear()
    at = text.index("return", 2000)
    segmented.update(Lines(text[:at] + "x = 1; " + text[at:]))
    assert sum(parsed) < 2 * len(function)
    parsed.clear()
    segmented.update(Lines(text))
    segmented.update(Lines(text[:at] + "\n    " + text[at:]))
    assert sum(parsed) < 4 * len(function)


def test_broken_segments_cost_the_others_nothing() -> None:
    text = "a = 1\ndef f(:\n    x\nb = 2\n"
    found = SegmentedTree(1).update(Lines(text))
    assert found.tree is not None and found.problem is not None
    assert [found.tree.source(node) for node in found.tree.nodes(ast.Name)] == ["a", "b"]
    (span,) = found.tree.broken
    assert found.tree.text[span.start : span.end].startswith("def f(:")


LONG = "".join(f"def f{i}():\n    a = {i}\n    b = a\n    return b\n\n\n" for i in range(12))
MEMBERS = f"class A:\n{''.join(f'    {line}' if line.strip() else line for line in LONG.splitlines(True))}"


@pytest.mark.parametrize("text", [LONG, MEMBERS])
def test_a_line_that_is_typed_in_costs_its_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one statement does not parse, what is around it is kept, and nothing is looked for."""
    segmented = SegmentedTree(4)
    check(segmented, text)
    at = text.index("b = a", text.index("f6")) + len("b = a")
    endings = ("", "[", "[0", "[0]", "[0](", "[0]('", "[0]('x", "[0]('x'", "[0]('x')", " b", "", ".")
    texts = [text[:at] + typed + text[at:] for typed in endings]
    expected = [read(Lines(changed)) for changed in texts]
    monkeypatch.setattr(module, "recover", lambda text: pytest.fail("the broken line is known"))
    for changed, whole in zip(texts, expected, strict=True):
        found = segmented.update(Lines(changed))
        assert found.problem == whole.problem
        assert found.tree is not None and whole.tree is not None
        same(found.tree, whole.tree)


def test_an_argument_that_is_typed_is_no_statement() -> None:
    """Without its line the call would parse, and mean something else."""
    text = LONG.replace("b = a", "b = call(\n        a,\n        c,\n    )")
    at = text.index("c,", text.index("f6"))
    segmented = SegmentedTree(4)
    check(segmented, text)
    found = segmented.update(Lines(f"{text[:at]}d {text[at:]}"))
    assert found.tree is not None
    calls = [found.tree.source(node) for node in found.tree.nodes(ast.Call)]
    assert len(calls) == 11 and all("c," in call for call in calls)


def test_what_is_wrong_moves_with_its_lines() -> None:
    text = LONG.replace("b = a", "b = = a", 8).replace("b = = a", "b = a", 7)
    segmented = SegmentedTree(4)
    line = segmented.update(Lines(text)).problem.line
    found = segmented.update(Lines("\n\n" + text))
    assert found.problem is not None and found.problem.line == line + 2
    assert found.problem == read(Lines("\n\n" + text)).problem

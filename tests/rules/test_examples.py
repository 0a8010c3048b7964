"""Every page's examples, as they stand: the findings, the fixes, and what a fix must never do."""

from __future__ import annotations

import pytest

from django_uplift.engine.pages import Block, Example
from django_uplift.engine.rule import Rule
from tests.rules.harness import Seen, check, examples, files_of, fix, page_of, rules, target_of, to_text
from tests.rules.source import lost_comments, parses

MANDATORY = ("What", "Why", "Since", "Example", "Fix safety", "Not reported")
OPTIONAL = ("Use instead", "See also")
REMOVING = {"unused-suppression", "version-branch", "version-skip", "import-fallback", "six"}

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.slug}-{example.block.role}-{example.block.line}")
    for rule, example in examples()
]
FIXED = [
    pytest.param(rule, example, fixed, id=f"{rule.slug}-fixed-{fixed.line}")
    for rule, example in examples()
    for fixed in example.fixed
]


def test_there_are_rules() -> None:
    """An empty registry would pass all others."""
    assert rules()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.slug)
def test_page_is_complete(rule: Rule) -> None:
    """The sections that users rely on, in their order, and an example of each kind."""
    page = page_of(rule)
    missing = [name for name in MANDATORY if not page.sections.get(name)]
    assert not missing, f"sections without text: {missing}"
    unknown = [name for name in page.sections if name not in (*MANDATORY, *OPTIONAL)]
    assert not unknown, f"unknown sections: {unknown}"
    order = ("What", "Why", "Since", "Example", "Use instead", "Fix safety", "Not reported", "See also")
    assert list(page.sections) == [name for name in order if name in page.sections]
    assert any(example.bad for example in page.examples), "no bad example"
    assert any(not example.bad for example in page.examples), "no ok example"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.slug)
def test_fixes_are_shown(rule: Rule) -> None:
    """A rule that offers a fix shows what it gives, and one that offers none shows none."""
    bad = [example for example in page_of(rule).examples if example.bad]
    for example in bad:
        offered = any(
            seen.fixes
            for seen in check(files_of(example), example.block.path, target_of(rule, example.block))
            if seen.code == rule.code
        )
        if example.fixed:
            assert offered, f"line {example.block.line}: no fix is offered"
        elif offered:
            assert any(other.fixed for other in bad), f"line {example.block.line}: its fix is not shown"


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_findings(rule: Rule, example: Example) -> None:
    """A bad example has the findings that are marked, and no others; an ok example has none."""
    block = example.block
    found = check(files_of(example), block.path, target_of(rule, block))
    if not example.bad:
        assert not [seen for seen in found if seen.code == rule.code]
        return
    codes = {rule.code, *(mark.code for mark in block.marks if mark.code)}
    seen = [s for s in found if s.code in codes]
    if not block.marks:
        assert seen, "nothing is reported"
        return
    expected = [(mark.code or rule.code, mark.line, mark.start, mark.end) for mark in block.marks]
    got = [(s.code, s.line, s.column, s.end_column if s.end_line == s.line else None) for s in seen]
    assert sorted(got, key=str) == sorted(expected, key=str), _drawn(block, seen)
    for mark in block.marks:
        if mark.message:
            here = [s.message for s in seen if (s.line, s.column) == (mark.line, mark.start)]
            assert any(mark.message in message for message in here), f"{mark.message!r} is not in {here}"


@pytest.mark.parametrize(("rule", "example", "fixed"), FIXED)
def test_fix(rule: Rule, example: Example, fixed: Block) -> None:
    """A fix gives exactly what is shown; nothing is left to fix, and no comment is lost."""
    files, path, target = files_of(example), example.block.path, target_of(rule, example.block)
    if fixed.unsafe and fixed.choice == 1:
        safe = fix(files, path, target, rule=rule)
        assert safe != fixed.source, "it is shown as unsafe, but the safe fixes make it"
    got = fix(files, path, target, unsafe=fixed.unsafe, rule=rule, choice=fixed.choice)
    assert got == fixed.source
    if example.block.language == "python":
        assert parses(got) is None
        left = lost_comments(example.block.source, got)
        # These fixes are to remove a comment, or code with what is said of it.
        assert not left or rule.slug in REMOVING, f"comments are lost: {left}"
    again = [s for s in check({**files, path: got}, path, target) if s.code == rule.code]
    before = [s for s in check(files, path, target) if s.code == rule.code]
    mended = [s for s in before if s.fixes >= fixed.choice]
    assert len(again) == len(before) - len(mended), f"the second run is not quiet: {again}"
    assert fix({**files, path: got}, path, target, unsafe=fixed.unsafe, rule=rule, choice=fixed.choice) == got
    assert to_text(got) == got


def _drawn(block: Block, found: list[Seen]) -> str:
    """The source with what was found under it, to be copied into the page."""
    lines = block.source.split("\n")
    out: list[str] = []
    for number, line in enumerate(lines):
        out.append(line)
        for s in found:
            if s.line == number:
                width = (s.end_column if s.end_line == s.line else len(line)) - s.column
                marks = "^" * max(width, 1) + (">" if s.end_line != s.line else "")
                lead = " " * s.column if s.column < 2 else "#" + " " * (s.column - 1)
                out.append(f"{lead}{marks} {s.code} {s.message}")
    return "found:\n" + "\n".join(out)

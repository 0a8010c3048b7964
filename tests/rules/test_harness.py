"""The harness itself: it must be able to fail."""

from __future__ import annotations

import pytest

from django_uplift.engine.pages import Example, parse_page
from django_uplift.engine.rule import Rule
from tests.rules.harness import registry
from tests.rules.source import lost_comments, squeezed
from tests.rules.test_examples import test_findings as findings_of
from tests.rules.test_examples import test_fix as fix_of

BAD = "from django.utils.encoding import force_text\n"
MARK = "#                                 ^^^^^^^^^^"
USE = "x = force_text(1)\n"
FIXED = "```python fixed\nfrom django.utils.encoding import force_str\nx = force_str(1)\n```\n"


@pytest.fixture
def rule() -> Rule:
    found = registry().get("force-text")
    assert found is not None
    return found


def example(body: str) -> Example:
    return parse_page(f"# A\n\n## Example\n{body}").examples[0]


def test_right_examples_pass(rule: Rule) -> None:
    right = example(f"```python bad\n{BAD}{MARK} {rule.code} removed\n{USE}```\n{FIXED}")
    findings_of(rule, right)
    fix_of(rule, right, right.fixed[0])


@pytest.mark.parametrize(
    "body",
    [
        f"```python bad\n{BAD}{MARK[:-1]}\n```\n",
        f"```python bad\n{BAD}{MARK}>\n```\n",
        f"```python bad\n{BAD}{MARK} DUR9999\n```\n",
        f"```python bad\n{BAD}{MARK} and other words\n```\n",
        f"```python bad\n{BAD}{MARK}\nx = 1\n^\n```\n",
        "```python bad\nx = 1\n```\n",
        f"```python ok\n{BAD}```\n",
    ],
)
def test_wrong_findings_fail(rule: Rule, body: str) -> None:
    with pytest.raises(AssertionError):
        findings_of(rule, example(body))


@pytest.mark.parametrize(
    "body",
    [
        f"```python bad\n{BAD}{USE}```\n{FIXED.replace('force_str', 'force_bytes')}",
        f"```python bad\n{BAD}{USE}```\n{FIXED.replace('fixed', 'fixed safety=unsafe')}",
        f"```python bad\n{BAD}{USE}```\n{FIXED.replace('fixed', 'fixed choice=2')}",
    ],
)
def test_wrong_fixes_fail(rule: Rule, body: str) -> None:
    wrong = example(body)
    with pytest.raises(AssertionError):
        fix_of(rule, wrong, wrong.fixed[0])


def test_comparisons() -> None:
    assert lost_comments("x  # a\n# a\n", "x  # a\n") == {"# a": 1}
    assert not lost_comments("x = '# a'\n", "x\n")
    assert squeezed("f(  # why\n    a, \\\n  b,\n)") == squeezed("f(a, b)")

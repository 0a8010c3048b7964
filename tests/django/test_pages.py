"""Every page's examples under real Django releases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_uplift.engine.pages import PageError
from django_uplift.engine.rule import Rule
from tests.django import envs
from tests.django.verify import Django, Versions, phase, planned, verify
from tests.rules.harness import page_of, rules

pytestmark = pytest.mark.django
RELEASES = (*envs.OPTIONAL, *envs.DEFAULT)


def versions_of(rule: Rule) -> Versions:
    """A rule's versions as numbers."""
    return Versions(rule.deprecated_in, rule.removed_in, rule.replacement_since)


@pytest.fixture(scope="session")
def djangos() -> Iterator[dict[str, Django]]:
    """A runner for each release, started when it is first used."""
    runners = {release: Django(release) for release in RELEASES}
    yield runners
    for runner in runners.values():
        runner.close()


def _planned() -> Iterator[object]:
    for rule in rules():
        try:
            page = page_of(rule)
        except PageError:
            # tests/rules says so.
            continue
        for release in RELEASES:
            if planned(page, versions_of(rule), release):
                yield pytest.param(rule, release, id=f"{rule.slug}-{release}")


@pytest.mark.parametrize(("rule", "release"), list(_planned()))
def test_django_agrees(rule: Rule, release: str, djangos: dict[str, Django]) -> None:
    """What the page says is what Django does."""
    try:
        problems = list(verify(page_of(rule), versions_of(rule), release, djangos[release].run))
    except envs.Unavailable as error:
        if envs.required():
            raise
        pytest.skip(f"NOT TRIED: {error}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.slug)
def test_the_page_says_how_django_runs_it(rule: Rule) -> None:
    """Each bad example is run, or says why it can't be; and some release shows what it says."""
    if not (rule.deprecated_in or rule.removed_in) and rule.family == "checks":
        pytest.skip("it is about the tool, not about Django")
    for example in page_of(rule).examples:
        block = example.block
        if not example.bad:
            continue
        assert block.django, f"line {block.line}: the example has no django="
        if block.django != "no":
            shown = {phase(block, versions_of(rule), envs.key(release)) for release in RELEASES}
            assert shown & {"deprecated", "removed", "always"}, (
                f"line {block.line}: no release here can show it"
            )

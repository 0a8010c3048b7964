"""The shipped table of packages, and the chore that makes it."""

from __future__ import annotations

from packaging.utils import canonicalize_name
from packaging.version import Version

from django_uplift.dev.package_support import taken_over
from django_uplift.django.databases import risen
from django_uplift.django.packages import TABLE, Support, package_table, parse, render
from django_uplift.django.releases import LATEST, LTS, Release


def test_the_table_is_in_order_and_small() -> None:
    table = package_table()
    assert render(table) == TABLE.read_text("ascii")
    assert TABLE.stat().st_size < 20_000
    assert LATEST in table.releases and max(r for r in LTS if r <= LATEST) in table.releases
    for package in table.packages.values():
        assert package.name == canonicalize_name(package.name)
        assert package.support, f"{package.name} declares nothing: it tells nothing"
        for support in package.support.values():
            assert Version(support.first) <= Version(support.last) <= Version(package.latest)


def test_facts_become_rows() -> None:
    facts = {
        "_generated": "2026-01-02",
        "packages": {
            "django-a": {
                "latest": "3.0",
                "latest_django_requirement": ">=4.2",
                "support": {
                    "4.2": {"verdict": "declared", "classifier": {"first": "1.0", "last": "2.0"}},
                    "5.2": {"verdict": "allowed-not-declared"},
                },
            },
            "django-b": {
                "latest": "1.0",
                "latest_django_requirement": "<5",
                "support": {
                    "4.2": {"verdict": "declared", "classifier": {"first": "0.9", "last": "1.0"}},
                    "5.2": {"verdict": "not-declared"},
                },
            },
            "nothing": {"latest": "1.0", "support": {"4.2": {"verdict": "not-declared"}}},
        },
    }
    text = render(taken_over(facts))
    assert text.splitlines()[1:] == [
        "2026-01-02 4.2 5.2",
        "django-a 3.0 4.2=1.0..2.0 5.2?",
        "django-b 1.0 4.2=0.9..1.0",
    ]
    table = parse(text)
    assert table.packages["django-a"].support == {Release(4, 2): Support("1.0", "2.0")}
    assert table.packages["django-a"].allowed == {Release(5, 2)}


def test_databases_that_a_hop_asks_more_of() -> None:
    assert "PostgreSQL 14" in risen(Release(4, 2), Release(5, 2))
    assert not any("Oracle" in text for text in risen(Release(4, 2), Release(5, 2)))
    assert risen(Release(5, 2), Release(5, 2)) == ()
    assert risen(Release(2, 2), Release(3, 2)) == ()

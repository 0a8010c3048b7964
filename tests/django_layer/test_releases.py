from itertools import pairwise

import pytest

from django_uplift.django import releases
from django_uplift.django.releases import KNOWN, LATEST, LTS, RELEASED, Release, pythons, release_notes_url


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("4.2", Release(4, 2)),
        ("4.2.11", Release(4, 2)),
        ("v1.11", Release(1, 11)),
        ("5.2rc1", Release(5, 2)),
        (" 6.1 ", Release(6, 1)),
        ("7.0", Release(7, 0)),
        ("1.4", Release(1, 4)),
    ],
)
def test_parse(text: str, release: Release) -> None:
    assert Release.parse(text) == release
    assert Release.parse(str(release)) == release


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("4.3", "4.1, 4.2, 5.0"),
        ("4", "4.0, 4.1, 4.2"),
        ("9.9", "6.2"),
        ("1.12", "1.11"),
        ("main", "6.1"),
        ("", "6.1"),
        ("4.2.x", "4.2"),
    ],
)
def test_unknown_releases_name_the_nearest(text: str, near: str) -> None:
    with pytest.raises(ValueError, match="is no Django release") as raised:
        Release.parse(text)
    for release in near.split(", "):
        assert release in str(raised.value)


def test_tables_agree() -> None:
    assert list(KNOWN) == sorted(set(KNOWN))
    assert LATEST == (6, 1) == RELEASED[-1]
    assert set(KNOWN) >= LTS
    assert {str(release) for release in LTS if release >= (1, 8)} == {
        "1.8",
        "1.11",
        "2.2",
        "3.2",
        "4.2",
        "5.2",
        "6.2",
    }
    assert set(releases.PYTHONS) == {release for release in RELEASED if release >= (1, 11)}
    ranges = [releases.PYTHONS[release] for release in RELEASED if release >= (1, 11)]
    assert all(earlier <= later for earlier, later in pairwise(ranges))
    assert pythons(Release(4, 2)) == ((3, 8), (3, 12))
    assert pythons(Release(7, 0)) is None


def test_release_notes() -> None:
    assert release_notes_url(Release(5, 2)) == "https://docs.djangoproject.com/en/stable/releases/5.2/"
    assert release_notes_url(Release(7, 0)) == "https://docs.djangoproject.com/en/dev/releases/7.0/"
    assert not Release(6, 2).is_released
    assert Release(6, 2).is_lts

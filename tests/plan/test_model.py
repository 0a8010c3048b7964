"""Hops, apps, and where a plan starts and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.django.releases import LATEST, Release
from django_uplift.plan.apps import Apps
from django_uplift.plan.bounds import bounds
from django_uplift.plan.route import route
from django_uplift.project.config import ConfigError, Settings
from django_uplift.project.files import FileStore


@pytest.mark.parametrize(
    ("start", "goal", "stops"),
    [
        ("4.2", "6.1", "5.2 6.1"),
        ("2.2", "5.2", "3.2 4.2 5.2"),
        ("5.0", "6.0", "5.2 6.0"),
        ("5.2", "6.1", "6.1"),
        ("4.1", "4.2", "4.2"),
        ("5.2", "5.2", ""),
        ("5.2", "4.2", ""),
    ],
)
def test_hops_go_from_lts_to_lts(start: str, goal: str, stops: str) -> None:
    assert " ".join(map(str, route(Release.parse(start), Release.parse(goal)))) == stops


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("shop/views.py", "shop"),
        ("shop/tests/deep/test_it.py", "shop"),
        ("shop/templates/shop/order.html", "shop"),
        ("shop/sub/views.py", "shop.sub"),
        ("old/forms.py", "old"),
        ("src/stock/views.py", "stock"),
        ("mysite/urls.py", "mysite"),
        ("manage.py", "(top)"),
    ],
)
def test_files_belong_to_the_innermost_app(path: str, app: str) -> None:
    root = Path("/project")
    files = ["shop/apps.py", "shop/sub/models.py", "old/migrations/0001_initial.py", "src/stock/models.py"]
    assert Apps(root, [root / file for file in files]).of(root / path) == app


def _bounds(
    folder: Path, start: str | None = None, goal: str | None = None, **options: str
) -> tuple[str, str]:
    begin, end = bounds(Settings(folder, **options), FileStore(), start, goal)
    return str(begin.release), str(end.release)


def test_bounds_are_asked_for_or_configured_or_found(folder: Path) -> None:
    (folder / "requirements.txt").write_text("Django>=4.2,<5\n")
    assert _bounds(folder) == ("4.2", str(LATEST))
    assert _bounds(folder, target_version="5.2") == ("4.2", "5.2")
    assert _bounds(folder, target_version="5.2", from_version="3.2") == ("3.2", "5.2")
    assert _bounds(folder, "4.0", "6.0", target_version="5.2", from_version="3.2") == ("4.0", "6.0")


@pytest.mark.parametrize(
    ("start", "goal", "message"),
    [
        (None, None, "say it with --from"),
        ("4.9", None, "--from: '4.9' is no Django release"),
        ("4.2", "99", "--to: '99' is no Django release"),
        ("5.2", "4.2", "no way back: the plan would go from Django 5.2 (--from) down to 4.2 (--to)"),
    ],
)
def test_bounds_that_make_no_way(folder: Path, start: str | None, goal: str | None, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _bounds(folder, start, goal)
    assert message in caught.value.message

"""A small project that has something of everything, planned with rules and facts that stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from django_uplift.cli.main import main
from django_uplift.django.packages import PackageTable, parse
from django_uplift.plan import blockers

RULES = "force-text,use-l10n,index-together,assert-queryset-equal,dropped-name,sync-query,select-related-without-fields"

FILES = {
    "manage.py": "",
    "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.9"\n',
    "requirements.txt": "Django==3.2.25\ndjango-old==1.0\ndjango-lazy>=1.0\ndjango-gone==1.2\n",
    "site/settings.py": "USE_L10N = True\n",
    "shop/apps.py": "",
    "shop/models.py": (
        "from django.db import models\n\n\nclass Order(models.Model):\n"
        "    number = models.IntegerField()\n    paid = models.BooleanField()\n\n"
        '    class Meta:\n        index_together = [("number", "paid")]\n'
    ),
    "shop/tests/test_order.py": (
        "from django.test import TestCase\n\n\nclass OrderTests(TestCase):\n    def test_order(self):\n"
        "        self.assertQuerysetEqual([], [])\n"
    ),
    "shop/views.py": (
        "from shop.models import Order\n\n\nasync def order(request):\n    return Order.objects.get()\n\n\n"
        "def all_orders(request):\n    return Order.objects.select_related()\n"
    ),
    "stock/migrations/__init__.py": "",
    "stock/text.py": "from django.utils.encoding import force_text\n",
}

TABLE = """\
2026-11-23 4.2 5.2 6.1
django-old 9.0 4.2=2.0..8.0 5.2=4.0..9.0
django-lazy 1.5 4.2=1.2..1.5 5.2? 6.1?
django-gone 1.3 4.2=1.1..1.3
"""


class Result(NamedTuple):
    """What the command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> PackageTable:
    """Facts about packages that no release of theirs changes."""
    made = parse(TABLE)
    monkeypatch.setattr(blockers, "package_table", lambda: made)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and no environment around it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder: Path, files: dict[str, str]) -> None:
    """Write files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def shop(folder: Path) -> Path:
    """The small project."""
    fill(folder, FILES)
    return folder


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command with ``--plan``."""

    def call(*argv: str) -> Result:
        code = main(["--plan", *argv])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call

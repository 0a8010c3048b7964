"""Which files take a name from a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.project.importers import Importers


@pytest.mark.parametrize(
    ("path", "text", "takes"),
    [
        ("shop/urls.py", "from shop.views import now\n", True),
        ("shop/urls.py", "from .views import now\n", True),
        ("shop/api/urls.py", "from ..views import now\n", True),
        ("shop/__init__.py", "from .views import *\n", True),
        ("blog/__init__.py", "from .views import *\n", False),
        ("blog/urls.py", "from .views import now\n", False),
        ("blog/urls.py", "from blog.views import now\n", False),
        ("blog/tests.py", 'mock.patch("shop.views.now")\n', True),
    ],
)
def test_who_takes_a_name(tmp_path: Path, path: str, text: str, takes: bool) -> None:
    own = tmp_path / "shop/views.py"
    other = tmp_path / path
    for file, content in ((own, "from django.utils.timezone import now\n"), (other, text)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    assert Importers(FileStore(), [own, other]).takes("shop.views", "now", own) is takes

"""``--explain-silence``: what is known of a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SOURCE = """from django.db import models


class Order(models.Model):
    pass


async def known(request):
    return Order.objects.filter(pk=1)


async def unknown(request, thing):
    return thing.load()
"""


def test_what_is_known_and_what_is_not(run: Any, folder: Path) -> None:
    (folder / "views.py").write_text(SOURCE)
    known = run("--explain-silence", "views.py:9")
    assert known.code == 0
    assert "Order" in known.out
    unknown = run("--explain-silence", "views.py:13")
    assert unknown.code == 0
    assert unknown.out and unknown.out != known.out


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("views.py", "is not FILE:LINE"),
        ("views.py:0", "is not FILE:LINE"),
        ("views.py:x", "is not FILE:LINE"),
        ("gone.py:3", "there is no file"),
    ],
)
def test_places_that_there_are_not(run: Any, folder: Path, place: str, message: str) -> None:
    (folder / "views.py").write_text(SOURCE)
    result = run("--explain-silence", place)
    assert result.code == 2
    assert message in result.err

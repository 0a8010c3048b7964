"""A session that lived through edits says what a fresh one says, at every step."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace

MODELS = """\
from django.db import models
{0}

class Owner(models.Model):
    name = models.CharField(max_length=10)
{1}

class Item(models.Model):
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE{2})
"""
PROPERTY = "\n    @property\n    def count(self):\n        return {0}\n"
VIEWS = """\
from facade import helper, make, total
from models import Item, Owner
from service import name, outer


async def view(request):
    item = await Item.objects{0}.aget(pk=1)
    helper()
    {1}
    return await name(item)


async def other(request):
    owner = await Owner.objects.aget(pk=1)
    {2}
    return make().run(owner), total
"""
SERVICE = """\
from facade import helper
from models import Item


async def name(item: Item):
    return {0}


async def outer(item):
    return await inner(item)


async def inner(item):
    return {1}
"""
LIB = """\
from models import Item, Owner
{0}

def helper():
    return {1}


class Job:
    def run(self, owner):
        return {2}


def make():
    class Local(Job):
        def run(self, owner):
            return {2}

    return {3}


total = {4}
"""
RESOLVERS = """\
import strawberry

from models import Item


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> int:
        return {0}
"""
VARIANTS: dict[str, list[str | None]] = {
    "models.py": [
        MODELS.format("", own, related)
        for own in ("", PROPERTY.format("1"), PROPERTY.format("self.item_set.count()"))
        for related in ("", ', related_name="items"')
    ],
    "views.py": [
        None,
        "async def view(request): ...\n",
        *(
            VIEWS.format(fetch, call, use)
            for fetch in ("", '.select_related("owner")')
            for call in ("", "await outer(item)")
            for use in ("owner.count", "owner.items.count()", "owner.extras.count()", "helper()")
        ),
    ],
    "service.py": [
        SERVICE.format(first, second)
        for first in ("item.owner.name", "item.pk", "helper()")
        for second in ("item.owner", "1")
    ],
    "lib.py": [
        None,
        *(
            LIB.format("", helped, job, made, total)
            for helped in ("1", "Item.objects.count()", "total.count()")
            for job in ("1", "owner.item_set.count()")
            for made, total in (("Job()", "1"), ("Local()", "Owner.objects.all()"))
        ),
        "import time\n\n\ndef helper():\n    time.sleep(1)\n",
    ],
    "facade.py": [
        "from lib import helper, make, total\n",
        "from lib import *\n",
        "helper = make = total = None\n",
    ],
    "extra.py": [
        None,
        "from django.db import models\n\nfrom models import Owner\n\n\nclass Extra(models.Model):\n"
        '    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="extras")\n',
        'from models import Item\n\nplanned = Item.objects.prefetch_related("owner")\n',
    ],
    "resolvers.py": [RESOLVERS.format("1"), RESOLVERS.format("Item.objects.count()")],
    "asgi.py": [None, 'ASGI_APPLICATION = "asgi.application"\n'],
}


def _engine(root: Path, store: FileStore) -> Engine:
    options = {"target_version": "5.2", "select": ("DUA",), "min_confidence": "possible"}
    return Engine(load(), Workspace(store, options, isolated=True, base=root))


def _findings(engine: Engine, root: Path) -> list[tuple[object, ...]]:
    return [
        (path.name, finding.rule.code, finding.span, finding.confidence, finding.message, finding.trace)
        for path in sorted(root.glob("*.py"))
        for finding in engine.check(path).findings
    ]


def _write(root: Path, name: str, text: str | None) -> None:
    if text is None:
        (root / name).unlink(missing_ok=True)
    else:
        (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("seed", range(8))
def test_edits_leave_nothing_behind(tmp_path: Path, seed: int) -> None:
    """Files are edited, come and go in a random order."""
    choose = random.Random(seed)
    for name, variants in VARIANTS.items():
        _write(tmp_path, name, choose.choice(variants))
    lived = _engine(tmp_path, FileStore())
    seen = {str(_findings(lived, tmp_path))}
    for step in range(25):
        name = choose.choice(list(VARIANTS))
        text = choose.choice(VARIANTS[name])
        _write(tmp_path, name, text)
        lived.forget(tmp_path / name)
        fresh = _findings(_engine(tmp_path, FileStore()), tmp_path)
        assert _findings(lived, tmp_path) == fresh, f"step {step}: {name} became\n{text}"
        seen.add(str(fresh))
    assert len(seen) > 1

"""'Convert to async', and what is said about a line."""

from __future__ import annotations

from pathlib import Path

from django_uplift.engine.refactor import Refactoring, convert_to_async
from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.flow.support import SHOP

TEXT = """\
from asgiref.sync import sync_to_async
from django.db import transaction
from django.views import View
from shop.models import Order


def newest(pk):
    return Order.objects.select_related("customer").get(pk=pk).customer


def view(request, pk):
    customer = newest(pk)
    for order in customer.orders.all():
        print(order.product)
    return customer.orders.count()


async def other():
    return await sync_to_async(newest)(1), newest(2).name


class Orders(View):
    def get(self, request):
        return list(Order.objects.all())

    def post(self, request):
        yield_nothing = [Order.objects.get(pk=pk) for pk in (1, 2)]
        return self.get(request), yield_nothing


def stuck():
    return [sum(o.pk for o in Order.objects.all()) for _ in map(lambda n: Order.objects.get(pk=n), [1])]
"""


def engine(root: Path) -> Engine:
    """An engine on a project with `TEXT` as views.py."""
    (root / "shop").mkdir()
    (root / "shop" / "__init__.py").write_text("", encoding="utf-8")
    (root / "shop" / "models.py").write_text(
        (SHOP / "models.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (root / "views.py").write_text(TEXT, encoding="utf-8")
    return Engine(load(), Workspace(FileStore(), {"target_version": "5.2"}, isolated=True, base=root))


def convert(root: Path, at: str) -> Refactoring | None:
    """What becomes of the function that starts with `at`."""
    return convert_to_async(engine(root), root / "views.py", TEXT, TEXT.index(at))


def views(made: Refactoring | None, root: Path) -> str:
    """The new text of views.py."""
    assert made is not None
    return made.files[root / "views.py"].new


def test_a_helper_and_its_async_callers(tmp_path: Path) -> None:
    """Bridges around it go, calls are awaited, sync callers are named."""
    made = convert(tmp_path, "def newest")
    text = views(made, tmp_path)
    assert "async def newest(pk):\n    return (await Order.objects.select_related" in text
    assert "return await newest(1), (await newest(2)).name" in text
    assert made is not None and [p.line for p in made.sync_callers] == [12] and not made.left
    assert made.notes() == ["views.py:12 uses it in sync code"]


def test_a_view(tmp_path: Path) -> None:
    """Its body gets the fixes that async code needs."""
    made = convert(tmp_path, "def view")
    assert made is not None and not made.left
    assert (
        "async def view(request, pk):\n"
        "    customer = await sync_to_async(newest)(pk)\n"
        '    async for order in customer.orders.all().select_related("product"):\n'
        "        print(order.product)\n"
        "    return await customer.orders.acount()\n"
    ) in views(made, tmp_path)


def test_handlers_of_one_class_go_together(tmp_path: Path) -> None:
    """Django wants them all to be of one kind."""
    made = convert(tmp_path, "    def post")
    text = views(made, tmp_path)
    assert made is not None and not made.left
    assert "    async def get(self, request):\n        return [x async for x in Order.objects.all()]" in text
    assert "return await self.get(request), yield_nothing" in text


def test_what_is_left_is_said(tmp_path: Path) -> None:
    """A lambda can't await."""
    made = convert(tmp_path, "def stuck")
    assert made is not None and [f.rule.code for _, f in made.left] == ["DUA106"]
    assert made.notes()[0].startswith("views.py:32 DUA106 This lambda leads to Order.objects.get()")


def test_nothing_to_convert(tmp_path: Path) -> None:
    """An import is no function."""
    assert convert(tmp_path, "from asgiref") is None


def test_silence_is_explained(tmp_path: Path) -> None:
    """Where code runs, what its expressions are, and where knowledge ends."""
    told = engine(tmp_path).explain_silence(tmp_path / "views.py", 19).splitlines()
    assert told[0] == "Line 19 is in the async function other: it runs on the event loop."
    assert (
        "newest(2): an instance of the model Customer, fetched at views.py:8, with no relation on board."
        in told
    )
    told = engine_again(tmp_path).explain_silence(tmp_path / "views.py", 12).splitlines()
    assert told[0].startswith("Line 12 is in view, which is not async")
    assert "pk: a parameter without an annotation; knowledge ends here." in told
    assert "no expression" in engine_again(tmp_path).explain_silence(tmp_path / "views.py", 5)


def engine_again(root: Path) -> Engine:
    """Another engine on the same files."""
    return Engine(load(), Workspace(FileStore(), {"target_version": "5.2"}, isolated=True, base=root))


def test_decorators_bases_and_routes(tmp_path: Path) -> None:
    """What is not async before a later Django, or is called by a base class, is said; a URL pattern takes both."""
    text = """\
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.urls import path
from django.views.generic import ListView
from shop.models import Order


@login_required
@transaction.atomic
def view(request):
    return 1


class Orders(ListView):
    def get_queryset(self):
        return Order.objects.all()


urlpatterns = [path("", view)]
"""
    views_py = tmp_path / "views.py"
    made_by = engine(tmp_path)
    made_by.workspace.store.set_overlay(views_py, text.encode())
    view = convert_to_async(made_by, views_py, text, text.index("def view"))
    assert view is not None
    assert [note.partition(":")[0] for note in view.notes()] == ["views.py"]
    assert "DUA205 transaction.atomic is not async" in view.notes()[0]
    method = convert_to_async(made_by, views_py, text, text.index("    def get_queryset"))
    assert method is not None
    assert method.notes() == ["a base class of Orders may call get_queryset() and get a coroutine"]
    older = Engine(load(), Workspace(FileStore(), {"target_version": "4.2"}, isolated=True, base=tmp_path))
    older.workspace.store.set_overlay(views_py, text.encode())
    view = convert_to_async(older, views_py, text, text.index("def view"))
    assert view is not None and view.notes()[0] == "login_required takes async views since Django 5.1 only"

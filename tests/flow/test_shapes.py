"""Shapes of code that carry a query somewhere else: signals, forms, patterns, exit stacks, generators, tasks."""

from __future__ import annotations

from tests.flow.support import check, play

HEAD = """\
import asyncio
import contextlib
import enum
from asgiref.sync import sync_to_async
from django import forms
from django.dispatch import Signal, receiver
from django.utils.functional import SimpleLazyObject, cached_property
from shop.models import Customer, Order, Product
"""


def test_signals_reach_their_receivers() -> None:
    """Those that are connected anywhere in the project; a signal without any that query is silent."""
    files = {
        "shop/signals.py": "from django.dispatch import Signal\n\nloud = Signal()\nquiet = Signal()\n",
        "shop/apps.py": """\
from shop.models import Order


def count(sender, **kwargs):
    return Order.objects.count()


class Config:
    def ready(self):
        from shop.signals import loud

        loud.connect(count)
""",
    }
    check(
        HEAD
        + """
from shop.signals import loud, quiet

@receiver(quiet)
def note(sender, **kwargs):
    return 1

async def main():
    loud.send(sender=Order)  #! call
    quiet.send(sender=Order)
    await loud.asend(sender=Order)
    await sync_to_async(loud.send)(sender=Order)  #! boilerplate
""",
        files,
    )


def test_forms_query_for_what_is_related() -> None:
    """Choices among rows and cleaning methods that query; plain fields and unbound forms need nothing."""
    check(
        HEAD
        + """
class Pick(forms.Form):
    customer = forms.ModelChoiceField(queryset=Customer.objects.all())

class Plain(forms.Form):
    name = forms.CharField()

class Cleaning(forms.Form):
    name = forms.CharField()

    def clean_name(self):
        return Customer.objects.filter(name=self.cleaned_data["name"]).exists()

async def main():
    Plain({"name": "x"}).is_valid()
    Pick().is_valid()
    Pick({"customer": 1}).is_valid()  #! sync-only
    Cleaning({"name": "x"}).is_valid()  #! call
    form = Pick({"customer": 1})
    await sync_to_async(form.is_valid)()
    form.errors
"""
    )


def test_match_binds_and_narrows() -> None:
    """A capture is what it captures; a class that can't be is left out."""
    check(
        HEAD
        + """
async def main(pk):
    order = await Order.objects.aget(pk=pk)
    match (order, 1):
        case (found, 1):
            found.customer.name  #! relation
    match await Customer.objects.aget(pk=pk):
        case Order() as other:
            other.customer.name
        case _:
            pass
    match Order.objects.all():
        case [first, *rest]:
            first.customer.name
"""
    )


def test_exit_stacks_call_at_the_end() -> None:
    """What is handed to one runs where its block ends."""
    check(
        HEAD
        + """
def count():
    return Order.objects.count()

async def main():
    with contextlib.ExitStack() as stack:  #! call
        stack.callback(count)
    with contextlib.ExitStack() as other:
        other.callback(print)
"""
    )


def test_generators_go_step_by_step() -> None:
    """What stands behind a `yield` waits for the next step."""
    check(
        HEAD
        + """
def steps():
    yield 1
    yield Order.objects.count()

async def main():
    once = steps()
    next(once)
    twice = steps()
    next(twice)
    next(twice)  #! call
"""
    )


def test_tasks_give_what_they_ran() -> None:
    """In task groups, and where they come as they are done."""
    check(
        HEAD
        + """
async def load(pk):
    return await Order.objects.aget(pk=pk)

async def main():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(load(1))
    task.result().customer.name  #! relation
    for done in asyncio.as_completed([load(1)]):
        (await done).customer.name  #! relation
"""
    )


def test_what_a_thread_has_read_is_there() -> None:
    """Relations, cached properties, sessions and lazy objects."""
    check(
        HEAD
        + """
def name_of(order):
    return order.customer.name

class Service:
    @cached_property
    def total(self):
        return Order.objects.count()

async def main(request, pk):
    order = await Order.objects.aget(pk=pk)
    await sync_to_async(name_of)(order)
    order.customer.name
    service = Service()
    await sync_to_async(lambda: service.total)()
    service.total
    await request.session.aget("a")
    request.session["b"]
    lazily = SimpleLazyObject(lambda: Order.objects.get(pk=1))
    lazily.pk  #! call
"""
    )


def test_a_changed_relation_is_fetched_again() -> None:
    """`add()` and its like drop what was prefetched; `refresh_from_db(fields=...)` drops those fields alone."""
    check(
        HEAD
        + """
async def main(pk):
    product = await Product.objects.prefetch_related("tags").aget(pk=pk)
    product.tags.count()
    await product.tags.aadd(1)
    product.tags.count()  #! query
    order = await Order.objects.select_related("customer").aget(pk=pk)
    await order.arefresh_from_db(fields=["status"])
    order.customer.name
    await order.arefresh_from_db()
    order.customer.name  #! relation
"""
    )


def test_members_of_enumerations_are_told_apart() -> None:
    """By `is` and `==`."""
    check(
        HEAD
        + """
class Action(enum.Enum):
    COUNT = "count"
    LAZY = "lazy"

    def run(self):
        if self is Action.COUNT:
            return Order.objects.count()
        return Order.objects.all()

async def main():
    Action.COUNT.run()  #! call
    Action.LAZY.run()
"""
    )


def test_the_request_of_another_framework_is_not_djangos() -> None:
    """`request` of an aiohttp handler has whatever its middleware puts there; without such imports it is Django's."""
    handler = "\n\nasync def handler(request):\n    return request.user.email"
    check("from aiohttp import web\nfrom shop.models import Order" + handler + "\n")
    check("import aiohttp\nfrom shop.models import Order" + handler + "  #! user\n")
    check("from aiohttp import web\nfrom django.http import JsonResponse" + handler + "  #! user\n")


def test_a_file_below_two_source_roots_is_one_module() -> None:
    """With `manage.py` inside the package its modules are imported with the package's name and without."""
    models = "from django.db import models\n\n\nclass Team(models.Model):\n    pass\n"
    files = {
        "pyproject.toml": "[project]\nname = 'pkg'\n",
        "pkg/__init__.py": "",
        "pkg/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'pkg.settings')\n",
        "pkg/settings.py": "INSTALLED_APPS = []\n",
        "pkg/crm/__init__.py": "",
        "pkg/crm/models.py": models,
        "pkg/sales/__init__.py": "",
        "pkg/sales/models.py": (
            "from django.db import models\nfrom pkg.crm.models import Team\n\n\n"
            "class Deal(models.Model):\n"
            "    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name='deal')\n"
        ),
    }
    views = (
        "from pkg.sales.models import Deal\n"
        "from crm.models import Team\n"
        "from pkg.crm.models import Team as Same\n\n\n"
        "async def back():\n    team = await Team.objects.aget()\n    return team.deal\n\n\n"
        "async def same():\n    team = await Same.objects.aget()\n    return team.deal\n\n\n"
        "async def narrowed(deal: Deal):\n    if isinstance(deal, Same):\n        return deal.deal\n"
    )
    flow = play(views, files, path="pkg/views.py")
    assert [(e.kind, e.node.lineno) for e in flow.events if e.kind == "relation"][:2] == [  # type: ignore[attr-defined]
        ("relation", 8),
        ("relation", 13),
    ]

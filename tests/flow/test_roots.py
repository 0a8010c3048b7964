"""Shapes that real teams' defects have: what a parameter is, who overrides a hook, what happens only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.cli.main import main
from django_uplift.flow.events import POSSIBLE
from tests.flow.support import check, play

SCHEMA = """
from ariadne import ObjectType
from asgiref.sync import SyncToAsync, sync_to_async
from shop.models import Order

class in_thread(SyncToAsync):
    pass

order = ObjectType("Order")
line = ObjectType("Position")
"""
SERVER = {"asgi.py": "from ariadne.asgi import GraphQL\n"}


def test_the_root_of_a_resolver_is_the_model_that_its_type_is_named_after() -> None:
    """An unannotated root of the type `Order` is an `Order`; of a type that no model is called after, nothing."""
    check(
        SCHEMA
        + """
@order.field("buyer")
def buyer(root, info):
    return root.customer.name  #! relation

@line.field("buyer")
def position_buyer(root, info):
    return root.customer.name
""",
        SERVER,
    )


def test_resolvers_of_one_type_share_their_root() -> None:
    """What one of them declares holds for the silent ones, async or not."""
    check(
        SCHEMA
        + """
@line.field("state")
def state(root: Order, info):
    return root.number

@line.field("buyer")
async def buyer(root, info):
    return root.customer.name  #! relation
""",
        SERVER,
    )


def test_a_resolver_below_a_bridge_runs_in_a_thread() -> None:
    """Also where the bridge is a class of the project's own."""
    check(
        SCHEMA
        + """
@order.field("a")
@in_thread
def a(root: Order, info):
    return root.customer.name

@order.field("b")
@sync_to_async
def b(root: Order, info):
    return root.customer.name
""",
        SERVER,
    )


def test_iter_asks_for_no_item() -> None:
    """`iter()` of the project's own iterator runs `__iter__`, and `next()` runs `__next__`."""
    check(
        """
from shop.models import Order

class Stream:
    def __iter__(self):
        return self

    def __next__(self):
        return Order.objects.first()

def numbers():
    yield Order.objects.count()

async def start():
    stream = iter(Stream())
    made = iter(numbers())
    rows = iter(Order.objects.all())  #! evaluate
    first = next(stream)  #! call
    other = next(made)  #! call
"""
    )


def test_behind_two_guards_a_query_is_only_possible() -> None:
    """Something current, else something cached: what is left after both happens hardly ever."""
    text = """
from contextvars import ContextVar
from shop.models import Order

current = ContextVar("current", default=None)
cached = None

def latest():
    if found := current.get():
        return found
    if cached:
        return cached
    return Order.objects.latest()

def latest_once():
    if cached:
        return cached
    return Order.objects.latest()

async def show():
    latest()
    latest_once()
"""
    levels = [(event.level, event.guarded) for event in play(text).events]
    assert levels == [(POSSIBLE, True), (POSSIBLE + 1, True)]


def test_empty_hooks_are_filled_by_subclasses() -> None:
    """A method that only returns nothing stands for its overrides: nobody calls it for itself."""
    check(
        """
from shop.models import Order

class Source:
    def rows(self):
        return None

    async def serve(self):
        return self.rows()  #! call

class Stored(Source):
    def rows(self):
        return list(Order.objects.all())
"""
    )


def test_a_loop_that_a_sync_function_starts() -> None:
    """What it gives to the coroutine is known in there."""
    check(
        """
import asyncio
from asgiref.sync import async_to_sync
from shop.models import Order

async def send(order):
    return order.customer.name  #! relation

async def notify(order):
    return order.customer.name

def task(pk):
    asyncio.run(send(Order.objects.get(pk=pk)))

def other(pk):
    async_to_sync(notify)(Order.objects.select_related("customer").get(pk=pk))
"""
    )


def test_what_chooses_between_a_bridge_and_the_function_is_a_bridge() -> None:
    """A decorator that asks at each call whether there is a loop; coroutines it leaves alone."""
    check(
        """
import functools
import inspect
from asgiref.sync import sync_to_async
from strawberry.utils.inspect import in_async_context
from shop.models import Order

def either(function=None, *, hook=None):
    def wrap(inner):
        if inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner):
            return inner

        threaded = sync_to_async(inner)

        @functools.wraps(inner)
        def chosen(*args, **kwargs):
            run = threaded if in_async_context() and not hook else inner
            return run(*args, **kwargs)

        return chosen

    if function is not None:
        return wrap(function)
    return wrap

@either
def plain(pk):
    return Order.objects.get(pk=pk)

class Permission:
    @either(hook=None)
    def allowed(self):
        return Order.objects.exists()

    async def ask(self):
        await plain(1)
        await self.allowed()
        await either(Order.objects.count)()
"""
    )


def test_what_the_other_branch_bridges_is_only_possible_in_this_one() -> None:
    """Somebody has thought about which calls need a thread."""
    text = """
from asgiref.sync import sync_to_async
from shop.models import Order

def find(pk):
    return Order.objects.get(pk=pk)

async def show(pk, ready):
    if ready:
        found = find(pk)
    else:
        found = await sync_to_async(find)(pk)
    return found

async def careless(pk, ready):
    if ready:
        return find(pk)
    return await sync_to_async(len)(pk)
"""
    assert [(event.node.lineno, event.level) for event in play(text).events] == [  # type: ignore[attr-defined]
        (10, POSSIBLE),
        (17, POSSIBLE + 2),
    ]


def test_what_lacks_a_method_of_querysets_is_none() -> None:
    """The annotation says otherwise, and the handler says that it may be wrong."""
    check(
        """
from django.db.models import QuerySet

async def count(rows: QuerySet):
    try:
        return await rows.acount()
    except AttributeError:
        return len(rows)

async def careless(rows: QuerySet):
    try:
        return await rows.acount()
    except ValueError:
        return len(rows)  #! evaluate
"""
    )


def test_a_cast_says_what_something_is() -> None:
    """`typing.cast` promises as much as an annotation, and less than what is known anyway."""
    check(
        """
from typing import cast
from shop.models import Order

async def show(pk, table):
    order = cast(Order, table[pk])
    order.customer.name  #! relation
"""
    )
    check(
        """
from typing import cast
from shop.models import Order

async def show(pk, table):
    rows = cast("list[Order]", pk())
    await rows
    full = cast("Order", await Order.objects.select_related("customer").aget(pk=pk))
    return full.customer.name
"""
    )


def test_a_relation_that_only_another_model_brings_along() -> None:
    """`customer` of an order: queries of other models say nothing about it, nameless querysets may."""
    order = """
from shop.models import Order

async def show(order: Order):
    return order.customer.name  #! relation
"""
    check(order, {"other.py": 'Review.objects.filter(f(1)).select_related("customer")\n'})
    silent = order.replace("  #! relation", "")
    called = "async def page(rows): await show(rows[0])\n"
    for query in (
        'rows.select_related("customer")\n',
        '(Order.objects\n .filter(a=f(1))\n .select_related("customer"))\n',
        'Review.objects.select_related("order__customer")\n',
    ):
        check(silent, {"other.py": query + called})
        # Where the project does not call it, the framework that does has fetched the object itself.
        check(order, {"other.py": query})
        check(order, {"other.py": query, "tests/test_it.py": 'Order.objects.select_related("customer")\n'})


RESOLVER = """\
from ariadne import QueryType
from shop.models import Order

query = QueryType()


@query.field("order")
@checked(
    "order"
)  # first of all
def resolve_order(_, info, pk):
    order = Order.objects.get(pk=pk)
    return order, Order.objects.count()
"""


def test_a_resolver_as_a_whole_goes_to_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for both of its queries; what yields stays as it is."""
    (tmp_path / "shop").mkdir()
    for name, text in {
        **SERVER,
        "shop/models.py": "from django.db.models import Model\nclass Order(Model): pass\n",
    }.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)

    def fixed(text: str) -> str:
        (tmp_path / "schema.py").write_text(text)
        main(["--fix", "--unsafe-fixes", "--isolated", "--target-version", "5.2", "schema.py"])
        return (tmp_path / "schema.py").read_text()

    once = fixed(RESOLVER)
    assert "from asgiref.sync import sync_to_async\n" in once
    assert once.count("@sync_to_async\ndef resolve_order(") == 1
    assert fixed(once) == once
    generator = RESOLVER.replace("return order, ", "yield ")
    assert fixed(generator) == generator


def test_permissions_of_strawberry_are_asked_on_the_loop() -> None:
    """Sync ones too, and others of that name elsewhere are not."""
    check(
        """
from asgiref.sync import sync_to_async
from rest_framework.permissions import BasePermission as Rest
from strawberry.permission import BasePermission
from shop.models import Order

class Buyers(BasePermission):
    def has_permission(self, source, info, **kwargs):
        return Order.objects.exists()  #! query

class Threaded(BasePermission):
    @sync_to_async
    def has_permission(self, source, info, **kwargs):
        return Order.objects.exists()

class Staff(Rest):
    def has_permission(self, request, view):
        return Order.objects.exists()
""",
        {"asgi.py": "from strawberry.asgi import GraphQL\n"},
    )


def test_what_is_given_on_by_a_function_that_returns_text() -> None:
    """A return annotation says all about the result, and nothing about what the argument lacks."""
    check(
        """
from shop.models import Order

async def caption(order: Order) -> str:
    return order.customer.name  #! relation

async def title(order: Order | None = None) -> str:
    return await caption(order) if order else ""

async def show(pk):
    return await title(await Order.objects.aget(pk=pk))
""",
        {"other.py": 'Order.objects.select_related("customer")\n'},
    )


def test_a_model_serializer_writes_when_it_is_saved() -> None:
    """Others, and what is called in a thread, do not."""
    check(
        """
from asgiref.sync import sync_to_async
from rest_framework import serializers
from shop.models import Order

class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["number"]

class Plain(serializers.Serializer):
    number = serializers.CharField()

async def create(request):
    made = OrderSerializer(data=request.POST)
    made.save()  #! sync-only
    await sync_to_async(made.save)()
    Plain(data=request.POST).save()
"""
    )


def test_a_cast_to_a_subclass_is_believed() -> None:
    """It is why there is a cast; what was fetched with the object stays."""
    check(
        """
from typing import cast
from shop.models import Order

class Work:
    def run(self):
        return Order.objects.count()

class AsyncWork(Work):
    async def run(self):
        return await Order.objects.acount()

async def start(work: Work):
    await cast(AsyncWork, work).run()
"""
    )


def test_a_dict_holds_what_was_put_under_the_key() -> None:
    """What stands under one key is not what another key gives."""
    check(
        """
from shop.models import Order

async def show(context):
    found = {}
    found["rows"] = Order.objects.all()
    print(found["title"])
    print(found["rows"])  #! evaluate
"""
    )


def test_fields_of_a_base_that_meta_does_not_name_are_left_out() -> None:
    """As Django REST framework leaves them out."""
    check(
        """
from rest_framework import serializers
from shop.models import Order

class Base(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ("number",)

class Wide(Base):
    others = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (*Base.Meta.fields, "others")

    def get_others(self, order):
        return Order.objects.count()

class Narrow(Wide):
    class Meta:
        model = Order
        fields = Base.Meta.fields + ("state",)

class Again(Wide):
    class Meta:
        model = Order
        fields = Wide.Meta.fields + ("state",)

async def show(pk):
    order = await Order.objects.aget(pk=pk)
    print(Narrow(order).data)
    print(Wide(order).data)  #! call
    print(Again(order).data)  #! call
"""
    )


def test_the_request_of_a_strawberry_resolver() -> None:
    """On Django it is Django's, with its lazy user; with other servers nobody knows."""
    schema = """
import strawberry
from strawberry.types import Info

@strawberry.type
class Query:
    @strawberry.field
    async def name(self, info: Info) -> str:
        return info.context.request.user.username  #! user

    @strawberry.field
    async def known(self, info: strawberry.Info) -> str:
        user = await info.context.request.auser()
        return user.username
"""
    check(schema, {"urls.py": "from strawberry.django.views import AsyncGraphQLView\n"})
    check(schema.replace("  #! user", ""), {"asgi.py": "from strawberry.fastapi import GraphQLRouter\n"})

"""Sync queries and evaluations that stand in async code themselves."""

from __future__ import annotations

import pytest

from tests.flow.support import check, play

HEAD = """\
from asgiref.sync import sync_to_async
from shop.models import Customer, Note, Order, Product, Profile, Tag
"""


def program(body: str, arguments: str = "") -> str:
    """An async function with `body`."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return f"{HEAD}\nasync def view({arguments}):\n{lines}\n"


@pytest.mark.parametrize(
    "call",
    [
        "Order.objects.get(pk=1)",
        "Order.objects.filter(status='open').first()",
        "Order.objects.all().last()",
        "Order.objects.count()",
        "Order.objects.exists()",
        "Order.objects.aggregate()",
        "Order.objects.filter(pk=1).update(status='x')",
        "Order.objects.all().delete()",
        "Order.objects.create(status='x')",
        "Order.objects.get_or_create(pk=1)",
        "Order.objects.update_or_create(pk=1)",
        "Order.objects.bulk_create([Order()])",
        "Order.objects.in_bulk()",
        "Order.objects.earliest('pk')",
        "Order.objects.open().exists()",
        "Order.objects.select_related('customer').prefetch_related('product').get(pk=1)",
        "Order._default_manager.get(pk=1)",
        "Order.objects.using('x').explain()",
        "(Order.objects.filter(pk=1) | Order.objects.filter(pk=2)).count()",
        "Order.objects.all()[:5].count()",
        "Order().save()",
        "Customer(pk=1).delete()",
        "Customer(pk=1).refresh_from_db()",
        "Customer(pk=1).orders.count()",
        "Customer(pk=1).orders.create(status='x')",
        "Product(pk=1).tags.add(1)",
        "Product(pk=1).tags.set([])",
        "Tag(pk=1).products.clear()",
        "Product.objects.none().delete()",
        "Product(pk=1).tags.add()",
    ],
)
def test_calls_that_query(call: str) -> None:
    """Each raises on an event loop."""
    check(program(f"{call} #! query"))


@pytest.mark.parametrize(
    "statement",
    [
        "for order in qs: pass",
        "list(qs)",
        "tuple(qs)",
        "set(qs)",
        "sorted(qs, key=lambda o: o.pk)",
        "len(qs)",
        "bool(qs)",
        "1 if qs else 2",
        "not qs",
        "qs and 1",
        "qs or []",
        "assert qs",
        "1 in qs",
        "qs[0]",
        "qs[::2]",
        "print(*qs)",
        "[*qs]",
        "{*qs}",
        "a, b = qs",
        "a, *b = qs",
        "[o for o in qs]",
        "{o.pk: o for o in qs}",
        "sum(o.pk for o in qs)",
        "(o for o in qs)",
        "any(qs)",
        "max(qs)",
        "enumerate(qs)",
        "list(map(str, qs))",
        "dict(qs.values_list('pk', 'status'))",
        "', '.join(qs.values_list('status', flat=True))",
        "[].extend(qs)",
        "set().update(qs)",
        "f'{qs}'",
        "str(qs)",
        "repr(qs)",
        "'%s' % qs",
        "'{}'.format(qs)",
        "print(qs)",
        "next(iter(qs))",
        "while qs: break",
        "list(qs.iterator())",
        "for o in qs.iterator(): pass",
        "for n, o in enumerate(qs): pass",
        "for o, p in zip(qs, [1]): pass",
        "filter(None, qs)",
        "reversed(qs)",
    ],
)
def test_forms_of_evaluation(statement: str) -> None:
    """Each runs the query of an unevaluated queryset, once."""
    check(program(f"qs = Order.objects.filter(status='open')\n{statement} #! evaluate"))


@pytest.mark.parametrize(
    "statement",
    [
        "Order.objects.filter(status='open').exclude(pk=1).order_by('pk')",
        "Order.objects.all()[:5]",
        "Order.objects.raw('select 1')",
        "Order.objects.none().count()",
        "Order.objects.filter(pk__in=[]).exists()",
        "Order.objects.in_bulk([])",
        "str(Order.objects.all().query)",
        "Order.objects.all() is None",
        "isinstance(Order.objects.all(), list)",
        "Order.objects.iterator()",
        "{'a': 1}.get('a')",
        "[1].count(1)",
        "{1}.update([2])",
        "await Order.objects.aget(pk=1)",
        "[o async for o in Order.objects.all()]",
        "Customer(pk=1).orders.all()",
        "if Customer(pk=1).orders: pass",
        "Customer(pk=1).orders.add()",
        "await sync_to_async(lambda: list(Order.objects.all()) and 1)()",
        "Order(customer=Customer(pk=1)).customer",
        "Order().customer_id",
        "lambda: Order.objects.get(pk=1)",
    ],
)
def test_quiet(statement: str) -> None:
    """None of these reaches the database on the loop."""
    check(program(statement))


def test_results_are_kept() -> None:
    """After `async for` the same object is free; a new one is not."""
    check(
        program("""
qs = Order.objects.order_by("pk")
async for order in qs: pass
len(qs); bool(qs); qs[0]; qs.count(); qs.exists(); qs.first()
for order in qs: pass
qs.get(pk=1) #! query
for order in qs.all(): pass #! evaluate
other = Order.objects.all()
found = [o async for o in other]
len(other)
other.first() #! query
""")
    )


def test_prefetched_relations_are_free() -> None:
    """Also by Prefetch, with a queryset's own plan, and into an attribute."""
    check(
        program("""
from django.db.models import Prefetch
customer = await Customer.objects.prefetch_related("orders__product").aget(pk=1)
for order in customer.orders.all():
    order.product.name
    order.customer.name
customer.orders.count()
customer.orders.all().count()
customer.orders.filter(pk=1).first() #! query
inner = Order.objects.select_related("product")
other = await Customer.objects.prefetch_related(Prefetch("orders", queryset=inner, to_attr="all_orders")).aget(pk=1)
for order in other.all_orders:
    pass
""")
    )


def test_lazy_relations() -> None:
    """What the query brought along is free; a relation is read once."""
    check(
        program("""
order = await Order.objects.aget(pk=1)
order.customer.name #! relation
order.customer.email
order.customer.profile.phone #! relation
full = await Order.objects.select_related("customer__profile").aget(pk=2)
full.customer.profile.phone
full.product #! relation
async for each in Order.objects.select_related("product"):
    each.product
    each.customer #! relation
made = await Order.objects.acreate(customer=full.customer)
made.customer
by_key = await Order.objects.acreate(customer_id=1)
by_key.customer #! relation
everything = await Order.objects.select_related().aget(pk=3)
everything.customer
everything.product #! relation
""")
    )


def test_deferred_fields() -> None:
    """`only` and `defer` leave fields out."""
    check(
        program("""
order = await Order.objects.only("status").aget(pk=1)
order.status
order.created #! deferred
order.pk
other = await Order.objects.defer("status").afirst()
other.created
other.status #! deferred
""")
    )


def test_one_finding_for_a_transaction() -> None:
    """What is inside moves with the block."""
    check(
        program("""
from django.db import connection, transaction
with transaction.atomic(): #! block
    order = Order.objects.select_for_update().get(pk=1)
    order.save()
order.customer #! relation
with connection.cursor() as cursor: #! block
    cursor.execute("select 1")
""")
    )


def test_the_lazy_user_and_the_session() -> None:
    """Binding is free, reading is not."""
    check(
        program(
            """
user = request.user
if user.is_authenticated: #! user
    user.email
again = await request.auser()
again.email
Order.objects.filter(customer__name=request.user) #! user
request.session["a"] = 1 #! session
request.session.get("b") #! session
"c" in request.session #! session
await request.session.aget("d")
request.session.session_key
""",
            "request",
        )
    )


def test_code_for_other_versions_is_quiet() -> None:
    """What a request lacks on the target tells which branch runs."""
    text = program(
        """
if hasattr(request, "auser"):
    user = await request.auser()
else:
    user = request.user
user.email
""",
        "request",
    )
    assert not play(text).events
    assert [(e.kind, e.node.lineno) for e in play(text, target="4.2").events] == [("user", 9)]  # type: ignore[attr-defined]


def test_misuse() -> None:
    """Awaits that are missing, or that can't be."""
    check(
        program("""
Order.objects.acount() #! missing-await
if Order.objects.aexists(): pass #! missing-await
Order.objects.aget(pk=1).status #! missing-await
f"{Order.objects.acount()}" #! missing-await
await Order.objects.filter(pk=1) #! await-sync
await Order.objects.all().aiterator() #! await-iterator
await sync_to_async(len) #! uncalled-bridge
coroutine = Order.objects.acount()
await coroutine
sync_to_async(len)([]) #! missing-await
""")
    )


def test_rendering_evaluates() -> None:
    """A queryset in a template's context is iterated there, as a rule."""
    check(
        program(
            """
from django.shortcuts import render
from django.template.response import TemplateResponse
orders = Order.objects.all()
TemplateResponse(request, "a.html", {"orders": orders})
render(request, "a.html", {"orders": orders, "n": 1}) #! evaluate
fetched = [o async for o in Order.objects.all()]
render(request, "a.html", {"orders": fetched})
""",
            "request",
        )
    )


def test_boilerplate() -> None:
    """Only where the target has the async method."""
    text = program("""
order = await sync_to_async(Order.objects.get)(pk=1) #! boilerplate
await sync_to_async(order.save)() #! boilerplate
await sync_to_async(list)(Order.objects.all()) #! boilerplate
await sync_to_async(order.label)()
await sync_to_async(lambda: Order.objects.count())() #! boilerplate
await sync_to_async(lambda: Order.objects.count() + Order.objects.count())()
""")
    check(text)
    assert [e.op for e in play(text, target="4.1").events if e.kind == "boilerplate"] == [
        "get",
        "list",
        "count",
    ]
    assert not play(text, target="4.0").events


def test_async_api_newer_than_the_target() -> None:
    """Says since when."""
    text = program(
        "await Order.objects.aget(pk=1)\nawait (await Order.objects.aget(pk=1)).asave()\nawait request.auser()",
        "request",
    )
    events = [(e.op, str(e.since)) for e in play(text, target="4.1").events if e.kind == "too-new"]
    assert events == [("asave", "4.2"), ("auser", "5.0")]


def test_methods_of_djangos_models_read_deferred_fields() -> None:
    """As Django 5.2 does: `get_username()` of a user without its name queries; what is there is free."""
    check(
        """
from django.contrib.auth.models import User
from shop.models import Order


async def view():
    user = await User.objects.defer("username").aget()
    user.get_full_name()
    user.get_username()  #! sync-only


async def others():
    user = await User.objects.only("username").aget()
    user.get_username()
    user.get_full_name()  #! sync-only
    user.has_usable_password()  #! sync-only


async def validated():
    user = await User.objects.aget()
    user.clean_fields()
    user = await User.objects.defer("email").aget()
    user.clean_fields()  #! sync-only
"""
    )


def test_serializing_asks_for_relations_of_each_row() -> None:
    """A list helps where nothing but columns is written out; many-to-many relations have to be prefetched."""
    check(
        """
from django.contrib.auth.models import Permission, User
from django.core import serializers


async def rows():
    serializers.serialize("json", Permission.objects.all())  #! evaluate
    serializers.serialize("json", [row async for row in Permission.objects.all()])
    serializers.serialize("json", [row async for row in User.objects.all()])  #! sync-only
    serializers.serialize("json", User.objects.all())  #! sync-only
    serializers.serialize("json", [row async for row in User.objects.all()], fields=["username"])
    users = User.objects.prefetch_related("groups", "user_permissions")
    serializers.serialize("json", [row async for row in users])
"""
    )

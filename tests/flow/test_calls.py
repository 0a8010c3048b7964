"""Queries that async code reaches through the project's own functions, and where code runs."""

from __future__ import annotations

from django_uplift.project.config import Facts
from tests.flow.support import check, play

HEAD = """\
import asyncio
import functools
from asgiref.sync import async_to_sync, sync_to_async
from shop.models import Customer, Order, Product
"""


def test_every_way_to_call() -> None:
    """Functions, methods, constructors, properties, special methods, context managers, callbacks."""
    check(
        HEAD
        + """
from contextlib import contextmanager

def helper(pk):
    return Order.objects.get(pk=pk)

def outer(pk):
    return helper(pk)

class Base:
    def __init__(self):
        self.first = Order.objects.first()

class Report(Base):
    def __init__(self):
        super().__init__()
        self.made = True

    @property
    def total(self):
        return Order.objects.count()

    @classmethod
    def build(cls):
        return helper(1)

    @staticmethod
    def other():
        return helper(2)

    def __len__(self):
        return Order.objects.count()

    def __iter__(self):
        return iter(Order.objects.all())

    def __enter__(self):
        Order.objects.create()
        return self

    def __exit__(self, *args):
        pass

    def __call__(self):
        return helper(3)

@contextmanager
def counted():
    Order.objects.count()
    yield 1

def generated():
    for order in Order.objects.all():
        yield order

def apply(function, value):
    return function(value)

def quiet(value):
    return value

async def main(report: Report):
    helper(1) #! call
    outer(1) #! call
    Report() #! call
    report.total #! call
    Report.build() #! call
    Report.other() #! call
    len(report) #! call
    for order in report: pass #! call
    with report: pass #! call
    report() #! call
    with counted(): pass #! call
    rows = generated()
    for order in rows: pass #! call
    apply(helper, 1) #! call
    apply(quiet, 1)
    functools.partial(helper, 1)() #! call
    sorted([3], key=helper) #! call
    later = lambda: helper(1)
    later() #! call
    {"a": helper}["a"](1) #! call
    Order.objects.newest() #! call
"""
    )


def test_the_way_is_told() -> None:
    """The shortest path, call by call, down to the query."""
    flow = play(
        HEAD
        + """
def inner():
    return Order.objects.count()

def long():
    return middle()

def middle():
    return inner()

def short(deep):
    if deep:
        return long()
    return inner()

async def main():
    return short(1)
"""
    )
    (event,) = flow.events
    assert [(step.place.line + 1, step.message) for step in event.path] == [
        (18, "inner()"),
        (7, "Order.objects.count()"),
    ]


def test_bridges() -> None:
    """What runs in a thread is free; what is evaluated for it on the loop is not."""
    check(
        HEAD
        + """
from concurrent.futures import ThreadPoolExecutor

def helper(*args):
    return Order.objects.count()

@sync_to_async
def decorated():
    return helper()

@sync_to_async(thread_sensitive=False)
def configured():
    return helper()

def own(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await asyncio.to_thread(function, *args)
    return wrapper

@own
def wrapped():
    return helper()

async def main(order: Order, pool: ThreadPoolExecutor):
    await sync_to_async(helper)()
    await sync_to_async(lambda: helper())()
    await decorated()
    await configured()
    await wrapped()
    await asyncio.to_thread(helper)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, helper)
    await loop.run_in_executor(None, functools.partial(helper, 1))
    pool.submit(helper)
    fetched = await Order.objects.aget(pk=1)
    await sync_to_async(fetched.customer.delete)() #! relation boilerplate
    await asyncio.to_thread(helper, helper()) #! call
"""
    )


def test_only_the_innermost_async_function_is_at_fault() -> None:
    """Its async callers are not."""
    check(
        HEAD
        + """
async def inner():
    return Order.objects.count() #! query

async def outer():
    return await inner()
"""
    )


def test_callers_say_what_parameters_hold() -> None:
    """In this file and in others; a caller that brings the relation along is quiet."""
    service = """\
from shop.models import Order

async def name(order: Order):
    return order.customer.name #! relation

async def brought(order: Order):
    return order.customer.name
"""
    views = """\
from shop.models import Order
from views import brought, name

async def main():
    order = await Order.objects.aget(pk=1)
    full = await Order.objects.select_related("customer").aget(pk=1)
    return await name(order), await brought(full)
"""
    check(service, {"callers.py": views})


def test_guards_cost_one_degree() -> None:
    """What is remembered is loaded once."""
    flow = play(
        HEAD
        + """
_cached = None

def load():
    global _cached
    if _cached is None:
        _cached = Order.objects.first()
    return _cached

def early():
    if _cached:
        return _cached
    return Order.objects.first()

@functools.lru_cache
def kept():
    return Order.objects.first()

def plain():
    return Order.objects.first()

async def main():
    load()
    early()
    kept()
    plain()
"""
    )
    assert [(event.op, event.level, event.guarded) for event in flow.events] == [
        ("load", 2, True),
        ("early", 2, True),
        ("kept", 2, True),
        ("plain", 3, False),
    ]


def test_hooks_that_subclasses_fill() -> None:
    """Never certain, since the base may be another subclass's."""
    flow = play(
        HEAD
        + """
class Base:
    def load(self):
        raise NotImplementedError

    async def run(self):
        return self.load()

class Sub(Base):
    def load(self):
        return Order.objects.count()
"""
    )
    assert [(event.kind, event.level) for event in flow.events] == [("call", 2)]


def test_recursion_ends() -> None:
    """And still finds the query."""
    check(
        HEAD
        + """
def even(n):
    return odd(n - 1) if n else Order.objects.count()

def odd(n):
    return even(n - 1)

def loops(n):
    return loops(n)

async def main():
    even(4) #! call
    odd(3) #! call
    loops(1)
"""
    )


def test_resolvers_of_graphql() -> None:
    """Ariadne calls plain functions on the loop; strawberry too, where it is served so."""
    check(
        """\
from ariadne import ObjectType
from ariadne.asgi import GraphQL
from shop.models import Order

query = ObjectType("Query")

@query.field("orders")
def orders(*_):
    return list(Order.objects.all()) #! evaluate

def total(*_):
    return Order.objects.count() #! query

query.set_field("total", total)

def helper():
    return Order.objects.count()
"""
    )


def test_facts_of_the_project() -> None:
    """What the configuration says about functions."""
    text = HEAD + "from lib import bridge, odd, safe\n\nasync def main():\n    odd()\n    safe()\n"
    text += "    await bridge(safe)()\n"
    lib = "from shop.models import Order\ndef odd(): pass\ndef safe(): return Order.objects.count()\n"
    lib += "def bridge(f): return f\n"
    assert [e.node.lineno for e in play(text, {"lib.py": lib}).events] == [9, 10]  # type: ignore[attr-defined]
    facts = Facts(queries=("lib.odd",), safe=("lib.safe",), bridges=("lib.bridge",))
    told = play(text, {"lib.py": lib}, facts=facts)
    assert [(e.kind, e.node.lineno) for e in told.events] == [("call", 8)]  # type: ignore[attr-defined]


def test_broken_and_strange_code_costs_nothing_else() -> None:
    """The functions beside it are still played."""
    check(
        HEAD
        + """
async def strange(*, a=1, **kw):
    [*x, y], (z, *w) = unknown
    del a
    match kw:
        case {"a": [*rest]} if rest: pass
        case Order(pk=1) | None: pass
    async with a.b() as (c, d), e: pass
    return await (yield)

async def main():
    return Order.objects.count() #! query
"""
    )


def test_a_decorator_of_many_functions() -> None:
    """Each of them is known, however many there are."""
    lines = [
        "import functools",
        "from shop.models import Order",
        "def traced(f):",
        "    @functools.wraps(f)",
        "    def wrapper(*args):",
        "        return f(*args)",
        "    return wrapper",
    ]
    for n in range(20):
        lines += ["@traced", f"def count{n}():", "    return Order.objects.count()"]
    lines += ["async def view(request):"]
    lines += [f"    count{n}()  #! call" for n in range(20)]
    check("\n".join(lines))


def test_a_closure_that_comes_back_to_the_loop_is_judged_by_its_first_call() -> None:
    """What the call leaves on board is there for later ones only."""
    check(
        """
from asgiref.sync import async_to_sync, sync_to_async
from shop.models import Order


async def main():
    order = await Order.objects.aget()

    async def inner():
        return order.customer.name  #! relation

    def outer():
        return async_to_sync(inner)()

    return await sync_to_async(outer)()
"""
    )


def test_what_callers_give_decides_on_calls_too() -> None:
    """Each caller has the relation on board: what a guess said of a helper goes."""
    check(
        """
from asgiref.sync import sync_to_async
from shop.models import Order


class Service:
    def __init__(self, order: Order):
        self.order = order

    @property
    def value(self):
        return self.order.customer.name


async def work(order: Order):
    return Service(order).value


async def main():
    order = await Order.objects.aget()
    await sync_to_async(lambda: order.customer)()
    return await work(order)
"""
    )

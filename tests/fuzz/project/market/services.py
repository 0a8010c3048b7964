"""What programs call besides the models: classes that query in odd places or only look as if, bridges."""

from __future__ import annotations

import asyncio
import functools
from contextlib import asynccontextmanager, contextmanager

from asgiref.sync import SyncToAsync, sync_to_async
from django.db.models import QuerySet

from .models import Customer, Order, Tag


class Basket:
    """Methods with the names of a manager's, on a plain dict."""

    def __init__(self, items: dict[str, int] | None = None) -> None:
        self.items = dict(items or {"a": 1})

    def get(self, key: str = "a", **kwargs: object) -> int:
        return self.items.get(key, 0)

    def count(self) -> int:
        return len(self.items)

    def exists(self) -> bool:
        return bool(self.items)

    def first(self) -> str:
        return next(iter(self.items))

    def filter(self, **kwargs: object) -> Basket:
        return self

    def all(self) -> list[int]:
        return list(self.items.values())

    def update(self, **kwargs: int) -> None:
        self.items.update(kwargs)

    def save(self) -> str:
        return "saved"

    def delete(self) -> str:
        return "deleted"


class Report:
    """Queries when it is made."""

    def __init__(self, status: str = "open") -> None:
        self.total = Order.objects.filter(status=status).count()


class MonthlyReport(Report):
    """Inherits the constructor."""


class QuietReport(Report):
    """Does not call it."""

    def __init__(self) -> None:
        self.total = 0


class LazyReport:
    """Queries later, if at all."""

    def __init__(self, status: str = "open") -> None:
        self.orders = Order.objects.filter(status=status)

    @property
    def total(self) -> int:
        return self.orders.count()

    @property
    def title(self) -> str:
        return "report"

    def __len__(self) -> int:
        return len(self.orders)

    def __iter__(self):
        return iter(self.orders)

    def __contains__(self, order: Order) -> bool:
        return self.orders.filter(pk=order.pk).exists()

    def __getitem__(self, number: int) -> Order:
        return self.orders.order_by("pk")[number]

    def __call__(self) -> int:
        return self.orders.count()

    def __str__(self) -> str:
        return f"{self.orders.count()} orders"


class Progress:
    """Queries when it is entered."""

    def __enter__(self) -> Progress:
        self.before = Order.objects.count()
        return self

    def __exit__(self, *error: object) -> None:
        self.before = 0


class Closing:
    """Queries when it is left."""

    def __enter__(self) -> Closing:
        return self

    def __exit__(self, *error: object) -> None:
        Tag.objects.filter(name="x").update(name="y")


class AsyncScope:
    """An async context manager that is right."""

    async def __aenter__(self) -> int:
        return await Order.objects.acount()

    async def __aexit__(self, *error: object) -> None:
        return None


@contextmanager
def counted():
    """Query when the block is entered."""
    yield Order.objects.count()


@contextmanager
def uncounted():
    """Query nothing."""
    yield 0


@asynccontextmanager
async def acounted():
    """Query properly."""
    yield await Order.objects.acount()


def count_orders() -> int:
    return Order.objects.count()


def open_orders():
    return Order.objects.filter(status="open")


def annotated_orders() -> QuerySet[Order]:
    return Order.objects.order_by("pk")


def first_order():
    return Order.objects.order_by("pk").first()


def customer_name(order):
    return order.customer.name


def customer_name_of(order: Order) -> str:
    return order.customer.name


def key_of(order: Order) -> int:
    return order.customer_id


async def aload_order(pk: int = 1) -> Order:
    return await Order.objects.aget(pk=pk)


async def aload_with_customer(pk: int = 1):
    return await Order.objects.select_related("customer").aget(pk=pk)


async def aload_customer(pk: int = 1):
    return await Customer.objects.aget(pk=pk)


def identity(value):
    return value


class in_thread(SyncToAsync):
    """A project's own bridge, by inheritance."""


def threaded(function):
    """A project's own bridge, by a wrapper."""

    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await sync_to_async(function)(*args, **kwargs)

    return wrapper


def offloaded(function):
    """A project's own bridge, by another function."""
    return sync_to_async(function, thread_sensitive=False)


async def run_in_pool(function, *args):
    """Run something in the loop's pool."""
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(function, *args))


def logged(function):
    """A decorator that changes nothing."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def alogged(function):
    """The same for coroutine functions."""

    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper

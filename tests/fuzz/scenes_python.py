# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""Scenes of Python itself: how values, calls and control reach a query in code that a person would write."""

from __future__ import annotations

SCENES = {
    "iterators of itertools": """
===
orders = Order.objects.order_by("pk")
<<rows = list(itertools.takewhile(lambda order: order.pk, orders))||rows = [a for a, b in itertools.pairwise(orders)]||rows = [order async for order in orders]||rows = list(itertools.zip_longest(orders, [1]))||rows = []>>
return len(rows)
""",
    "a class that is a descriptor and a decorator": """
class once:
    def __init__(self, function):
        self.function = function

    def __get__(self, instance, owner):
        return self.function(instance)


class Report:
    @once
    def rows(self):
        return <<list(Order.objects.all())||[1]||Order.objects.all()>>
===
rows = Report().rows
return <<len(rows)||rows is None>>
""",
    "a tree built by recursion": """
class Node:
    def __init__(self, order, up=None):
        self.order = order
        self.up = up
        self.below = []

    def load(self, depth=1):
        for line in <<self.order.lines.all()||[]>>:
            if depth:
                self.below.append(Node(self.order, self).load(depth - 1))
        return self
===
order = await Order.objects.aget(pk=1)
return len(Node(order).load().below)
""",
    "walrus": """
===
<<if (order := await Order.objects.filter(pk=1).afirst()) is not None:||if order := await Order.objects.select_related("customer").filter(pk=1).afirst():||if order := Order.objects.filter(pk=1).first():||while (order := await Order.objects.aget(pk=1)) is not None:>>
    return order.<<customer.name||status||customer_id||summary()>>
return None
""",
    "walrus in a comprehension": """
===
orders = [order async for order in Order.objects<<.all()||.select_related("customer")>>]
return [name for order in orders if (name := order.<<customer.name||status||label()>>)]
""",
    "match on a class": """
def name(thing):
    match thing:
        case Order():
            return thing.<<customer.name||status||summary()>>
        case Customer(name=found):
            return found
        case _:
            return None
===
return name(<<await Order.objects.aget(pk=1)||await Order.objects.select_related("customer").aget(pk=1)||await Customer.objects.aget(pk=1)>>)
""",
    "match on a word": """
async def answer(word):
    match word:
        case "count":
            return <<Order.objects.count()||await Order.objects.acount()>>
        case "all" | "each":
            return <<Order.objects.all()||await sync_to_async(list)(Order.objects.all())>>
        case _:
            return None
===
return await answer("count")
""",
    "match with a capture": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
match order:
    case Order(customer_id=key) if key:
        out = <<key||order.customer.name||order.status>>
    case found:
        out = found.pk
return out
""",
    "match on a tuple": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
match (order, 1):
    case (found, 1):
        return <<found.customer.name||found.status||order.customer_id||order.customer.name>>
return None
""",
    "try and finally": """
async def work(pk):
    order = None
    try:
        order = await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
    except Order.DoesNotExist:
        return None
    finally:
        <<log = []||count = await Order.objects.acount()||count = Order.objects.count()>>
    return order.<<customer.name||status||customer_id>>
===
return await work(1)
""",
    "try, except, else": """
===
try:
    order = <<await Order.objects.aget(pk=1)||Order.objects.get(pk=1)||await Order.objects.select_related("customer").aget(pk=1)>>
except (Order.DoesNotExist, Order.MultipleObjectsReturned) as error:
    return str(error)
else:
    return order.<<customer.name||status||label()>>
""",
    "dataclass that holds an instance": """
@dataclass
class Line:
    order: Order
    note: str = ""

    @property
    def title(self):
        return f"{self.order.<<customer.name||status||customer_id>>} {self.note}"

    def short(self):
        return self.order.<<label()||summary()>>
===
line = Line(<<order=await Order.objects.aget(pk=1)||order=await Order.objects.select_related("customer").aget(pk=1)||await Order.objects.aget(pk=1), "x">>)
return <<line.title||line.note||line.short()||line.order.status||line.order.customer.name||await sync_to_async(lambda: line.title)()>>
""",
    "frozen dataclass with a queryset": """
@dataclass(frozen=True)
class Filter:
    rows: "QuerySet[Order]"
    status: str = "open"

    def apply(self):
        return self.rows.filter(status=self.status)

    def total(self):
        return self.apply().count()

    async def atotal(self):
        return await self.apply().acount()
===
chosen = Filter(Order.objects.all())
return <<chosen.total()||await chosen.atotal()||chosen.apply()||list(chosen.apply())||[row.pk async for row in chosen.apply()]||dataclasses.replace(chosen, status="x").total()||await sync_to_async(chosen.total)()>>
""",
    "list of dataclasses": """
@dataclass
class Row:
    order: Order

    def text(self):
        return self.order.<<customer.name||status||label()>>
===
rows = [Row(order) async for order in Order.objects<<.all()||.select_related("customer")>>]
return [row.<<text()||text()||order.pk>> for row in rows]
""",
    "named tuple of rows": """
class Pair(NamedTuple):
    order: Order
    count: int
===
pair = Pair(await Order.objects<<||.select_related("customer")>>.aget(pk=1), 2)
return <<pair.order.customer.name||pair.order.status||pair[0].customer_id||pair.count||pair[0].customer.name>>
""",
    "cached property of a service": """
class Service:
    def __init__(self, pk):
        self.pk = pk

    @cached_property
    def order(self):
        return Order.objects.get(pk=self.pk)

    @property
    def rows(self):
        return Order.objects.filter(pk=self.pk)

    def name(self):
        return self.order.<<status||customer.name>>
===
service = Service(1)
<<pass||await sync_to_async(lambda: service.order)()||await sync_to_async(service.name)()>>
return <<service.name()||service.rows||service.pk||service.order.pk||service.rows.exists()||await service.rows.aexists()>>
""",
    "context manager of a class": """
class Timer:
    def __init__(self, rows):
        self.rows = rows

    def __enter__(self):
        <<self.before = self.rows.count()||self.before = 0||self.before = self.rows>>
        return self

    def __exit__(self, *error):
        <<self.after = self.rows.count()||self.after = 1||self.after = 1>>
        return False
===
with Timer(Order.objects.all()) as timer:
    out = <<timer.before||timer.rows||1>>
return out
""",
    "context manager of a generator": """
@contextmanager
def locked(pk):
    <<row = Order.objects.get(pk=pk)||row = pk||row = Order.objects.filter(pk=pk)>>
    try:
        yield row
    finally:
        <<pass||Order.objects.filter(pk=pk).update(status="x")||done = True>>
===
with locked(1) as row:
    out = 1
return out
""",
    "async context manager of a generator": """
@asynccontextmanager
async def loaded(pk):
    order = await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
    try:
        yield order
    finally:
        <<await order.asave()||order.save()||pass||pass>>
===
async with loaded(1) as order:
    out = <<order.status||order.customer.name||order.label()>>
return out
""",
    "async exit stack": """
===
async with contextlib.AsyncExitStack() as stack:
    <<number = await stack.enter_async_context(acounted())||number = stack.enter_context(counted())||number = stack.enter_context(uncounted())||number = 1>>
    <<stack.callback(print)||stack.push_async_callback(aload_order)||number = 2>>
return 1
""",
    "exit stack": """
===
with contextlib.ExitStack() as stack:
    <<stack.enter_context(Progress())||stack.enter_context(Closing())||stack.enter_context(counted())||stack.callback(count_orders)||stack.callback(print, 1)||stack.push(Closing())>>
    <<out = 1||out = await Order.objects.acount()>>
return out
""",
    "generator in steps": """
def steps(order):
    yield order.<<pk||status||customer.name>>
    yield order.<<pk||label()||customer.name>>
    yield order.<<pk||summary()||customer_id>>
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
found = steps(order)
return <<next(found)||next(found)||[next(found), next(found)]||list(found)||next(iter(found))||[step for step in found]||next(found, None)>>
""",
    "generator of querysets": """
def parts():
    for status in ("open", "closed"):
        yield Order.objects.filter(status=status)
===
out = []
for part in parts():
    out.append(<<await part.acount()||part.count()||[row.pk async for row in part]||len(part)||part.query is None||await sync_to_async(list)(part)>>)
return out
""",
    "generator of a class": """
class Feed:
    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        for row in self.rows:
            yield row.<<pk||customer.name>>

    def __len__(self):
        return self.rows.count()

    def __aiter__(self):
        return self.each()

    async def each(self):
        async for row in self.rows:
            yield row.<<pk||customer.name>>
===
feed = Feed(Order.objects<<.all()||.select_related("customer")>>)
return <<[part async for part in feed]||list(feed)||len(feed)||feed.rows||await sync_to_async(list)(feed)||[part for part in feed]||tuple(feed)||[part async for part in feed.each()]>>
""",
    "async generator that is closed": """
async def rows():
    try:
        async for order in Order.objects<<.all()||.select_related("customer")>>:
            yield order
    finally:
        <<done = True||Order.objects.count()||await Order.objects.acount()>>
===
found = rows()
first = await found.__anext__()
await found.aclose()
return first.<<pk||customer.name||status>>
""",
    "anext": """
async def rows():
    async for order in Order.objects<<.all()||.select_related("customer")>>:
        yield order
===
first = await anext(<<rows()||rows()||aiter(Order.objects.order_by("pk"))>>)
return first.<<pk||customer.name||status>>
""",
    "own decorator that retries": """
def retry(times):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            for _ in range(times):
                try:
                    return await function(*args, **kwargs)
                except ValueError:
                    continue

        return wrapper

    return decorate


@retry(2)
async def load(pk):
    return await Order.objects<<||.select_related("customer")>>.aget(pk=pk)


@retry(times=1)
async def work(pk):
    order = await load(pk)
    return order.<<customer.name||status||label()>>
===
return await work(1)
""",
    "decorator that is a class": """
class timed:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


@timed
def total(status):
    return Order.objects.filter(status=status)<<.count()||||.exists()>>
===
return <<total("open")||await sync_to_async(total)("open")>>
""",
    "decorator of a coroutine that injects": """
def with_order(function):
    @functools.wraps(function)
    async def wrapper(pk):
        return await function(<<await Order.objects.aget(pk=pk)||await Order.objects.select_related("customer").aget(pk=pk)||Order.objects.get(pk=pk)>>)

    return wrapper


@with_order
async def work(order):
    return order.<<customer.name||status||customer_id>>
===
return await work(1)
""",
    "partial": """
def total(model, status=None):
    rows = model.objects.all()
    if status:
        rows = rows.filter(status=status)
    return rows<<.count()||||.exists()>>
===
counted_orders = functools.partial(total, Order, <<status="open"||status=None>>)
return <<counted_orders()||await sync_to_async(counted_orders)()||await asyncio.to_thread(counted_orders)||counted_orders.args is None||await asyncio.get_running_loop().run_in_executor(None, counted_orders)>>
""",
    "partial method": """
class Store:
    def total(self, status):
        return Order.objects.filter(status=status).<<count()||order_by("pk")>>

    open = functools.partialmethod(total, "open")
===
store = Store()
return <<store.open()||await sync_to_async(store.open)()||store.total("x")>>
""",
    "star arguments": """
def inner(order, *, deep=False):
    return order.customer.name if deep else order.status


def outer(*args, **kwargs):
    return inner(*args, **kwargs)
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
options = {"deep": <<True||True||False>>}
return <<outer(order, **options)||outer(order, deep=True)||outer(order)||outer(*[order], deep=True)||outer(*(order,))>>
""",
    "arguments in a tuple": """
def names(*orders):
    return [order.<<customer.name||status||customer_id>> for order in orders]
===
first = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
second = await Order.objects.select_related("customer").aget(pk=2)
return <<names(first, second)||names(second)||names(*[first])||names(*(first, second))>>
""",
    "dict dispatch": """
def count():
    return Order.objects.count()


def lazily():
    return Order.objects.all()


async def acount():
    return await Order.objects.acount()


ACTIONS = {"count": count, "lazy": lazily}
ASYNC_ACTIONS = {"count": acount}
===
return <<ACTIONS["count"]()||ACTIONS["lazy"]()||await ASYNC_ACTIONS["count"]()||ACTIONS.get("count")()||await sync_to_async(ACTIONS["count"])()||[name for name in ACTIONS]||len(ACTIONS)||[action() for action in ACTIONS.values()]||ACTIONS.get("lazy", count)()>>
""",
    "dispatch of methods": """
class Machine:
    def __init__(self):
        self.handlers = {"total": self.total, "rows": self.rows}

    def total(self):
        return Order.objects.count()

    def rows(self):
        return Order.objects.all()
===
machine = Machine()
return <<machine.handlers["total"]()||machine.handlers["rows"]()||getattr(machine, "total")()||getattr(machine, "rows")()||await sync_to_async(machine.handlers["total"])()>>
""",
    "gather of a generator": """
async def load(pk):
    order = await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
    return order.<<customer.name||status||label()||customer_id>>
===
return await asyncio.gather(*(load(pk) for pk in (1, 2)))
""",
    "gather of loaded rows": """
async def load(pk):
    return await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
===
<<orders = await asyncio.gather(*(load(pk) for pk in (1, 2)))||orders = await asyncio.gather(*[load(pk) for pk in (1, 2)])||orders = await asyncio.gather(*map(load, (1, 2)))||first, second = await asyncio.gather(load(1), load(2))
orders = [first, second]||orders = [await task for task in [asyncio.create_task(load(1))]]||orders = [await done for done in asyncio.as_completed([load(1), load(2)])]>>
return sorted(order.<<customer.name||status||label()||summary()>> for order in orders)
""",
    "task group": """
async def load(pk):
    return await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
===
async with asyncio.TaskGroup() as group:
    first = group.create_task(load(1))
    second = group.create_task(<<load(2)||asyncio.to_thread(count_orders)||sync_to_async(count_orders)()||asyncio.sleep(0, count_orders())||asyncio.sleep(0)>>)
order = first.result()
return order.<<customer.name||status||label()>>
""",
    "tasks in a list": """
async def work(order):
    return order.<<customer.name||status||customer_id>>
===
tasks = [asyncio.create_task(work(order)) async for order in Order.objects<<.all()||.select_related("customer")>>]
return await asyncio.gather(*tasks)
""",
    "wait for a helper": """
async def load(pk):
    return await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
===
order = await asyncio.wait_for(load(1), timeout=5)
return <<order.customer.name||order.status||order.summary()>>
""",
    "timeout": """
===
async with asyncio.timeout(5):
    order = <<await Order.objects.aget(pk=1)||Order.objects.get(pk=1)||await Order.objects.select_related("customer").aget(pk=1)>>
    name = order.<<customer.name||status>>
return name
""",
    "queue": """
===
queue = asyncio.Queue()
async for order in Order.objects<<.all()||.select_related("customer")>>:
    await queue.put(order)
order = await queue.get()
return <<order.pk||order.status||queue.qsize()>>
""",
    "lambda that is handed on": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
read = lambda row: row.<<customer.name||status||summary()>>
return <<read(order)||await sync_to_async(read)(order)||await sync_to_async(lambda: read(order))()||list(map(read, [order]))||[read(row) for row in [order]]||await asyncio.to_thread(read, order)>>
""",
    "lambda with thread_sensitive": """
===
return <<await sync_to_async(lambda: Order.objects.count(), thread_sensitive=True)()||await sync_to_async(Order.objects.count, thread_sensitive=False)()||await sync_to_async(thread_sensitive=True)(count_orders)()||sync_to_async(count_orders) is None||await sync_to_async(lambda rows: list(rows))(Order.objects.all())||await sync_to_async(lambda rows: rows)(Order.objects.all())||list(await sync_to_async(lambda rows: rows)(Order.objects.all()))>>
""",
    "map of a lambda": """
===
orders = [order async for order in Order.objects<<.all()||.select_related("customer")>>]
return <<list(map(lambda order: order.customer.name, orders))||list(map(lambda order: order.status, orders))||sorted(orders, key=lambda order: order.customer.name)[0].pk||max(orders, key=lambda order: order.pk).pk||list(filter(lambda order: order.customer.name, orders))[0].pk||[name for name in map(str, orders)]||sum(map(lambda order: order.customer.pk, orders))||{order.pk: order for order in sorted(orders, key=attrgetter("customer.name"))} is None||sorted(orders, key=attrgetter("pk"))[0].status>>
""",
    "map of a queryset": """
===
return <<list(map(lambda order: order.pk, Order.objects.all()))||map(lambda order: order.pk, Order.objects.all())||[pk async for pk in Order.objects.values_list("pk", flat=True)]||list(filter(None, Order.objects.all()))||dict(enumerate(Order.objects.all()))||list(zip(Order.objects.all(), [1, 2]))||{order.pk: order for order in Order.objects.all()}||sorted(Order.objects.all(), key=lambda order: order.pk)||await sync_to_async(lambda: list(map(str, Order.objects.all())))()>>
""",
    "async_to_sync in a thread": """
async def load(pk):
    order = await Order.objects.aget(pk=pk)
    return order.<<status||customer.name||customer_id>>


def work(pk):
    return async_to_sync(load)(pk)
===
return await <<sync_to_async(work)(1)||sync_to_async(lambda: work(1))()||asyncio.to_thread(work, 1)||load(1)>>
""",
    "async_to_sync on the loop": """
async def load(pk):
    return await Order.objects.aget(pk=pk)
===
try:
    order = <<async_to_sync(load)(1)||await load(1)||await sync_to_async(async_to_sync(load))(1)>>
except RuntimeError:
    return None
return order.pk
""",
    "nested comprehension": """
===
customers = [customer async for customer in Customer.objects<<.all()||.prefetch_related("orders")||.select_related("team")||.prefetch_related("orders__line_set")>>]
return <<{customer.name: [order.pk for order in customer.orders.all()] for customer in customers}||[order.status for customer in customers for order in customer.orders.all()]||{customer.pk: customer.team.name for customer in customers}||[[line.quantity for line in order.line_set.all()] for customer in customers for order in customer.orders.all()]||{customer.pk for customer in customers if customer.team_id}||[customer.name for customer in customers if customer.orders.all()]||[customer.name for customer in customers if customer.orders.exists()]>>
""",
    "f-strings": """
===
order = await Order.objects<<||.select_related("customer")||.select_related("product")>>.aget(pk=1)
return f"<<{order.customer.name}||{order.customer}||{order!r}||{order.pk:>5}||{order.customer.name!s:>10}||{order.status if order.product else 1}||{', '.join([order.customer.name])}||{order.label()} {order.customer_id}||{order.customer_id=}||{order.customer.name=}>>"
""",
    "log messages": """
log = logging.getLogger(__name__)
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
<<log.warning("order %s", order.pk)||log.warning("order %s", order.customer.name)||log.warning(f"order {order.customer}")||log.warning("order %s", order)||log.warning("rows %s", await Order.objects.acount())||log.warning("rows %s", Order.objects.count())>>
return 1
""",
    "inheritance in three levels": """
class Base:
    rows = Order.objects.all()

    def load(self):
        return self.rows.<<first()||order_by("pk")||filter(pk=1)>>


class Middle(Base):
    def load(self):
        found = super().load()
        return found


class Leaf(Middle):
    rows = Order.objects<<.select_related("customer")||.filter(status="open")>>

    async def run(self):
        return <<self.load()||await sync_to_async(self.load)()||self.rows||await self.rows.acount()||[row.customer.name async for row in self.rows]>>
===
return await Leaf().run()
""",
    "mixins in a row": """
class Counting:
    def run(self):
        return [super().run(), <<Order.objects.count()||1>>]


class Logging:
    def run(self):
        self.logged = True
        return super().run()


class Base:
    def run(self):
        return <<Customer.objects.count()||2||Customer.objects.all()>>


class Job(Logging, Counting, Base):
    pass
===
job = Job()
return <<job.run()||await sync_to_async(job.run)()||Base().run()>>
""",
    "class with __slots__": """
class Box:
    __slots__ = ("order", "total")

    def __init__(self, order):
        self.order = order
        self.total = <<0||order.line_set.count()||order.pk>>

    def name(self):
        return self.order.<<customer.name||status>>
===
box = Box(await Order.objects<<||.select_related("customer")>>.aget(pk=1))
return <<box.total||box.name()||box.order.customer_id>>
""",
    "attributes that are chained": """
class Settings:
    def __init__(self, owner):
        self.owner = owner


class App:
    def __init__(self, owner):
        self.settings = Settings(owner)

    def who(self):
        return self.settings.owner.<<team.name||name||team_id>>
===
customer = await Customer.objects<<||.select_related("team")>>.aget(pk=1)
app = App(customer)
return <<app.who()||app.settings.owner.name||app.settings.owner.team.name||app.settings.owner.orders.count()||await sync_to_async(app.who)()>>
""",
    "singleton": """
class Registry:
    _instance = None

    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    def total(self):
        return Order.objects.<<count()||all()>>
===
return <<Registry.get().total()||await sync_to_async(Registry.get().total)()||Registry.get() is None>>
""",
    "enum of actions": """
class Action(enum.Enum):
    COUNT = "count"
    LAZY = "lazy"

    def run(self):
        if self is Action.COUNT:
            return Order.objects.count()
        return Order.objects.all()

    @property
    def label(self):
        return self.value.title()
===
return <<Action.COUNT.run()||Action.LAZY.label||await sync_to_async(Action.COUNT.run)()||Action("lazy").label>>
""",
    "protocol": """
class Source(Protocol):
    def rows(self): ...


class Orders:
    def rows(self):
        return Order.objects.<<all()||count()||order_by("pk").first()>>


def use(source: Source):
    return source.rows()
===
return <<use(Orders())||await sync_to_async(use)(Orders())>>
""",
    "generic repository": """
T = TypeVar("T")


class Repository(Generic[T]):
    def __init__(self, model: type[T]):
        self.model = model

    def find(self, pk) -> "T | None":
        return self.model.objects.filter(pk=pk).first()

    async def afind(self, pk) -> "T | None":
        return await self.model.objects.filter(pk=pk).afirst()


class Orders(Repository[Order]):
    def __init__(self):
        super().__init__(Order)

    async def name(self, pk):
        order = await self.afind(pk)
        return order.<<customer.name||status||customer_id>>
===
orders = Orders()
return <<orders.find(1)||await orders.afind(1)||await orders.name(1)||await orders.name(1)||await sync_to_async(orders.find)(1)>>
""",
    "optional chaining": """
===
order = await Order.objects<<||.select_related("parent")||.select_related("product")>>.filter(pk=<<1||2>>).afirst()
return <<order and order.status||order.parent and order.parent.status||order.status if order else None||order.parent.status if order and order.parent_id else None||(order or Order()).status||getattr(order, "status", None)||order.customer and 1>>
""",
    "conditional import of a helper": """
===
from market import services

return <<services.count_orders()||services.open_orders()||await services.aload_order()||services.customer_name(await services.aload_order())||services.customer_name(await services.aload_with_customer())||await sync_to_async(services.count_orders)()||len(services.LazyReport())||services.Report().total>>
""",
    "swap and unpack": """
===
first, second = Order.objects.order_by("pk"), Customer.objects.order_by("pk")
first, second = second, first
return <<await second.aget(pk=1)||second.first()||(await second.aget(pk=1)).customer.name||(await first.aget(pk=1)).name||[*first]||(await second.aget(pk=1)).status>>
""",
    "unpacked rows": """
===
<<first, *rest = [order async for order in Order.objects.order_by("pk")]||first, *rest = Order.objects.order_by("pk")||(first, *rest) = await sync_to_async(list)(Order.objects.select_related("customer").order_by("pk"))>>
return <<first.customer.name||first.status||[order.pk for order in rest]||[order.customer.name for order in rest]>>
""",
    "dict of rows": """
===
orders = {order.pk: order async for order in Order.objects<<.all()||.select_related("customer")>>}
return <<[order.customer.name for order in orders.values()]||orders[1].status||orders[1].customer.name||{pk: order.status for pk, order in orders.items()}||orders.get(1).customer_id||list(orders)||orders.pop(1).customer.name>>
""",
    "grouped rows": """
===
groups = defaultdict(list)
async for order in Order.objects<<.all()||.select_related("customer")>>:
    groups[order.<<status||customer_id||customer.name>>].append(order)
return {key: [order.<<pk||customer.name>> for order in orders] for key, orders in sorted(groups.items(), key=str)}
""",
    "accumulated rows": """
===
found = []
async for order in Order.objects<<.all()||.select_related("customer")>>:
    found.append(order)
found.sort(key=lambda order: order.<<pk||status||customer.name>>)
return [order.<<pk||label()||customer.name>> for order in found]
""",
    "loop with else": """
===
async for order in Order.objects<<.all()||.select_related("customer")>>:
    if order.<<status||customer.name||customer_id>> == "nothing":
        break
else:
    return <<1||Order.objects.count()||await Order.objects.acount()>>
return 2
""",
    "late rebinding": """
===
rows = Order.objects.all()
names = []
for model in (Order, Customer):
    rows = model.objects.all()
    names.append(<<await rows.acount()||rows.count()||rows.model.__name__||[row.pk async for row in rows]||rows>>)
return len(names)
""",
    "closures over a queryset": """
def make(rows):
    def total():
        return rows.<<count()||filter(pk=1)||first()>>

    async def atotal():
        return await rows.acount()

    return total, atotal
===
total, atotal = make(Order.objects.all())
return <<total()||await atotal()||await sync_to_async(total)()||[total, 1] is None>>
""",
    "setattr and getattr": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
setattr(order, "note", "x")
return <<getattr(order, "customer").name||getattr(order, "customer_id")||getattr(order, "status")||order.note||[getattr(order, name) for name in ("pk", "status")]||hasattr(order, "customer")||vars(order)["status"]||getattr(order, "missing", None)>>
""",
    "del and reuse": """
===
order = await Order.objects.select_related("customer").aget(pk=1)
name = order.customer.name
del order
order = await Order.objects<<||.select_related("customer")>>.aget(pk=2)
return [name, order.<<customer.name||status||customer_id>>]
""",
    "module constants": """
OPEN = Order.objects.filter(status="open")
DEFAULT = Q(status="open")
===
return <<OPEN.count()||await OPEN.acount()||OPEN||[row.pk async for row in OPEN]||await Order.objects.filter(DEFAULT).aexists()||Order.objects.filter(DEFAULT)||Order.objects.filter(DEFAULT).exists()||OPEN.all().first()||len(OPEN.all())>>
""",
    "recursive walk": """
async def depth(order):
    if order.parent_id is None:
        return 1
    parent = <<await Order.objects.aget(pk=order.parent_id)||order.parent||await sync_to_async(lambda: order.parent)()>>
    return 1 + await depth(parent)
===
return await depth(await Order.objects.aget(pk=2))
""",
    "assert and raise": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
assert order.<<customer_id||customer||status>>, <<"none"||f"none of {order.customer}">>
if not order.<<status||customer.name>>:
    raise ValueError(order)
return order.pk
""",
    "contextvars": """
current = contextvars.ContextVar("current", default=None)


def owner():
    order = current.get()
    return order and order.<<status||customer_id>>
===
current.set(await Order.objects.aget(pk=1))
return <<owner()||current.get().status||await sync_to_async(owner)()>>
""",
    "pathological names": """
class Orders:
    def get(self, pk):
        return {"pk": pk}

    def count(self):
        return 3

    def save(self):
        return self


orders = Orders()


async def objects():
    return orders
===
return <<orders.get(1)||orders.count()||(await objects()).get(2)||orders.save().count()||(await objects()).save().get(pk=1)["pk"]>>
""",
    "mock of a manager": """
class Fake:
    def __init__(self, rows):
        self.rows = rows

    def filter(self, **kwargs):
        return Fake([row for row in self.rows])

    def first(self):
        return self.rows[0] if self.rows else None

    def __iter__(self):
        return iter(self.rows)


class Model:
    objects = Fake([1, 2])
===
return <<Model.objects.filter(a=1).first()||list(Model.objects)||[row for row in Model.objects.filter()]||Model.objects.first()>>
""",
}

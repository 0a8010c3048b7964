# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""Programs whose point is their whole shape: requests, flow through branches and loops, one helper with two callers.

``===`` separates definitions from the lines of `main`; a line that starts with ``?`` is there or not, and ``<<a||b>>`` is
one of its alternatives.
"""

from __future__ import annotations

import re

from tests.fuzz import scenes_orm, scenes_python, scenes_web
from tests.fuzz.draft import Draft

_CHOICE = re.compile("<<(.*?)>>", re.DOTALL)

_SCENES = {
    "signals": """
shipped = Signal()


def <<count(sender, **kwargs):
    return Order.objects.count()||note(sender, **kwargs):
    return 1||lazily(sender, **kwargs):
    return Order.objects.all()>>


@receiver(shipped)
async def acount(sender, **kwargs):
    return <<await Order.objects.acount()||Order.objects.count()||1>>


def total(sender, **kwargs):
    return Order.objects.count()
===
<<shipped.connect(total)||pass>>
answers = await shipped.asend(sender=Order)
return len(answers)
""",
    "signals that are sent": """
shipped = Signal()


@receiver(shipped)
def total(sender, **kwargs):
    return <<Order.objects.count()||1||Order.objects.all()>>
===
answers = <<shipped.send(sender=Order)||await shipped.asend(sender=Order)||await sync_to_async(shipped.send)(sender=Order)||shipped.has_listeners()>>
return 1
""",
    "middleware": """
class Middleware:
    async_capable = True
    sync_capable = False

    def __init__(self, get_response):
        self.get_response = get_response

    async def __call__(self, request):
        <<request.total = Order.objects.count()||request.total = await Order.objects.acount()||request.rows = Order.objects.all()||request.name = request.user.username||request.name = (await request.auser()).username>>
        return await self.get_response(request)


async def view(request):
    return HttpResponse("x")
===
return await Middleware(view)(await amake_request())
""",
    "function middleware": """
@sync_and_async_middleware
def middleware(get_response):
    if asyncio.iscoroutinefunction(get_response):

        async def inner(request):
            request.total = <<Order.objects.count()||await Order.objects.acount()||Order.objects.all()||await sync_to_async(Order.objects.count)()>>
            return await get_response(request)

    else:

        def inner(request):
            request.total = Order.objects.count()
            return get_response(request)

    return inner


async def view(request):
    return HttpResponse("x")
===
return await middleware(view)(await amake_request())
""",
    "cache with a callable": """
===
return <<await cache.aget_or_set("a", lambda: Order.objects.count())||await cache.aget_or_set("a", 1)||cache.get_or_set("a", count_orders)||await sync_to_async(cache.get_or_set)("a", count_orders)||await cache.aget_or_set("a", await Order.objects.acount())||await cache.aset("a", Order.objects.count())||await cache.aset("a", await Order.objects.acount())||await cache.aset("a", Order.objects.all())>>
""",
    "lazy objects": """
===
lazily = SimpleLazyObject(lambda: Order.objects.get(pk=1))
return <<lazily.pk||1||lazily is None||str(lazily)||await sync_to_async(lambda: lazily.pk)()||lazily.status>>
""",
    "__aiter__ and __anext__": """
class Rows:
    def __init__(self, rows):
        self.rows = rows
        self.left = 2

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.left -= 1
        if self.left < 0:
            raise StopAsyncIteration
        return <<await self.rows.afirst()||self.rows.first()||self.rows.all()||await sync_to_async(self.rows.first)()>>
===
return [row async for row in Rows(Order.objects.order_by("pk"))]
""",
    "class attributes that are bridges": """
class Store:
    def read(self):
        return Order.objects.count()

    def lazy(self):
        return Order.objects.all()

    aread = sync_to_async(read)
    alazy = sync_to_async(lazy)
===
store = Store()
return <<await store.aread()||store.read()||await store.alazy()||list(await store.alazy())||[row async for row in await store.alazy()]||store.lazy()>>
""",
    "iterator bridge": """
aiter_rows = sync_to_async(list)


async def in_batches(rows, size):
    found = []
    for start in range(0, <<rows.count()||await rows.acount()||4>>, size):
        found += <<await aiter_rows(rows[start : start + size])||[row async for row in rows[start : start + size]]||list(rows[start : start + size])>>
    return found
===
return await in_batches(Order.objects.order_by("pk"), 2)
""",
    "repository": """
class Repository:
    model = None

    def all(self):
        return self.model.objects.<<all()||order_by("pk")>>

    def get(self, pk):
        return self.all().get(pk=pk)

    async def aget(self, pk):
        return await self.all().aget(pk=pk)


class Orders(Repository):
    model = Order

    def all(self):
        return super().all()<<||.select_related("customer")>>
===
orders = Orders()
return <<orders.get(1)||await orders.aget(1)||(await orders.aget(1)).customer.name||orders.all()||orders.all().exists()||await sync_to_async(orders.get)(1)||[order.customer.name async for order in orders.all()]||(await sync_to_async(orders.get)(1)).customer.name>>
""",
    "serializer": """
class Serializer:
    fields = ["pk"]

    def __init__(self, instance=None, many=False):
        self.instance = instance
        self.many = many

    @property
    def data(self):
        if self.many:
            return [self.one(row) for row in self.instance]
        return self.one(self.instance)

    def one(self, row):
        return {"pk": row.pk}


class OrderSerializer(Serializer):
    def one(self, row):
        return {**super().one(row), "customer": <<row.customer.name||row.customer_id||row.summary()||row.status>>}
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
return <<OrderSerializer(order).data||await sync_to_async(lambda: OrderSerializer(order).data)()||OrderSerializer(order)||OrderSerializer([order], many=True).data||OrderSerializer(Order.objects.select_related("customer"), many=True).data>>
""",
    "exports that wait": """
async def export(rows):
    lines = []
    async for row in rows:
        lines.append(<<f"{row}"||str(row.pk)||row.label()||row.summary()||f"{row.customer}"||row.customer_name>>)
    return ",".join(lines)
===
return await export(Order.objects<<.all()||.select_related("customer")||.filter(status="open").with_customer()>>)
""",
    "chosen by a flag": """
async def load(pk, deep=False):
    rows = Order.objects.all()
    if deep:
        rows = rows.select_related("customer")
    return await rows.aget(pk=pk)
===
order = await load(1<<||, deep=True>>)
return <<order.status||order.customer_id||order.label()>>
""",
    "errors": """
class NotThere(Exception):
    def __init__(self, order):
        super().__init__(<<f"no {order.customer}"||f"no {order.pk}"||order.summary()>>)
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
try:
    raise NotThere(order)
except NotThere as error:
    return str(error)
""",
    "enumerated in parallel": """
async def one(pk):
    order = await Order.objects.<<select_related("customer").aget(pk=pk)||aget(pk=pk)>>
    return await asyncio.to_thread(<<order.summary||lambda: order.customer.name||order.label>>)
===
return await asyncio.gather(*[one(pk) for pk in (1, 2)])
""",
    "bridge misused": """
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
return <<await sync_to_async(order.customer.initial)()||await sync_to_async(lambda: order.customer.initial())()||await sync_to_async(order.summary)()||await asyncio.to_thread(order.customer.rename, "x")||await sync_to_async(order.line_set.count)()||await sync_to_async(order.customer.orders.count)()||await sync_to_async(list)(order.customer.orders.all())||await sync_to_async(print)(order.customer)||await sync_to_async(identity)(order)>>
""",
    "request.user": """
async def view(request<<||: HttpRequest>>):
    <<user = request.user||request.user||user = await request.auser()||request.user.pk||request.user.is_authenticated>>
?    await request.auser()
    return <<1||request.user.username||request.user.is_authenticated||bool(request.user)||request.user.pk||(await request.auser()).username||(await request.auser()).team.name||(await request.auser()).team_id||request.user.team||await Order.objects.filter(editor=request.user).acount()||(await request.auser()).has_perm("market.add_order")||await sync_to_async(lambda: request.user.username)()||str(request.user)>>
===
return await view(await amake_request())
""",
    "request.user, one access": """
async def view(request<<||: HttpRequest>>):
    return <<request.user.username||request.user.is_authenticated||bool(request.user)||request.user.pk||(await request.auser()).username||(await request.auser()).team.name||await Order.objects.filter(editor=request.user).acount()||await Order.objects.filter(editor_id=request.user.pk).acount()||await Order.objects.filter(editor=await request.auser()).acount()||await sync_to_async(lambda: request.user.username)()||str(request.user)||f"{request.user}"||request.user == 1||hasattr(request.user, "pk")||request.user is None||identity(request.user) is None||JsonResponse({"name": request.user.username})||HttpResponse("x")||request.user.groups.all()>>
===
return await view(await amake_request())
""",
    "request.session": """
async def view(request<<||: HttpRequest>>):
?    await request.session.aget("cart")
    return <<request.session["cart"]||request.session.get("cart")||"cart" in request.session||request.session.session_key||await request.session.aget("cart")||request.session.keys()||request.session.setdefault("cart", 1)||request.session.pop("cart", None)||request.session.set_expiry(60)||await sync_to_async(lambda: request.session["cart"])()||await sync_to_async(request.session.get)("cart")||request.session.is_empty()||request.session.flush()||await request.session.aflush()||request.session.save()||await request.session.asave()||request.session.cycle_key()||list(request.session.items())>>
===
return await view(await amake_request())
""",
    "session writes": """
async def view(request: HttpRequest):
    <<request.session["a"] = 1||await request.session.aset("a", 1)||request.session.modified = True||del request.session["cart"]||request.session["cart"] += [3]||request.session.update({"a": 1})>>
    return <<1||request.session.modified||await request.session.aget("cart")>>
===
return await view(await amake_request())
""",
    "permissions": """
async def view(request):
    user = <<await request.auser()||await Member.objects.aget(pk=2)||request.user>>
    return <<user.has_perm("market.add_order")||user.has_perms(["market.add_order"])||user.has_module_perms("market")||user.get_all_permissions()||user.is_superuser||await sync_to_async(user.has_perm)("market.add_order")||user.get_username()>>
===
return await view(await amake_request())
""",
    "class-based view": """
class Page(View):
    def get_queryset(self):
        return Order.objects<<.all()||.select_related("customer")||.filter(status="open")>>

    def rows(self):
        return <<list(self.get_queryset())||self.get_queryset()||self.get_queryset().count()||[row.pk for row in self.get_queryset()]>>

    async def get(self, request):
        <<rows = self.rows()||rows = await sync_to_async(self.rows)()||rows = [row async for row in self.get_queryset()]||rows = [row.customer.name async for row in self.get_queryset()]||rows = self.get_queryset()||rows = await self.get_queryset().acount()||rows = self.get_queryset().exists()>>
        return HttpResponse("x")
===
return await Page.as_view()(await amake_request())
""",
    "set-up of a view": """
class Page(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.orders = Order.objects<<.all()||.filter(status="open")>>

    async def get(self, request, pk=1):
        self.customer = await Customer.objects<<.aget(pk=pk)||.select_related("team").aget(pk=pk)>>
        return self.respond()

    def respond(self):
        return HttpResponse(<<self.customer.name||self.customer.team.name||self.customer.team_id||len(self.orders)||self.customer.orders.count()>>)
===
return await Page.as_view()(await amake_request())
""",
    "response from a template": """
async def view(request):
    rows = Order.objects.all()
    return <<TemplateResponse(request, "orders.html", {"rows": rows})||JsonResponse({"n": await rows.acount()})||JsonResponse({"n": rows.count()})||JsonResponse(list(rows.values("pk")), safe=False)||JsonResponse([pk async for pk in rows.values_list("pk", flat=True)], safe=False)||HttpResponse(rows)||HttpResponse(str(rows.query))>>
===
await view(await amake_request())
return 1
""",
    "two callers, two fetches": """
def describe(order<<||: Order>>):
    return <<order.customer.name||order.summary()||order.customer_name||f"{order.customer}">>
===
good = await Order.objects.select_related("customer").aget(pk=1)
bad = await Order.objects.aget(pk=2)
first = <<describe(good)||describe(good)||describe(good)||describe(bad)>>
second = <<describe(bad)||await sync_to_async(describe)(bad)||describe(good)>>
return [first, second]
""",
    "needs through two calls": """
def inner(order<<||: Order>>):
    return <<order.customer.team.name||order.customer.name||order.customer.team_id||order.product.name>>


def outer(order):
    return [inner(order)]
===
order = await Order.objects<<||.select_related("customer")||.select_related("customer__team")||.select_related("product")||.select_related("customer__team", "product")>>.aget(pk=1)
return outer(order)
""",
    "needs of an async helper": """
async def work(order<<||: Order>>):
    return <<order.customer.name||order.customer_id||order.customer.team.name||order.summary()||order.product.name||order.label()>>


async def load(pk):
    return await Order.objects<<||.select_related("customer")||.select_related("customer__team")||.only("status")||.defer("created")>>.aget(pk=pk)
===
order = await load(1)
return await work(order)
""",
    "needs of rows in a list": """
def names(orders):
    return <<[order.customer.name for order in orders]||[order.customer_id for order in orders]||[order.summary() for order in orders]||sorted(order.customer.name for order in orders)>>
===
orders = [order async for order in Order.objects<<||.select_related("customer")||.all()||.select_related("customer").filter(pk=1)||.prefetch_related("customer")>>.all()]
return names(orders)
""",
    "needs of a queryset's rows": """
async def names(orders<<||: QuerySet[Order]>>):
    result = []
    async for order in orders:
        result.append(<<order.customer.name||order.customer_id||order.summary()||order.label()||order.editor_name()>>)
    return result
===
return await names(Order.objects<<||.select_related("customer")||.select_related("editor")||.select_related("customer", "editor")||.all()||.prefetch_related("customer")||.with_customer()>>.all())
""",
    "attributes of a service": """
class Service:
    def __init__(self, order):
        self.order = order

    async def run(self):
        return <<self.order.customer.name||self.order.customer_id||self.name()||self.name_of_team()||self.label||await sync_to_async(self.name)()>>

    def name(self):
        return self.order.customer.name

    def name_of_team(self):
        return self.order.customer.team.name

    @property
    def label(self):
        return <<self.order.customer.name||self.order.status>>
===
order = await Order.objects<<||.select_related("customer")||.select_related("customer__team")>>.aget(pk=1)
return await Service(order).run()
""",
    "attribute that is set later": """
class Service:
    def __init__(self, pk):
        self.pk = pk
        self.order = None

    async def load(self):
        self.order = await Order.objects<<||.select_related("customer")>>.aget(pk=self.pk)

    async def run(self):
        await self.load()
        return <<self.order.customer.name||self.order.status||self.order.label()>>
===
return await Service(1).run()
""",
    "lazy service": """
class Service:
    def __init__(self, status):
        self.rows = Order.objects.filter(status=status)

    def narrow(self, pk):
        self.rows = self.rows.filter(pk=pk)
        return self

    def total(self):
        return <<self.rows.count()||self.rows||len(self.rows)||self.rows.query is not None>>

    async def run(self):
        return <<self.total()||self.narrow(1).total()||await self.rows.acount()||await sync_to_async(self.total)()||self.narrow(1).rows.exists()||self.narrow(1).rows||self.narrow(1) is self>>
===
return await Service("open").run()
""",
    "memoised": """
_known = None


def total():
    global _known
    if _known is None:
        _known = <<Order.objects.count()||Order.objects.all()||3>>
    return _known
===
?await sync_to_async(total)()
return total()
""",
    "lru_cache": """
@functools.lru_cache
def total():
    return <<Order.objects.count()||Order.objects.all()||3>>
===
return <<total()||await sync_to_async(total)()||total.cache_info().hits>>
""",
    "branches of the same helper": """
def total(deep=<<True||False>>):
    rows = Order.objects.all()
    if deep:
        return rows.<<count()||exists()>>
    return rows
===
return <<total(True)||total(deep=True)||await sync_to_async(total)(True)>>
""",
    "isinstance": """
async def name(thing: "Order | Customer"):
    if isinstance(thing, Order):
        return <<thing.customer.name||thing.customer_id||thing.status>>
    return <<thing.name||thing.team_id||thing.email>>
===
return await name(await <<Order.objects.aget(pk=1)||Order.objects.select_related("customer").aget(pk=1)>>)
""",
    "optional": """
async def name(order: "Order | None" = None):
    if order is None:
        return "none"
    return <<order.customer.name||order.customer_id||order.label()>>
===
return await name(await Order.objects<<||.select_related("customer")>>.filter(pk=1).afirst())
""",
    "reused variable": """
===
order = <<1||Customer.objects||None>>
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
name = order.<<customer.name||status||customer_id>>
order = <<{}||[1]>>
order.<<copy()||copy()>>
return name
""",
    "loop that changes the queryset": """
===
rows = Order.objects.all()
for field in ["pk", "status"]:
    rows = rows.order_by(field)
return <<rows.count()||[row.pk async for row in rows]||rows||await rows.acount()||len(rows)>>
""",
    "prefetch to an attribute": """
===
customer = await Customer.objects.prefetch_related(Prefetch("orders", queryset=Order.objects<<.filter(status="open")||.select_related("product").filter(status="open")>>, to_attr="open_list")).aget(pk=1)
return <<[order.pk for order in customer.open_list]||len(customer.open_list)||customer.open_list[0].product.name||customer.open_list[0].customer.name||customer.orders.count()||[order.pk for order in customer.orders.all()]>>
""",
    "prefetched": """
===
customer = await Customer.objects.prefetch_related(<<"orders"||"orders__line_set"||Prefetch("orders", queryset=Order.objects.filter(status="open"))>>).aget(pk=1)
return <<[order.pk for order in customer.orders.all()]||customer.orders.count()||customer.orders.filter(pk=1).exists()||len(customer.orders.all())||[order.customer.name for order in customer.orders.all()]||[order.product_id for order in customer.orders.all()]||[len(order.line_set.all()) for order in customer.orders.all()]||customer.orders.first()||list(customer.orders.order_by("pk"))||customer.orders.all()[0].pk||bool(customer.orders.all())||customer.orders.exists()||[order.editor.username for order in customer.orders.all()]>>
""",
    "prefetched in a loop": """
===
out = []
async for customer in Customer.objects<<.all()||.prefetch_related("orders")||.prefetch_related("orders", "orders__line_set")||.select_related("team")>>:
    out.append(<<customer.orders.count()||[order.pk for order in customer.orders.all()]||len(customer.orders.all())||customer.team.name||customer.team_id||await customer.orders.acount()||[order.pk async for order in customer.orders.all()]||[line.pk for order in customer.orders.all() for line in order.line_set.all()]>>)
return out
""",
    "nested comprehensions": """
===
return <<[line.quantity async for order in Order.objects.all() for line in order.line_set.all()]||[line.quantity async for order in Order.objects.all() async for line in order.line_set.all()]||[line.quantity async for order in Order.objects.prefetch_related("line_set") for line in order.line_set.all()]||[[line.pk for line in order.line_set.all()] async for order in Order.objects.all()]||[[line.pk async for line in order.line_set.all()] async for order in Order.objects.all()]||{order.pk: order.customer.name async for order in Order.objects.all()}||{order.pk: order.customer.name async for order in Order.objects.select_related("customer")}||{order.customer_id async for order in Order.objects.all()}||[order async for order in Order.objects.all() if order.customer.name]||[order async for order in Order.objects.all() if order.customer_id]||[order async for order in Order.objects.select_related("customer") if order.customer.name]>>
""",
    "async generators": """
async def rows():
    async for order in Order.objects<<.all()||.select_related("customer")||.order_by("pk").select_related("customer__team")>>:
        yield <<order||order||order.customer.name||order.customer_id>>
===
return <<[str(row) async for row in rows()]||[row async for row in rows()]||[getattr(row, "pk", 0) async for row in rows()]>>
""",
    "rows of an async generator": """
async def rows():
    async for order in Order.objects<<.all()||.select_related("customer")||.prefetch_related("line_set")>>:
        yield order
===
out = []
async for row in rows():
    out.append(<<row.customer.name||row.customer_id||row.summary()||row.line_total()||row.label()>>)
return out
""",
    "aiterator": """
===
out = []
async for row in Order.objects<<.all()||.select_related("customer")>>.aiterator():
    out.append(<<row.customer.name||row.pk||row.summary()>>)
return out
""",
    "values": """
===
out = []
async for row in Order.objects.<<values("pk", "customer__name")||values_list("pk", "customer__name")||values("pk", "customer")>>:
    out.append(<<len(row)||len(row)||str(row)||list(row)||bool(row)>>)
return out
""",
    "in_bulk": """
===
rows = await Order.objects<<||.select_related("customer")>>.ain_bulk([1, 2])
return <<[row.customer.name for row in rows.values()]||rows[1].customer.name||rows[1].status||[row.customer_id for row in rows.values()]||rows.get(1).customer.name||[row.summary() for pk, row in rows.items()]||len(rows)>>
""",
    "get_or_create": """
===
order, made = await Order.objects<<||.select_related("customer")>>.aget_or_create(pk=1, defaults={"customer_id": 1})
return <<order.customer.name||made||order.status||order.label()||order.customer_id>>
""",
    "gather": """
async def load(pk):
    return await Order.objects<<||.select_related("customer")>>.aget(pk=pk)
===
orders = await asyncio.gather(load(1), load(2))
return <<[order.customer.name for order in orders]||[order.pk for order in orders]||orders[0].summary()>>
""",
    "task group of helpers": """
async def work(order):
    return <<order.customer.name||order.status||await sync_to_async(lambda: order.customer.name)()>>
===
out = []
async for order in Order.objects<<.all()||.select_related("customer")>>:
    out.append(asyncio.create_task(work(order)))
return await asyncio.gather(*out)
""",
    "decorated coroutine function": """
def counting(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        <<total = Order.objects.count()||total = await Order.objects.acount()||total = Order.objects.all()>>
        return await function(*args, **kwargs)

    return wrapper


@counting
async def work(pk):
    order = await Order.objects.aget(pk=pk)
    return <<order.status||order.status||order.customer.name>>
===
return await work(1)
""",
    "own bridge": """
def bridge(function):
    async def wrapper(*args, **kwargs):
        return await <<sync_to_async(function)(*args, **kwargs)||asyncio.to_thread(function, *args, **kwargs)||asyncio.get_running_loop().run_in_executor(None, functools.partial(function, *args, **kwargs))||sync_to_async(function, thread_sensitive=False)(*args, **kwargs)>>

    return wrapper


<<@bridge||@bridge||@sync_to_async>>
def total(status):
    return Order.objects.filter(status=status).count()
===
return await total(<<"open"||Order.objects.order_by("pk").first().status||(await Order.objects.order_by("pk").afirst()).status>>)
""",
    "not a bridge": """
def pretend(function):
    async def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@pretend
def total(status):
    return <<Order.objects.filter(status=status).count()||Order.objects.filter(status=status)||status>>
===
return await total("open")
""",
    "alias of a bridge": """
<<to_async = sync_to_async||to_async = functools.partial(sync_to_async, thread_sensitive=True)||to_async = in_thread>>
count = to_async(count_orders)
===
return <<await count()||await to_async(first_order)()||count_orders()||await to_async(lambda: Order.objects.count())()>>
""",
    "bridged method": """
class Store:
    @sync_to_async
    def total(self):
        return self.rows().count()

    def rows(self):
        return Order.objects.all()

    def first(self):
        return self.rows().first()

    afirst = sync_to_async(first)
===
store = Store()
return <<await store.total()||store.rows()||store.rows().count()||store.first()||await store.afirst()||await sync_to_async(store.first)()||len(store.rows())>>
""",
    "manager overrides": """
===
line = <<await Line.objects.acreate(order_id=1, product_id=1)||Line.objects.create(order_id=1, product_id=1)||await sync_to_async(Line.objects.create)(order_id=1, product_id=1)||Line.objects.biggest()||await sync_to_async(Line.objects.biggest)()||await Line.objects.big().order_by("pk").afirst()||Line.objects.big().order_by("pk").first()>>
return line.quantity
""",
    "save overrides": """
===
voucher = <<await Voucher.objects.aget(pk=1)||Voucher(code="B", number=5)||await Voucher.objects.acreate(code="C", number=6)>>
<<voucher.save()||await voucher.asave()||await sync_to_async(voucher.save)()||voucher.code = "D">>
return <<voucher.pk||1 if voucher else 2||voucher.code>>
""",
    "atomic": """
===
<<with transaction.atomic():||async with AsyncScope():||with uncounted():>>
    order = <<await Order.objects.aget(pk=1)||Order(pk=1, status="a", customer_id=1)>>
    order.status = "x"
    <<await order.asave()||order.save()||order.label()>>
return order.status
""",
    "atomic decorator": """
@transaction.atomic
def work(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    order.save()
    return order.pk
===
return <<work(1)||await sync_to_async(work)(1)||await asyncio.to_thread(work, 1)>>
""",
    "atomic coroutine function": """
@transaction.atomic
async def work(pk):
    return await Order.objects.aget(pk=pk)
===
return await work(1)
""",
    "forms": """
class TagForm(ModelForm):
    class Meta:
        model = Tag
        fields = ["name"]


class OrderForm(ModelForm):
    class Meta:
        model = Order
        fields = ["customer", "status"]


class CustomerForm(ModelForm):
    class Meta:
        model = Customer
        fields = ["name", "email"]
===
form = <<TagForm({"name": "x"})||OrderForm({"customer": 1, "status": "x"})||CustomerForm({"name": "x", "email": "x@example.com"})>>
return <<form.is_valid()||1||await sync_to_async(form.is_valid)()||form.errors||await sync_to_async(form.save)()||form.save()>>
""",
    "generic relation": """
===
customer = await Customer.objects.aget(pk=1)
?await sync_to_async(ContentType.objects.get_for_model)(Customer)
return <<customer.notes||customer.notes.all()||await customer.notes.acount()||[note.text async for note in customer.notes.all()]||customer.notes.count()||await sync_to_async(lambda: customer.notes.count())()||await Note.objects.filter(object_id=customer.pk).acount()||Note(text="x", target=customer).text||Note(text="x", object_id=1).text>>
""",
    "many-to-many": """
===
product = await Product.objects<<||.prefetch_related("tags")>>.aget(pk=1)
?await product.tags.aadd(2)
return <<product.tags.all()||[tag.name for tag in product.tags.all()]||product.tags.count()||product.tags.add(2)||product.tags.add()||await product.tags.acount()||product.tags.remove(1)||product.tags.set([])||product.tags.clear()||product.tag_names()||product.tags.filter(pk=1)||[tag.name async for tag in product.tags.all()]||product.tags.through.objects.all()>>
""",
    "multi-table inheritance": """
===
<<gadget = await Gadget.objects.aget(pk=4)||gadget = await Gadget.objects.select_related("maker").aget(pk=4)||gadget = await Gadget.objects.only("voltage").aget(pk=4)>>
return <<gadget.maker.name||gadget.name||gadget.voltage||gadget.product_ptr_id||gadget.product_ptr.name||gadget.maker_name()||gadget.tags.all()||gadget.tags.count()||str(gadget)>>
""",
    "child of a parent": """
===
product = await Product.objects<<||.select_related("gadget")>>.aget(pk=4)
return <<product.gadget.voltage||hasattr(product, "gadget")||product.name||product.gadget.maker.name>>
""",
    "proxy": """
===
order = await OpenOrder.objects<<||.select_related("customer")>>.aget(pk=1)
<<order.close()||await sync_to_async(order.close)()||order.label()||order.customer.name||order.customer_id>>
return order.status
""",
    "deferred": """
===
order = await Order.objects<<.only("status")||.defer("status")||.only("pk")||.only("customer", "status")||.select_related("customer").only("status", "customer__name")||.select_related("customer").defer("customer__name")||.defer(None)>>.aget(pk=1)
return <<order.status||order.customer_id||order.label()||order.pk||order.customer.name||order.is_open()||order.created||str(order)>>
""",
    "refreshed": """
===
order = await Order.objects.select_related("customer").aget(pk=1)
<<await order.arefresh_from_db()||await order.arefresh_from_db(fields=["status"])||await order.asave()||order.status = "x"||order.customer_id = 1||order.customer_id = 2||order.customer = await Customer.objects.aget(pk=2)>>
return <<order.customer.name||order.status||order.customer_id>>
""",
    "default that queries": """
===
voucher = <<Voucher(code="x")||Voucher(code="x", number=3)||await Voucher.objects.acreate(code="x")||await sync_to_async(Voucher)(code="x")||Voucher(number=1)>>
return voucher.number
""",
    "cached property": """
===
customer = await Customer.objects<<||.select_related("team")>>.aget(pk=1)
?await sync_to_async(lambda: customer.team_label)()
return <<customer.team_label||customer.team_id||f"{customer.team_label}">>
""",
    "callbacks by name": """
HANDLERS = {
    "count": lambda: Order.objects.count(),
    "lazy": lambda: Order.objects.all(),
    "key": lambda: 1,
}
===
return HANDLERS<<["count"]||["lazy"]||["key"]||.get("count")||.get("lazy")>>()
""",
    "registry": """
HANDLERS = {}


def register(function):
    HANDLERS[function.__name__] = function
    return function


@register
def total():
    return <<Order.objects.count()||Order.objects.all()||1>>
===
return total()
""",
    "context managers": """
===
with <<Progress()||Closing()||counted()||uncounted()||nullcontext()>> as value:
    pass
return 1
""",
    "async context managers": """
class Scope:
    def __init__(self, status):
        self.rows = Order.objects.filter(status=status)

    async def __aenter__(self):
        self.total = <<self.rows.count()||await self.rows.acount()||self.rows>>
        return self

    async def __aexit__(self, *error):
        <<pass||pass||self.rows.update(status="x")||await self.rows.aupdate(status="x")>>
===
async with Scope("open") as scope:
    pass
return 1
""",
    "exit stack": """
===
with contextlib.ExitStack() as stack:
    <<stack.enter_context(Progress())||stack.enter_context(uncounted())||stack.callback(print)||stack.callback(count_orders)>>
return 1
""",
    "iteration protocol": """
class Pages:
    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        <<yield from self.rows||return iter([1, 2])||return iter(self.rows)||for row in self.rows:
            yield row>>

    async def __aiter__(self):
        async for row in self.rows:
            yield row
===
pages = Pages(Order.objects.all())
return <<[row for row in pages]||[row async for row in pages]||list(pages)||pages.rows||await sync_to_async(list)(pages)>>
""",
    "default factory": """
@dataclass
class Box:
    rows: "QuerySet[Order]" = dataclasses.field(default_factory=<<Order.objects.all||list>>)
    total: int = dataclasses.field(default_factory=<<Order.objects.count||int>>)
===
return Box().total
""",
    "late binding": """
===
rows = None

def read():
    return <<rows.count()||rows>>

rows = Order.objects.all()
return <<read()||await sync_to_async(read)()||read>>
""",
    "nonlocal": """
===
total = 0

def count():
    nonlocal total
    total += <<Order.objects.count()||1>>

<<count()||await sync_to_async(count)()||count>>
return total
""",
    "early exit": """
async def work(pk):
    order = await Order.objects.filter(pk=pk).afirst()
    if order is None:
        return Order.objects<<.all()||.none()>>
    <<return order.status||return order.customer.name||return order.customer_id>>
===
return await work(1)
""",
    "while": """
===
pending = Order.objects.filter(status="open")
out = 0
while <<await pending.aexists()||pending.exists()||pending||out < 2>>:
    out += 1
    await pending.aupdate(status="closed")
    pending = pending.all()
return out
""",
    "threads": """
===
with ThreadPoolExecutor(max_workers=1) as pool:
    out = <<pool.submit(count_orders).result()||list(pool.map(lambda pk: Order.objects.get(pk=pk).pk, [1, 2]))||pool.submit(identity, count_orders()).result()||await asyncio.get_running_loop().run_in_executor(pool, count_orders)||await asyncio.wrap_future(pool.submit(count_orders))>>
return out
""",
    "str of a model in messages": """
===
badge = await Badge.objects<<||.select_related("customer")>>.aget(pk=1)
return <<str(badge)||f"{badge}"||badge.label||"badge: %s" % badge||"badge: {}".format(badge)||repr(badge)||badge.customer_id||f"{badge.pk}"||f"{badge.label}"||" ".join([str(badge)])||print(badge)||badge.customer.name>>
""",
    "bool and len of a model": """
===
product = await Product.objects<<||.filter(pk=1)>>.afirst()
<<if product:||if product is not None:||if not product:||if product and product.name:||while product:>>
    return <<product.name||product.pk>>
return 0
""",
    "get_object_or_404": """
===
order = <<await aget_object_or_404(Order, pk=1)||await aget_object_or_404(Order.objects.select_related("customer"), pk=1)||get_object_or_404(Order, pk=1)||await sync_to_async(get_object_or_404)(Order, pk=1)>>
return <<order.customer.name||order.status||order.label()>>
""",
    "staticmethod factory": """
class Factory:
    @staticmethod
    def make(kind):
        return Order.objects<<.all()||.filter(status=kind)>>

    @classmethod
    def total(cls, kind):
        return cls.make(kind)<<.count()||||.exists()>>
===
return <<Factory.total("open")||Factory.make("open")||await sync_to_async(Factory.total)("open")||await Factory.make("open").acount()>>
""",
    "abstract hooks": """
class Base:
    async def run(self):
        return self.step()

    def step(self):
        raise NotImplementedError


class Counting(Base):
    def step(self):
        return <<Order.objects.count()||Order.objects.all()||1>>
===
return await Counting().run()
""",
    "two subclasses, one that queries": """
class Base:
    def step(self):
        raise NotImplementedError


class Counting(Base):
    def step(self):
        return Order.objects.count()


class Quiet(Base):
    def step(self):
        return 1
===
return <<Counting().step()||Quiet().step()||Quiet().step()||await sync_to_async(Counting().step)()>>
""",
    "__init_subclass__": """
class Base:
    def __init_subclass__(cls, **kwargs):
        cls.total = <<Order.objects.count()||Order.objects.all()||1>>
===
class Local(Base):
    pass

return 1
""",
    "what only looks like a query": """
class Cache:
    def __init__(self):
        self.data = {}

    def get(self, key):
        return self.data.get(key)

    def filter(self, **kwargs):
        return self

    def first(self):
        return None

    @property
    def objects(self):
        return self
===
cache = Cache()
return <<cache.objects.filter(a=1).first()||cache.objects.get("a")||cache.filter().get("a")||cache.data.get("a")||Basket().filter(a=1).all()||[Basket()][0].first()>>
""",
    "query in a worker's callback": """
===
loop = asyncio.get_running_loop()
done = loop.create_future()

def work():
    return <<Order.objects.count()||1>>

def finished(task):
    done.set_result(1)

task = asyncio.ensure_future(asyncio.to_thread(work))
task.add_done_callback(finished)
await done
return await task
""",
    "stream": """
async def rows():
    async for order in Order.objects.all():
        yield <<order.label()||order.customer.name||order.status>>
===
response = StreamingHttpResponse(rows())
return [part async for part in response.streaming_content]
""",
}

_ALL = {
    **_SCENES,
    **{f"web: {name}": text for name, text in scenes_web.SCENES.items()},
    **{f"orm: {name}": text for name, text in scenes_orm.SCENES.items()},
    **{f"python: {name}": text for name, text in scenes_python.SCENES.items()},
}

# What can't be known, and why.
UNDECIDABLE = {
    "callback by a computed name": (
        "the key is computed",
        """
HANDLERS = {"count": lambda: Order.objects.count(), "lazy": lambda: Order.objects.all()}
===
key = "".join(["co", "unt"])
return HANDLERS[key]()
""",
    ),
    "attribute by a computed name": (
        "the attribute is computed",
        """
===
order = await Order.objects.aget(pk=1)
return getattr(order, "cust" + "omer").name
""",
    ),
    "null relation": (
        "the row's key is null",
        """
===
order = await Order.objects.aget(pk=1)
return order.parent
""",
    ),
    "rows that decide": (
        "the database decides",
        """
===
if await Order.objects.acount() > 100:
    return Order.objects.count()
return 0
""",
    ),
}

# What has filled a cache of the process by the time: in a program it is seen, in a project it is chance.
_WARM = {
    "await sync_to_async(ContentType.objects.get_for_model)(Customer)": "the content types' cache decides",
    "await sync_to_async(total)()\nreturn total()": "the module's cache decides",
    "order.customer_id = 1\n": "whether the key is another one decides",
}


def _chosen(draft: Draft, text: str) -> str:
    kept = [line for line in text.split("\n") if not line.startswith("?") or draft.random.random() < 0.5]
    text = "\n".join(line.removeprefix("?") for line in kept)
    return _CHOICE.sub(lambda found: draft.random.choice(found[1].split("||")), text)


def names() -> list[str]:
    """All scenes."""
    return [*_ALL, *UNDECIDABLE]


def scene(draft: Draft, name: str) -> list[str]:
    """The lines of `main` of one variant; its definitions go into the draft."""
    if name in UNDECIDABLE:
        draft.undecidable, text = UNDECIDABLE[name]
    else:
        text = _ALL[name]
    definitions, _, main = _chosen(draft, text).partition("===\n")
    for line, reason in _WARM.items():
        if line in main:
            draft.undecidable = reason
    if definitions.strip():
        draft.top.append(definitions.strip("\n"))
    return main.strip("\n").split("\n")

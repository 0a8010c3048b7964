# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""Scenes around requests: views and their mixins, middleware, forms, paginators, templates, sessions, caches, signals."""

from __future__ import annotations

SCENES = {
    "view with a mixin": """
class OwnerMixin:
    def get_queryset(self):
        return super().get_queryset()<<.select_related("customer")||.filter(status="open")||>>

    def owner(self, order):
        return order.<<customer.name||customer_id||label()>>


class Base(View):
    def get_queryset(self):
        return Order.objects.order_by("pk")


class Page(OwnerMixin, Base):
    async def get(self, request):
        order = <<await self.get_queryset().afirst()||await self.get_queryset().afirst()||self.get_queryset().first()||await sync_to_async(self.get_queryset().first)()>>
        return JsonResponse({"owner": self.owner(order)})
===
return await Page.as_view()(await amake_request())
""",
    "view with a dispatch of its own": """
class Loading:
    async def dispatch(self, request, *args, **kwargs):
        self.order = <<await Order.objects.aget(pk=1)||await Order.objects.select_related("customer").aget(pk=1)||Order.objects.get(pk=1)||await aget_object_or_404(Order, pk=1)>>
        return await super().dispatch(request, *args, **kwargs)


class Page(Loading, View):
    async def get(self, request, *args, **kwargs):
        return HttpResponse(self.order.<<customer.name||status||summary()>>)
===
return await Page.as_view()(await amake_request())
""",
    "view with keyword arguments": """
class Page(View):
    model = Order

    def get_object(self):
        return self.model.objects.<<get||filter>>(pk=self.kwargs["pk"])

    async def get(self, request, **kwargs):
        order = <<self.get_object()||await sync_to_async(self.get_object)()||await self.model.objects.aget(pk=self.kwargs["pk"])>>
        return HttpResponse("x" if order is not None else "y")
===
return await Page.as_view()(await amake_request(), pk=1)
""",
    "post of a form": """
class NoteForm(forms.Form):
    name = forms.CharField()

    def clean_name(self):
        name = self.cleaned_data["name"]
        <<pass||Customer.objects.filter(name=name).exists()||Customer.objects.filter(name=name)>>
        return name


async def view(request):
    form = NoteForm({"name": "Ada"})
    if <<form.is_valid()||await sync_to_async(form.is_valid)()||form.is_bound>>:
        return HttpResponse("valid")
    return HttpResponse("not")
===
return await view(await amake_request())
""",
    "form with choices from the database": """
class PickForm(forms.Form):
    <<customer = forms.ModelChoiceField(queryset=Customer.objects.all())||customer = forms.IntegerField()>>
===
form = PickForm({"customer": 1})
return <<form.is_valid()||await sync_to_async(form.is_valid)()||form.is_bound||str(form)||form.as_p()||form.fields["customer"].label>>
""",
    "form for an instance": """
class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = [<<"status"||"status", "customer">>]

    def save(self, commit=True):
        order = super().save(commit=False)
        order.status = "saved"
        <<if commit:
            order.save()||pass>>
        return order
===
order = await Order.objects.aget(pk=1)
form = OrderForm({"status": "x", "customer": 1}, instance=order)
if <<await sync_to_async(form.is_valid)()||await sync_to_async(form.is_valid)()||form.is_valid()>>:
    saved = <<form.save()||await sync_to_async(form.save)()||form.instance>>
    return saved.pk
return 0
""",
    "pages": """
async def page_of(number<<||=1>>):
    pages = Paginator(Order.objects.order_by("pk"), 2)
    <<page = pages.page(number)||page = await sync_to_async(pages.page)(number)||page = pages.get_page(number)||page = await sync_to_async(pages.get_page)(number)>>
    return <<[order.pk for order in page]||page.number||len(page)||page.has_next()||[order.pk for order in await sync_to_async(list)(page.object_list)]||page.object_list||list(page.object_list)>>
===
return await page_of(1)
""",
    "pages of a list": """
===
rows = <<[order async for order in Order.objects.order_by("pk")]||await sync_to_async(list)(Order.objects.order_by("pk"))||Order.objects.order_by("pk")>>
pages = Paginator(rows, 2)
page = <<pages.page(1)||pages.get_page(1)>>
return [order.<<pk||customer_id>> for order in page]
""",
    "template rendered by hand": """
def card(order):
    return render_to_string_of(<<order.customer.name||order.status||order.customer_id||order.summary()>>)


def render_to_string_of(text):
    return f"<b>{text}</b>"
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
return <<card(order)||await sync_to_async(card)(order)>>
""",
    "user of a request": """
async def current_team(request):
    user = <<await request.auser()||await request.auser()||await sync_to_async(lambda: request.user)()>>
    if not user.is_authenticated:
        return None
    return user.<<team_id||team.name||team_name()||username||get_username()||groups.count()||groups.all()>>
===
return await current_team(await amake_request())
""",
    "middleware class with a helper": """
class Middleware:
    async_capable = True
    sync_capable = False

    def __init__(self, get_response):
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request):
        request.tenant = <<self.tenant()||await sync_to_async(self.tenant)()||await self.atenant()||None>>
        response = await self.get_response(request)
        response["X-Tenant"] = <<str(request.tenant)||"x"||"x">>
        return response

    def tenant(self):
        return Team.objects.<<order_by("pk").first()||order_by("pk")||first()>>

    async def atenant(self):
        return await Team.objects.order_by("pk").afirst()


async def view(request):
    return HttpResponse("x")
===
return (await Middleware(view)(await amake_request())).status_code
""",
    "decorated view": """
def counted(view):
    @functools.wraps(view)
    async def wrapper(request, *args, **kwargs):
        <<request.count = await Order.objects.acount()||request.count = Order.objects.count()||request.count = 1>>
        return await view(request, *args, **kwargs)

    return wrapper


def load(model):
    def decorate(view):
        @functools.wraps(view)
        async def wrapper(request, pk, **kwargs):
            instance = await model.objects.aget(pk=pk)
            return await view(request, instance, **kwargs)

        return wrapper

    return decorate


@counted
@load(Order)
async def view(request, order):
    return HttpResponse(<<order.status||order.customer.name||str(order.customer_id)||order.summary()>>)
===
return await view(await amake_request(), pk=1)
""",
    "receiver with a sender": """
changed = Signal()


class Audit:
    def __init__(self):
        self.seen = []

    def note(self, sender, instance, **kwargs):
        self.seen.append(instance.<<customer.name||status||customer_id||summary()>>)


audit = Audit()
changed.connect(audit.note)
===
order = await Order.objects<<||.select_related("customer")>>.aget(pk=1)
<<changed.send(sender=Order, instance=order)||await changed.asend(sender=Order, instance=order)||await sync_to_async(changed.send)(sender=Order, instance=order)>>
return audit.seen
""",
    "receivers of save": """
def count_lines(sender, instance, **kwargs):
    instance.lines = <<Line.objects.filter(order=instance).count()||0>>
===
post_save.connect(count_lines, sender=Order, weak=False)
try:
    order = await Order.objects.aget(pk=1)
    <<await order.asave()||order.save()||await sync_to_async(order.save)()>>
    return order.pk
finally:
    post_save.disconnect(count_lines, sender=Order)
""",
    "session as a store": """
async def visits(session):
    <<count = await session.aget("visits", 0)||count = session.get("visits", 0)||count = 0>>
    <<await session.aset("visits", count + 1)||session["visits"] = count + 1>>
    return count
===
request = await amake_request()
return await visits(request.session)
""",
    "cache around a query": """
async def order_count():
    count = await cache.aget("count")
    if count is None:
        count = <<await Order.objects.acount()||Order.objects.count()||await sync_to_async(Order.objects.count)()>>
        await cache.aset("count", count)
    return count
===
return await order_count()
""",
    "object or 404": """
===
request = await amake_request()
try:
    order = <<await aget_object_or_404(Order.objects.select_related("customer"), pk=1)||await aget_object_or_404(Order.objects.all(), pk=1)||get_object_or_404(Order, pk=1)||await aget_object_or_404(Order, pk=1)>>
except Http404:
    return None
return order.<<customer.name||status>>
""",
    "list or 404": """
===
orders = <<await aget_list_or_404(Order.objects.select_related("customer"))||await aget_list_or_404(Order)||get_list_or_404(Order)||await sync_to_async(get_list_or_404)(Order)>>
return [order.<<customer.name||pk||customer_id>> for order in orders]
""",
    "streamed response": """
async def lines(rows):
    async for row in rows:
        yield <<row.customer.name||row.status||f"{row}"||row.summary()>>


async def view(request):
    return StreamingHttpResponse(lines(Order.objects<<.all()||.select_related("customer")>>))
===
response = await view(await amake_request())
return [part async for part in response]
""",
    "response of JSON": """
def serialise(order):
    return {
        "id": order.pk,
        "customer": <<order.customer.name||order.customer_id||str(order.customer)>>,
        "lines": <<[]||[line.quantity for line in order.line_set.all()]||order.line_set.count()>>,
    }


async def view(request):
    orders = Order.objects<<.all()||.select_related("customer")||.select_related("customer").prefetch_related("line_set")>>
    return JsonResponse({"orders": [serialise(order) async for order in orders]})
===
return await view(await amake_request())
""",
    "login and logout": """
===
request = await amake_request()
user = await Member.objects.aget(pk=2)
<<await alogin(request, user, "django.contrib.auth.backends.ModelBackend")||login(request, user, "django.contrib.auth.backends.ModelBackend")||await alogout(request)||logout(request)||await sync_to_async(logout)(request)||user>>
return 1
""",
    "messages and the user's name": """
async def greet(request<<||: HttpRequest>>):
    name = <<request.user.get_username()||(await request.auser()).get_username()||"guest">>
    return HttpResponse(f"Hello {name}")
===
return await greet(await amake_request())
""",
    "context of a template": """
class Page(View):
    def get_context_data(self, **kwargs):
        return {"orders": Order.objects.<<all()||count()||order_by("pk").first()>>, **kwargs}

    async def get(self, request):
        context = <<self.get_context_data(title="x")||await sync_to_async(self.get_context_data)(title="x")>>
        return TemplateResponse(request, "orders.html", context)
===
response = await Page.as_view()(await amake_request())
return response.status_code
""",
    "generic view's methods": """
class Page(ListView):
    model = Order

    def get_queryset(self):
        return super().get_queryset()<<.select_related("customer")||.order_by("pk")>>

    async def get(self, request, *args, **kwargs):
        rows = <<self.get_queryset()||[row async for row in self.get_queryset()]||list(self.get_queryset())||await sync_to_async(list)(self.get_queryset())>>
        return HttpResponse(<<"x"||"x"||",".join([row.customer.name async for row in self.get_queryset()])||str(await self.get_queryset().acount())>>)
===
return await Page.as_view()(await amake_request())
""",
    "detail view": """
class Page(DetailView):
    model = Order

    async def get(self, request, *args, **kwargs):
        self.object = <<self.get_object()||await sync_to_async(self.get_object)()||await self.get_queryset().aget(pk=kwargs["pk"])>>
        return HttpResponse(self.object.<<status||customer.name||customer_id>>)
===
return await Page.as_view()(await amake_request(), pk=1)
""",
    "consumer": """
class Consumer:
    async def connect(self, pk):
        self.order = await self.load(pk)

    @sync_to_async
    def load(self, pk):
        return Order.objects<<||.select_related("customer")>>.get(pk=pk)

    async def receive(self, event):
        handler = getattr(self, f"on_{event}")
        return await handler()

    async def on_name(self):
        return <<self.order.customer.name||self.order.status||self.order.customer_id>>

    async def on_other(self):
        return 1
===
consumer = Consumer()
await consumer.connect(1)
return await consumer.on_name()
""",
}

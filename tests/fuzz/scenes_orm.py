# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""Scenes of the ORM: fetch plans that meet each other, managers, bulk work, aggregates, transactions, raw SQL."""

from __future__ import annotations

SCENES = {
    "prefetch with a queryset": """
===
customer = await Customer.objects.prefetch_related(Prefetch("orders", queryset=Order.objects<<.select_related("product")||.prefetch_related("line_set")||.order_by("pk")||.only("status", "customer")||.select_related("editor")>>)).aget(pk=1)
return <<[order.product_id for order in customer.orders.all()]||[order.product for order in customer.orders.all()]||[[line.pk for line in order.line_set.all()] for order in customer.orders.all()]||[order.status for order in customer.orders.all()]||[order.created is None for order in customer.orders.all()]||[order.editor.username for order in customer.orders.all()]||[order.customer.name for order in customer.orders.all()]>>
""",
    "prefetch through a to-attr": """
===
lines = Prefetch("line_set", queryset=Line.objects<<.all()||.select_related("product")>>, to_attr="lines")
orders = Order.objects.prefetch_related(lines)<<||.select_related("customer")>>
out = []
async for order in orders:
    out.append(<<[line.quantity for line in order.lines]||[line.product.name for line in order.lines]||[str(line) for line in order.lines]||len(order.lines)||order.customer.name||[line.order.status for line in order.lines]>>)
return out
""",
    "prefetch of two steps": """
===
customers = Customer.objects.prefetch_related(<<"orders__line_set__product"||"orders__line_set"||"orders", "orders__product"||"orders">>)
out = []
async for customer in customers:
    for order in customer.orders.all():
        out.append(<<order.pk||[line.product.name for line in order.line_set.all()]||[line.quantity for line in order.line_set.all()]||order.product_id||order.product>>)
return out
""",
    "prefetched objects": """
===
orders = [order async for order in Order.objects.all()]
<<await aprefetch_related_objects(orders, "line_set")||await sync_to_async(prefetch_related_objects)(orders, "line_set")||prefetch_related_objects(orders, "line_set")>>
return [order.pk for order in orders]
""",
    "related after create": """
===
customer = await Customer.objects.<<aget(pk=1)||select_related("team").aget(pk=1)>>
order = await <<Order.objects.acreate(customer=customer)||customer.orders.acreate()||Order.objects.acreate(customer_id=customer.pk)>>
return <<order.customer.name||order.customer.team.name||order.product||order.editor||order.pk||order.customer_id>>
""",
    "get or create": """
===
team = await Team.objects.aget(pk=1)
customer, created = await Customer.objects.<<aget_or_create(email="n@example.com", defaults={"name": "N", "team": team})||aupdate_or_create(email="n@example.com", defaults={"name": "N", "team": team})||aget_or_create(pk=1)>>
return <<customer.name||created||customer.team_id||customer.orders.count()||await customer.orders.acount()>>
""",
    "only and its relations": """
===
order = await Order.objects<<.only("status", "customer__name").select_related("customer")||.select_related("customer").only("customer__email", "customer__name", "status")||.only("customer")||.defer("status")>>.aget(pk=1)
return <<order.status||order.customer.name||order.customer.email||order.customer_id||order.pk||order.editor_id>>
""",
    "annotations": """
===
orders = Order.objects.order_by("pk").annotate(lines=Count("line"))<<||.select_related("customer")||.filter(lines__gt=0)>>
return <<[order.lines async for order in orders]||[order.customer.name async for order in orders]||orders.first().lines||(await orders.afirst()).lines||list(orders.values("pk", "lines"))||[row async for row in orders.values("pk", "lines")]>>
""",
    "values": """
===
rows = Order.objects.<<values("pk", "customer__name")||values_list("pk", "status")||values_list("status", flat=True)>>
return <<[row async for row in rows]||list(rows)||rows.count()||await rows.acount()||await rows.afirst()||rows.first()||set(rows.order_by())||await sync_to_async(list)(rows)||rows>>
""",
    "aggregates": """
===
total = <<await Order.objects.aaggregate(total=Sum("pk"))||Order.objects.aggregate(total=Sum("pk"))||await sync_to_async(Order.objects.aggregate)(total=Sum("pk"))>>
return total["total"]
""",
    "in_bulk by key": """
===
orders = <<await Order.objects.ain_bulk([1, 2])||Order.objects.in_bulk([1, 2])||await Order.objects.select_related("customer").ain_bulk([1, 2])||await sync_to_async(Order.objects.in_bulk)([1, 2])>>
return <<[order.customer.name for order in orders.values()]||sorted(orders)||{pk: order.status for pk, order in orders.items()}||[orders[pk].status for pk in (1, 2)]||[orders[pk].summary() for pk in orders]>>
""",
    "bulk work": """
===
tags = [Tag(name=f"bulk {n}") for n in range(3)]
made = <<await Tag.objects.abulk_create(tags)||Tag.objects.bulk_create(tags)||await sync_to_async(Tag.objects.bulk_create)(tags)||tags>>
return <<[tag.name for tag in made]||len(made)>>
""",
    "bulk update": """
===
orders = [order async for order in Order.objects.all()]
for order in orders:
    order.status = <<"x"||order.status.upper()||order.customer.name>>
return <<await Order.objects.abulk_update(orders, ["status"])||Order.objects.bulk_update(orders, ["status"])||await sync_to_async(Order.objects.bulk_update)(orders, ["status"])>>
""",
    "iterator in chunks": """
===
rows = Order.objects<<.all()||.order_by("pk")>>
out = []
<<async for row in rows.aiterator(chunk_size=2):
    out.append(row.pk)||for row in rows.iterator(chunk_size=2):
    out.append(row.pk)||iterator = rows.iterator(chunk_size=2)||async for row in rows.aiterator():
    out.append(row.customer_id)||async for row in rows.aiterator():
    out.append(row.customer.name)>>
return out
""",
    "transaction in a function": """
def move(pk, status):
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=pk)
        order.status = status
        order.save(update_fields=["status"])
    return order
===
order = <<move(1, "x")||await sync_to_async(move)(1, "x")||await sync_to_async(lambda: move(1, "x"))()||await sync_to_async(functools.partial(move, 1, status="x"))()>>
return order.status
""",
    "transaction around awaits": """
===
order = await Order.objects.aget(pk=1)
<<with transaction.atomic():
    order.status = "x"
    order.save()||with transaction.atomic():
    order.status = "x"||async with AsyncScope():
    order.status = "x"
    await order.asave()>>
return order.status
""",
    "on commit": """
def later():
    return <<Order.objects.count()||1>>


def work():
    with transaction.atomic():
        transaction.on_commit(later)
===
return <<work()||await sync_to_async(work)()||transaction.on_commit(later)||later()>>
""",
    "raw SQL": """
def fetch(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
===
return <<fetch("SELECT 1")||await sync_to_async(fetch)("SELECT 1")||Order.objects.raw("SELECT * FROM market_order")[0].pk||[row.pk for row in Order.objects.raw("SELECT * FROM market_order")]||[row.pk async for row in Order.objects.raw("SELECT * FROM market_order")]||Order.objects.raw("SELECT * FROM market_order").columns||await sync_to_async(list)(Order.objects.raw("SELECT * FROM market_order"))||Order.objects.raw("SELECT * FROM market_order").query>>
""",
    "manager's methods": """
===
orders = <<Order.objects.open()||Order.objects.with_customer()||Order.objects.open().with_customer()>>
return <<orders.newest()||await orders.anewest()||orders.keys()||await sync_to_async(orders.keys)()||orders.total()||[order.customer.name async for order in orders]||(await orders.anewest()).customer.name||(await orders.anewest()).status>>
""",
    "manager built from a queryset": """
===
return <<Line.objects.biggest().quantity||(await sync_to_async(Line.objects.biggest)()).quantity||[line.quantity async for line in Line.objects.big()]||Line.objects.big().quantities()||Line.objects.big()||await Line.objects.big().acount()||Line.objects.quantities()||(await Line.objects.select_related("product").aget(pk=1)).price()||(await Line.objects.aget(pk=1)).price()>>
""",
    "saving in a loop": """
===
out = []
async for order in Order.objects<<||.select_related("customer")>>.all():
    order.status = "seen"
    <<await order.asave(update_fields=["status"])||order.save(update_fields=["status"])||await sync_to_async(order.save)(update_fields=["status"])||out.append(order.customer.name)>>
    out.append(order.pk)
return out
""",
    "save that is overridden": """
===
voucher = <<Voucher(code="n", number=9)||await Voucher.objects.aget(pk=1)||await sync_to_async(Voucher)(code="n")>>
<<await voucher.asave()||voucher.save()||await sync_to_async(voucher.save)()||voucher.code = "x">>
return voucher.code
""",
    "many-to-many work": """
===
product = await Product.objects<<||.prefetch_related("tags")>>.aget(pk=1)
tag = await Tag.objects.aget(pk=3)
<<await product.tags.aadd(tag)||product.tags.add(tag)||await product.tags.aset([tag])||await sync_to_async(product.tags.add)(tag)||await product.tags.aremove(tag)||pass>>
return <<product.name||await product.tags.acount()||product.tags.count()||[tag.name async for tag in product.tags.all()]||[tag.name for tag in product.tags.all()]||product.tag_names()>>
""",
    "through of a relation": """
===
product = await Product.objects.aget(pk=1)
through = <<Product.tags.through||product.tags.through>>
return <<through.objects.count()||await through.objects.acount()||through.objects.all()||[row.tag_id async for row in through.objects.all()]||list(through.objects.all())||through._meta.model_name||through.objects.filter(product=product).exists()||await through.objects.filter(product_id=1).aexists()||(await through.objects.afirst()).tag.name||(await through.objects.select_related("tag").afirst()).tag.name>>
""",
    "one-to-one from behind": """
===
customer = await Customer.objects<<||.select_related("profile")||.select_related("profile", "badge")||.prefetch_related("profile")>>.aget(pk=1)
return <<customer.profile.phone||customer.badge.label||hasattr(customer, "profile")||getattr(customer, "badge", None)||customer.name||str(customer.profile)>>
""",
    "exists in conditions": """
===
orders = Order.objects.filter(status="open")
if <<await orders.aexists()||orders.exists()||orders||not orders||len(orders) > 1||await orders.acount() > 1||orders is not None||orders.query>>:
    return 1
return 2
""",
    "union of querysets": """
===
first = Order.objects.filter(status="open")
second = Order.objects<<.filter(status="closed")||.none()>>
both = <<first | second||first.union(second)||first & second||first.intersection(second)>>
return <<both.count()||await both.acount()||both||[row.pk async for row in both]||list(both)||both.exists()>>
""",
    "subqueries": """
===
newest = Order.objects.filter(customer=OuterRef("pk")).order_by("-pk")
customers = Customer.objects.annotate(newest=Subquery(newest.values("pk")[:1]), has=Exists(newest))
return <<[customer.newest async for customer in customers]||list(customers)||customers.filter(has=True).count()||await customers.filter(has=True).acount()||customers.query is None||Order.objects.filter(customer__in=customers).count()||await Order.objects.filter(customer__in=Customer.objects.all()).acount()>>
""",
    "model's own hooks": """
===
order = await Order.objects<<||.select_related("customer", "editor")>>.aget(pk=1)
return <<order.editor_name()||order.has_editor()||order.customer_name||order.customer_key||await order.acustomer_name()||order.line_total()||await sync_to_async(order.line_total)()||f"{order:>10}" if False else order.label()||order.deep_summary()>>
""",
    "instance methods that save": """
===
customer = await Customer.objects.aget(pk=1)
<<customer.rename("x")||await sync_to_async(customer.rename)("x")||customer.rename_in_memory("x")||await customer.asave(update_fields=["name"])>>
return customer.name
""",
    "class methods of a model": """
===
return <<Customer.busiest()||await sync_to_async(Customer.busiest)()||Customer.of_team(1)||list(Customer.of_team(1))||await Customer.of_team(1).acount()||Customer.how_many()||await sync_to_async(Customer.how_many)()||type(await Customer.objects.aget(pk=1)).how_many()>>
""",
    "default managers by other names": """
===
order = await Order.objects.aget(pk=1)
<<model = type(order)||model = order.__class__||model = Order||model = get_user_model()||model = apps.get_model("market", "Order")||model = order._meta.model>>
return <<model._default_manager.count()||model.objects.count()||await model._default_manager.acount()||model._base_manager.exists()||model._meta.default_manager.first()||model.objects.all()||await model.objects.aexists()>>
""",
    "refresh": """
===
order = await Order.objects.select_related("customer").aget(pk=1)
<<await order.arefresh_from_db()||await order.arefresh_from_db(fields=["status"])||order.refresh_from_db()||await sync_to_async(order.refresh_from_db)()||await order.arefresh_from_db(fields=["customer"])>>
return order.<<customer.name||status||customer_id>>
""",
    "warmed by a bridge": """
===
order = await Order.objects.aget(pk=1)
<<await sync_to_async(lambda: order.customer)()||await sync_to_async(lambda: order.customer.name)()||await sync_to_async(order.summary)()||await sync_to_async(getattr)(order, "customer")||await sync_to_async(str)(order)||await sync_to_async(lambda: order.customer_name)()||await asyncio.to_thread(order.summary)>>
return <<order.customer.name||order.summary()||order.customer.team.name||order.customer_id>>
""",
    "null relation that is tested": """
===
order = await Order.objects<<||.select_related("parent")||.select_related("product")>>.aget(pk=2)
if <<order.parent_id||order.parent||order.parent is not None||order.parent_id is not None>>:
    return <<order.parent.status||order.parent_id||order.status>>
return None
""",
    "instances compared": """
===
first = await Order.objects.aget(pk=1)
second = await Order.objects<<||.select_related("parent")>>.aget(pk=2)
return <<first == second||first in [second]||second.parent == first||second.parent_id == first.pk||{first, second} is None||hash(first) == hash(second)||sorted([second, first], key=lambda order: order.pk)[0].pk||sorted([second, first], key=lambda order: order.customer.name)[0].pk>>
""",
    "content types": """
===
<<kind = await sync_to_async(ContentType.objects.get_for_model)(Customer)||kind = await ContentType.objects.aget(model="customer")>>
note = await Note.objects.filter(content_type=kind).afirst()
return <<note.text||note.target.name||note.content_type_id||note.content_type.model||await sync_to_async(lambda: note.target.name)()>>
""",
}

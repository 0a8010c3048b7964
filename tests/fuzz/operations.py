"""What is done to managers, querysets and instances: an expression or block for each row of the oracle.

``{r}`` is the receiver, ``{M}`` its model, ``{t}`` a plain field of it, ``{v}`` a value for that field,
``{new}`` arguments for a new row, ``{row}`` an instance of it that is not fetched.
"""

from __future__ import annotations

from typing import NamedTuple


class Model(NamedTuple):
    """What templates need to know of a model."""

    text: str
    value: str
    new: str


MODELS = {
    "Order": Model("status", '"open"', "customer_id=1"),
    "OpenOrder": Model("status", '"open"', "customer_id=1"),
    "Customer": Model("name", '"Grace"', 'name="New", email="new@example.com"'),
    "Line": Model("quantity", "1", "order_id=1, product_id=1"),
    "Product": Model("name", '"Product 1"', 'name="New"'),
    "Gadget": Model("voltage", "5", 'name="New", maker_id=1'),
    "Tag": Model("name", '"tag 1"', 'name="new"'),
    "Team": Model("name", '"Red"', 'name="Green"'),
    "Member": Model("username", '"ada"', 'username="eve"'),
    "Invoice": Model("number", '"INV-1"', 'order_id=1, number="INV-99"'),
    "Note": Model("text", '"note 1"', 'text="new", content_type_id=1, object_id=1'),
}


def fill(template: str, model: str) -> str:
    """A template with everything filled in but the receiver."""
    known = MODELS[model]
    for key, value in {
        "{M}": model,
        "{t}": known.text,
        "{v}": known.value,
        "{new}": known.new,
        "{row}": f"{model}(pk=1)",
    }.items():
        template = template.replace(key, value)
    return template


# On a manager, a related manager or a queryset.
ANY = """
{r}.count()
{r}.exists()
{r}.first()
{r}.last()
{r}.get(pk=1)
{r}.filter(pk=1).get()
{r}.aggregate(n=Count("pk"))
{r}.aggregate(n=Count("pk"))["n"]
{r}.earliest("pk")
{r}.latest("pk")
{r}.in_bulk()
{r}.in_bulk([1])
{r}.in_bulk([])
{r}.create({new})
{r}.get_or_create(pk=1, defaults=dict({new}))
{r}.get_or_create(pk=1, defaults=dict({new}))[0].pk
{r}.update_or_create(pk=1, defaults=dict({t}={v}))
{r}.bulk_create([])
{r}.bulk_update([], ["{t}"])
{r}.update({t}={v})
{r}.iterator()
list({r}.iterator())
next(iter({r}.iterator()))
{r}.explain()
{r}.contains({row})
{r}.filter({t}={v})
{r}.filter({t}={v}).count()
{r}.exclude({t}={v})
{r}.order_by("pk")
{r}.order_by("pk").first()
{r}.order_by("-pk").values_list("pk", flat=True).first()
{r}.order_by("pk")[0]
{r}.order_by("pk")[:2]
{r}.order_by("pk")[0:3:2]
{r}.all()
{r}.all().all()
{r}.all().query
{r}.none()
{r}.none().count()
{r}.none().exists()
{r}.none().first()
{r}.none().update({t}={v})
{r}.none().delete()
{r}.none().aggregate(n=Count("pk"))
{r}.none() | {r}.all()
list({r}.none())
len({r}.none())
bool({r}.none())
list({r}.filter(pk__in=[]))
{r}.filter(pk__in=[]).count()
{r}.filter(pk__in=[]).exists()
{r}.filter(pk__in=[]).delete()
{r}.all()[:0].count()
{r}.values("pk")
list({r}.values("pk"))
{r}.values_list("pk", flat=True)
list({r}.order_by("pk").values_list("pk", flat=True))
dict({r}.values_list("pk", "{t}"))
set({r}.values_list("pk", flat=True))
{r}.select_related()
{r}.prefetch_related()
{r}.annotate(n=Count("pk"))
{r}.annotate(n=Count("pk")).first()
{r}.only("pk")
{r}.defer("{t}")
{r}.using("default")
{r}.using("default").count()
{r}.reverse()
{r}.distinct()
{r}.distinct().count()
{r}.select_for_update()
{r}.union({r}.all())
{r}.union({r}.all()).count()
{r}.all() | {r}.filter(pk=1)
({r}.all() | {r}.filter(pk=1)).count()
{r}.filter(Q(pk=1) | Q(pk=2)).exists()
not {r}.filter(pk=1).exists()
{r}.filter(pk__in={r}.values("pk"))
{r}.filter(Exists({M}._base_manager.filter(pk=OuterRef("pk"))))
{r}.annotate(n=Subquery({M}._base_manager.filter(pk=OuterRef("pk")).values("pk")[:1]))
{r}.db
{r}.model
{r}.model.__name__
str({r}.all().query)
get_object_or_404({r}, pk=1)
get_list_or_404({r})
"""
MANAGER = """
bool({r})
{r} or 1
{r} is None
{r}.get_queryset()
list({r}.get_queryset())
"""
QUERYSET = """
{r}.delete()
list({r})
tuple({r})
set({r})
frozenset({r})
sorted({r}, key=lambda row: row.pk)
len({r})
bool({r})
not {r}
1 if {r} else 0
{r} or None
{r} and 1
{row} in {r}
{row} not in {r}
{r}[0]
{r}[:2]
{r}[0:2:1]
{r}[:2].count()
[*{r}]
{*{r}}
print(*{r})
list(map(str, {r}.values_list("pk", flat=True)))
map(str, {r}.values_list("pk", flat=True))
filter(None, {r})
zip({r}, [1])
enumerate({r})
list(enumerate({r}))
reversed({r})
iter({r})
next(iter({r}))
sum(row.pk for row in {r})
any(row.pk for row in {r})
all(row.pk for row in {r})
max(row.pk for row in {r})
min({r}, key=lambda row: row.pk)
sum({r}.values_list("pk", flat=True))
max({r}.values_list("pk", flat=True))
", ".join(str(row.pk) for row in {r})
", ".join(map(str, {r}.values_list("pk", flat=True)))
[row.pk for row in {r}]
[row.pk for row in {r} if row.pk]
[(a, b.pk) for a in [1, 2] for b in {r}]
{row.pk for row in {r}}
{row.pk: row for row in {r}}
(row.pk for row in {r})
(b.pk for a in [1, 2] for b in {r})
list(b.pk for a in [1, 2] for b in {r})
repr({r})
str({r})
f"{{r}}"
f"{{r}!r}"
"%s" % {r}
"{}".format({r})
"{0} {1}".format(1, {r})
pickle.dumps({r})
copy.copy({r})
copy.deepcopy({r})
{r} == 1
{r} is None
{r} is not None
isinstance({r}, QuerySet)
{r}.ordered
{r}.query.is_sliced
type({r}).__name__
id({r})
itertools.chain({r}, [])
list(itertools.chain({r}, []))
itertools.chain.from_iterable([{r}])
itertools.islice({r}, 1)
deque({r})
Counter({r}.values_list("pk", flat=True))
[].extend({r})
[0] + list({r})
serializers.serialize("json", {r})
serializers.serialize("json", [])
Paginator({r}.order_by("pk"), 2)
Paginator({r}.order_by("pk"), 2).count
Paginator({r}.order_by("pk"), 2).num_pages
Paginator({r}.order_by("pk"), 2).page(1)
Paginator([1, 2], 2).count
Paginator({r}.order_by("pk"), 2).per_page
json.dumps(list({r}.values("pk")))
dict(rows={r})
[{r}]
({r}, 1)
{"rows": {r}}
identity({r})
Template("{% for row in rows %}{{ row.pk }}{% endfor %}").render(Context({"rows": {r}}))
"""
# Right, in asynchronous code; for any of them.
ASYNC_ANY = """
await {r}.acount()
await {r}.aexists()
await {r}.afirst()
await {r}.alast()
await {r}.aget(pk=1)
(await {r}.aget(pk=1)).pk
(await {r}.aget(pk=1)).{t}
await {r}.aaggregate(n=Count("pk"))
await {r}.aearliest("pk")
await {r}.ain_bulk()
await {r}.acreate({new})
await {r}.aget_or_create(pk=1, defaults=dict({new}))
await {r}.aupdate_or_create(pk=1, defaults=dict({t}={v}))
await {r}.abulk_create([])
await {r}.aupdate({t}={v})
await {r}.filter(pk=1).adelete()
await {r}.acontains({row})
await {r}.aexplain()
[row async for row in {r}.all()]
[row.pk async for row in {r}.all()]
{row.pk async for row in {r}.all()}
{row.pk: row async for row in {r}.all()}
[row async for row in {r}.order_by("pk")[:2]]
[row async for row in {r}.aiterator()]
sum([row.pk async for row in {r}.all()])
[pk async for pk in {r}.values_list("pk", flat=True)]
await sync_to_async({r}.count)()
await sync_to_async({r}.get)(pk=1)
await sync_to_async(list)({r}.all())
await sync_to_async(len)({r}.all())
await sync_to_async(lambda: list({r}.all()))()
await sync_to_async(lambda: {r}.first())()
await sync_to_async(lambda: {r}.all())()
await asyncio.to_thread({r}.count)
await asyncio.to_thread(list, {r}.all())
await asyncio.get_running_loop().run_in_executor(None, {r}.count)
await asyncio.gather({r}.acount(), {r}.aexists())
await run_in_pool({r}.count)
await in_thread({r}.count)()
await offloaded({r}.count)()
await threaded({r}.count)()
await sync_to_async(identity)({r}.all())
list(await sync_to_async(list)({r}.all()))
"""
# Wrong although something is awaited.
ASYNC_WRONG = """
await sync_to_async(identity)({r}.count())
await sync_to_async(list)(list({r}.all()))
await sync_to_async(str)({r}.first())
await asyncio.to_thread(identity, {r}.first())
await asyncio.get_running_loop().run_in_executor(None, identity, {r}.count())
list(await sync_to_async(lambda: {r}.all())())
len(await sync_to_async({r}.filter)(pk=1))
[str(row) for row in await sync_to_async({r}.all)()]
await asyncio.gather({r}.acount(), sync_to_async(identity)({r}.count()))
await asyncio.sleep(0, {r}.first())
(await {r}.aexists()) and {r}.count()
[await {r}.acount(), {r}.count()]
[row.pk async for row in {r}.all() if {r}.filter(pk=row.pk).exists()]
[other.pk async for row in {r}.all() for other in {r}.all()]
"""
# Statements: what `out` is afterwards.
STATEMENTS = """
for row in {q}:
    out.append(row.pk)
---
for number, row in enumerate({q}):
    out.append(number)
---
for row in list({q}):
    out.append(row.pk)
---
for row in {q}[:2]:
    out.append(row.pk)
---
for row in {q}.iterator():
    out.append(row.pk)
---
for row in {q}:
    break
else:
    out.append(0)
---
first, *rest = {q}
out.append(first.pk)
---
if {q}:
    out.append(1)
---
if not {q}:
    out.append(1)
elif {q}.exists():
    out.append(2)
---
if 1 == 2 or {q}:
    out.append(1)
---
while {q}.filter(pk=-1).exists():
    break
---
assert {q}
---
assert {q}.exists(), "none"
---
rows = {q}
out.append(rows[0].pk)
---
rows = {q}
rows = rows.filter(pk=1)
out.append(rows.count())
---
rows = {q}
out.append(rows is None)
---
rows = {q}
del rows
---
out.extend({q}.values_list("pk", flat=True))
---
out += list({q})
---
out += {q}
---
match {q}:
    case [row]:
        out.append(1)
    case _:
        out.append(2)
---
match {q}.count():
    case 0:
        out.append(1)
    case _:
        out.append(2)
---
with transaction.atomic():
    out.append({q}.count())
---
with transaction.atomic():
    out.append(1)
---
block = transaction.atomic()
out.append(type(block).__name__)
---
transaction.on_commit(lambda: None)
---
out.append(transaction.get_autocommit())
---
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
---
cursor = connection.cursor()
---
out.append(connection.vendor)
---
out.append(connection.in_atomic_block)
---
connection.close()
---
close_old_connections()
---
connections.close_all()
---
try:
    out.append({q}.get(pk=1).pk)
except {M}.DoesNotExist:
    out.append(0)
---
try:
    out.append({q}.count())
finally:
    out.append(1)
---
try:
    pass
finally:
    out.append({q}.count())
---
try:
    raise ValueError
except ValueError:
    out.append({q}.count())
---
try:
    out.append({q}.count())
except Exception:
    out.append(0)
---
with suppress(Exception):
    out.append({q}.count())
---
with nullcontext({q}.count()) as number:
    out.append(number)
---
if (number := {q}.count()) > 100:
    out.append(number)
---
rows = {q}
if rows is not None and rows:
    out.append(1)
---
rows = [{q}, {q}]
for part in rows:
    out.append(part.ordered)
---
rows = [{q}, {q}]
for part in rows:
    out.append(len(part))
---
rows = {"a": {q}}
out.append(len(rows))
---
rows = {"a": {q}}
out.append(len(rows["a"]))
---
out = {q}.values("pk")
---
for chunk in [{q}]:
    pass
---
a, b = {q}.order_by("pk")[:2]
out.append(a.pk)
---
a, b = {q}, 1
out.append(b)
---
rows = {q}
for row in rows.all():
    for other in rows:
        out.append(other.pk)
---
print({q})
---
print(f"rows: {{q}}")
---
raise_it = {q}.get
out.append(callable(raise_it))
---
counter = {q}.count
out.append(counter())
---
get = {q}.filter
rows = get(pk=1)
out.append(rows.query is not None)
"""
# The same, right; only in asynchronous functions.
ASYNC_STATEMENTS = """
async for row in {q}:
    out.append(row.pk)
---
async for row in {q}.all():
    out.append(await {q}.acount())
---
rows = {q}
async for row in rows:
    out.append(row.pk)
for row in rows:
    out.append(row.pk)
---
rows = {q}
async for row in rows:
    out.append(row.pk)
out.append(len(rows))
---
rows = {q}
out = [row.pk async for row in rows]
if rows:
    out.append(rows.count())
---
rows = {q}
out = [row.pk async for row in rows]
out.append(rows.exists())
---
rows = {q}
out = [row.pk async for row in rows]
out.append(rows[0].pk)
---
rows = {q}.order_by("pk")
out = [row.pk async for row in rows]
out.append(rows.first().pk)
---
rows = {q}
out = [row.pk async for row in rows]
out.append(len(rows.all()))
---
rows = {q}
out = [row.pk async for row in rows]
out.append(rows.filter(pk=1).count())
---
rows = {q}
out = [row.pk async for row in rows]
out.append(rows.get(pk=1).pk)
---
rows = {q}
out = [row.pk async for row in rows]
rows = rows.order_by("-pk")
out.append(len(rows))
---
rows = {q}
same = rows
out = [row.pk async for row in rows]
out.append(len(same))
---
rows = {q}
other = rows.all()
out = [row.pk async for row in rows]
out.append(len(other))
---
rows = {q}
async for row in rows.all():
    out.append(row.pk)
out.append(len(rows))
---
rows = {q}
async for row in rows:
    out.append({q}.filter(pk=row.pk).exists())
---
rows = {q}
await sync_to_async(list)(rows)
out.append(len(rows))
---
rows = {q}
await sync_to_async(len)(rows)
out.append([row.pk for row in rows])
---
rows = {q}
await sync_to_async(rows.count)()
out.append(len(rows))
---
rows = [row async for row in {q}]
out.append(len(rows))
if rows:
    out.append(rows[0].pk)
---
rows = [row async for row in {q}]
for row in sorted(rows, key=lambda row: row.pk):
    out.append(row.pk)
---
def block():
    with transaction.atomic():
        return {q}.count()

out.append(await sync_to_async(block)())
---
@sync_to_async
def block():
    with transaction.atomic():
        return {q}.count()

out.append(await block())
---
@sync_to_async
@transaction.atomic
def block():
    return {q}.count()

out.append(await block())
---
row = await {q}.aget(pk=1)
out.append(row.pk)
row = {q}.filter(pk=row.pk).first()
---
async with AsyncScope() as number:
    out.append(number)
---
async with AsyncScope() as number:
    out.append({q}.count())
---
async with acounted() as number:
    out.append(number)
---
with uncounted() as number:
    out.append(number)
"""

# On instances, by model.
_EVERY = """
{r}.pk
{r}.{t}
{r}.save()
{r}.delete()
{r}.refresh_from_db()
{r} == 1
{r} is None
hash({r})
{r}._meta.model_name
type({r}).__name__
type({r})._default_manager.count()
{r}.__class__._default_manager.count()
isinstance({r}, {M})
{r} in [1, 2]
{"row": {r}}["row"].pk
[{r}][0].pk
{r}.get_deferred_fields()
"""
INSTANCE = {
    "Order": """
{r}.customer
{r}.customer.name
{r}.customer.pk
{r}.customer.initial()
{r}.customer.domain
{r}.customer.rename_in_memory("x").name
{r}.customer.team.name
{r}.customer.team_id
{r}.customer.team.shout()
{r}.customer.orders
{r}.customer.orders.count()
{r}.customer.profile.phone
{r}.customer == {r}.customer
{r}.customer_id
{r}.customer_id == 1
{r}.product.name
{r}.product_id
{r}.editor.username
{r}.editor_id
{r}.editor_name()
{r}.has_editor()
{r}.parent_id
{r}.label()
{r}.summary()
{r}.deep_summary()
{r}.customer_name
{r}.customer_key
{r}.is_open()
{r}.line_total()
{r}.created
str({r})
f"{{r}}"
repr({r})
f"{{r}.customer}"
f"{{r}.pk}: {{r}.customer.name}"
{r}.line_set
{r}.line_set.all()
{r}.line_set.count()
list({r}.line_set.all())
len({r}.line_set.all())
[line.quantity for line in {r}.line_set.all()]
{r}.line_set.filter(quantity=1).exists()
{r}.line_set.big()
{r}.line_set.quantities()
{r}.line_set.biggest()
bool({r}.line_set)
{r}.invoices.first()
{r}.invoices.create(number="INV-77")
{r}.invoices.add()
{r}.invoices.add(Invoice(number="INV-78"), bulk=False)
{r}.children.exists()
{r}.children.all()
hasattr({r}, "customer")
getattr({r}, "customer", None)
getattr({r}, "customer").name
getattr({r}, "status")
getattr({r}, "customer_id")
hasattr({r}, "customer_id")
{r}.full_clean()
{r}.clean_fields()
{r}.clean()
{r}.serializable_value("customer")
{r}.get_next_by_created()
copy.copy({r}).pk
model_to_dict({r})["customer"]
pickle.dumps({r})
prefetch_related_objects([{r}], "line_set")
customer_name({r})
customer_name_of({r})
key_of({r})
attrgetter("customer.name")({r})
attrgetter("status")({r})
Order(customer={r}.customer)
Order(customer_id={r}.customer_id)
Order.objects.filter(customer={r}.customer_id)
Order.objects.filter(customer={r}.customer)
Order.objects.filter(parent={r})
Line.objects.filter(order={r})
Line.objects.filter(order={r}).count()
{r}.save(update_fields=["status"])
setattr({r}, "status", "x")
Template("{{ order.status }}").render(Context({"order": {r}}))
Template("{{ order.customer.name }}").render(Context({"order": {r}}))
""",
    "Customer": """
{r}.name
{r}.team.name
{r}.team_id
{r}.team
{r}.profile
{r}.profile.phone
{r}.badge.label
hasattr({r}, "profile")
hasattr({r}, "badge")
getattr({r}, "badge", None)
{r}.orders
{r}.orders.all()
{r}.orders.all().count()
{r}.orders.count()
{r}.orders.filter(status="open")
{r}.orders.filter(status="open").first()
{r}.orders.open()
{r}.orders.newest()
{r}.orders.keys()
{r}.orders.total()
{r}.orders.open().total()
list({r}.orders.all())
[order.pk for order in {r}.orders.all()]
[order.customer.name for order in {r}.orders.all()]
[order.label() for order in {r}.orders.all()]
len({r}.orders.all())
bool({r}.orders.all())
bool({r}.orders)
{r}.orders.all()[0]
{r}.orders.exists()
{r}.orders.first()
{r}.orders.create(status="x")
{r}.orders.add()
{r}.order_count
{r}.domain
{r}.open_orders
list({r}.open_orders)
{r}.open_orders.count()
{r}.team_label
{r}.initial()
{r}.latest_order()
{r}.rename("Ada")
{r}.rename_in_memory("Ada").name
{r}.busiest()
{r}.of_team(1)
list({r}.of_team(1))
{r}.how_many()
{r}.has_editor()
{r}.editor_name()
{r}.notes
{r}.notes.all()
{r}.notes.count()
str({r})
f"{{r}}"
f"{{r}.order_count} orders"
repr({r})
{r}.full_clean()
{r}.validate_unique()
{r}.clean()
setattr({r}, "name", "x")
Order(customer={r})
Order(customer={r}).customer.name
Order(customer={r}).save()
Order.objects.filter(customer={r})
Order.objects.filter(customer={r}).exists()
Note(text="x", target={r})
ContentType.objects.get_for_model({r})
""",
    "Line": """
str({r})
repr({r})
f"{{r}}"
f"{{r}!r}"
"%s" % {r}
"{}".format({r})
"line " + str({r})
print({r})
str([{r}])
{r}.quantity
{r}.price()
{r}.product.name
{r}.product_id
{r}.order.customer.name
{r}.order.customer_id
{r}.order_id
{r}.order.label()
{r}.order.summary()
{r}.product.tag_names()
""",
    "Product": """
{r}.tags
{r}.tags.all()
list({r}.tags.all())
[tag.name for tag in {r}.tags.all()]
{r}.tags.count()
{r}.tags.exists()
{r}.tags.add(3)
{r}.tags.add()
{r}.tags.set([1])
{r}.tags.clear()
{r}.tags.remove(1)
{r}.tags.filter(name="x")
{r}.tags.filter(name="x").exists()
{r}.tags.values_list("name", flat=True)
list({r}.tags.values_list("name", flat=True))
{r}.tags.create(name="n")
{r}.tags.through.objects.count()
{r}.tag_names()
len({r})
bool({r})
1 if {r} else 2
not {r}
{r} and 1
{r} is not None
{r}.order_set.count()
{r}.order_set.all()
{r}.line_set.exists()
{r}.rivals.all()
{r}.rivals.count()
str({r})
{r}.price
""",
    "Gadget": """
{r}.maker.name
{r}.maker_id
{r}.maker_name()
{r}.product_ptr_id
{r}.product_ptr.name
{r}.tags.count()
{r}.tags.all()
{r}.name
{r}.voltage
{r}.tag_names()
str({r})
""",
    "Member": """
{r}.team.name
{r}.team_id
{r}.team_name()
{r}.has_perm("market.add_order")
{r}.get_username()
{r}.is_authenticated
{r}.is_active
{r}.groups
{r}.groups.all()
{r}.groups.exists()
{r}.user_permissions.count()
{r}.get_all_permissions()
{r}.edited_orders.count()
{r}.edited_orders.all()
{r}.edited_customers.first()
{r}.edited_lines.exists()
str({r})
{r}.get_full_name()
""",
    "Invoice": """
{r}.order.customer.name
{r}.order.customer_id
{r}.order.customer.team.name
{r}.order.label()
{r}.order.summary()
{r}.order.editor_name()
{r}.order_id
{r}.addressee()
{r}.number
str({r})
{r}.full_clean()
{r}.validate_unique()
""",
    "Note": """
{r}.target
{r}.target.name
{r}.content_type
{r}.content_type_id
{r}.object_id
{r}.text
str({r})
""",
    "Tag": """
{r}.products.all()
{r}.products.count()
{r}.products.first()
str({r})
{r}.full_clean()
{r}.validate_unique()
{r}.clean_fields()
""",
    "Team": """
{r}.members.count()
{r}.members.all()
{r}.customer_set.first()
{r}.customer_set.all()
{r}.gadgets.exists()
{r}.shout()
str({r})
[member.username for member in {r}.members.all()]
[member.team_name() for member in {r}.members.all()]
""",
}
INSTANCE = {model: _EVERY + text for model, text in INSTANCE.items()}
ASYNC_INSTANCE = {
    "Order": """
await {r}.asave()
await {r}.arefresh_from_db()
await {r}.adelete()
await {r}.line_set.acount()
[line.quantity async for line in {r}.line_set.all()]
[str(line) async for line in {r}.line_set.all()]
[str(line) async for line in {r}.line_set.select_related("product")]
[line.order.status async for line in {r}.line_set.all()]
[line.product.name async for line in {r}.line_set.all()]
await {r}.invoices.acreate(number="INV-77")
await {r}.acustomer_name()
await sync_to_async({r}.summary)()
await sync_to_async({r}.save)()
await sync_to_async(lambda: {r}.customer.name)()
await sync_to_async(getattr)({r}, "customer")
await sync_to_async(attrgetter("customer.name"))({r})
await sync_to_async(customer_name)({r})
await sync_to_async(str)({r}.customer)
await sync_to_async({r}.customer.initial)()
await sync_to_async({r}.customer.rename)("x")
await asyncio.to_thread(customer_name, {r})
await asyncio.to_thread(identity, {r}.customer)
await asyncio.to_thread(identity, {r}.status)
(await Customer.objects.aget(pk={r}.customer_id)).name
await Customer.objects.aget(pk={r}.customer.pk)
await {r}.customer.orders.acount()
await {r}.customer.asave()
await Order.objects.filter(customer={r}.customer).acount()
await Order.objects.filter(customer_id={r}.customer_id).acount()
""",
    "Customer": """
await {r}.asave()
await {r}.orders.acount()
await {r}.orders.open().acount()
await {r}.orders.anewest()
await {r}.orders.acreate(status="x")
(await {r}.orders.acreate(status="x")).customer.name
(await {r}.orders.order_by("pk").afirst()).customer.name
(await {r}.orders.order_by("pk").afirst()).summary()
(await {r}.orders.order_by("pk").afirst()).editor_name()
(await Order.objects.acreate(customer={r})).customer.name
(await Order.objects.acreate(customer_id={r}.pk)).customer.name
[order.customer.name async for order in {r}.orders.all()]
[order.summary() async for order in {r}.orders.all()]
[order.product_id async for order in {r}.orders.all()]
[order.editor.username async for order in {r}.orders.all()]
[line.quantity async for order in {r}.orders.all() for line in order.line_set.all()]
[line.quantity async for order in {r}.orders.all() async for line in order.line_set.all()]
[len(order.line_set.all()) async for order in {r}.orders.prefetch_related("line_set")]
await {r}.alatest_order()
await {r}.bad_latest_order()
await {r}.notes.acount()
await sync_to_async({r}.latest_order)()
await sync_to_async(lambda: {r}.order_count)()
await sync_to_async({r}.rename)("x")
(await {r}.alatest_order()).pk
(await {r}.alatest_order()).customer.name
await sync_to_async(list)({r}.open_orders)
[order.pk async for order in {r}.open_orders]
""",
    "Line": """
await sync_to_async(str)({r})
await sync_to_async({r}.price)()
await sync_to_async(print)({r})
await sync_to_async(identity)(str({r}))
""",
    "Product": """
await {r}.tags.aadd(3)
await {r}.tags.aset([1])
await {r}.tags.aclear()
await {r}.tags.acount()
[tag.name async for tag in {r}.tags.all()]
await sync_to_async({r}.tag_names)()
await sync_to_async(len)({r})
""",
    "Gadget": """
await {r}.tags.acount()
await sync_to_async({r}.maker_name)()
""",
    "Member": """
await {r}.groups.aexists()
await sync_to_async({r}.has_perm)("market.add_order")
await sync_to_async({r}.team_name)()
""",
    "Invoice": """
await {r}.arefresh_from_db()
await sync_to_async({r}.addressee)()
""",
    "Note": """
await sync_to_async(lambda: {r}.target)()
""",
    "Tag": """
await {r}.products.acount()
""",
    "Team": """
await {r}.members.acount()
[member.username async for member in {r}.members.all()]
[member.team.name async for member in {r}.members.all()]
""",
}
# Without a receiver.
FREE = """
count_orders()
open_orders()
list(open_orders())
open_orders().count()
annotated_orders()
annotated_orders().first()
annotated_orders()[0]
first_order()
Report()
Report().total
MonthlyReport("closed").total
MonthlyReport()
QuietReport().total
LazyReport()
LazyReport().title
LazyReport().total
LazyReport().orders
len(LazyReport())
list(LazyReport())
[order.pk for order in LazyReport()]
Order(pk=1) in LazyReport()
LazyReport()[0]
LazyReport()()
str(LazyReport())
f"{LazyReport()}"
bool(LazyReport())
Customer.busiest()
Customer.of_team(1)
Customer.of_team(1).first()
Customer.how_many()
Customer(name="x").initial()
Customer(name="x").save
Customer(name="x", email="x@example.com").save()
Order(customer_id=1).customer_id
Order(customer_id=1).customer.name
Order(customer=Customer(name="x")).customer.name
Order(customer=Customer(name="x")).summary()
Order(status="x").label()
Voucher(code="x")
Voucher(code="x", number=3)
Voucher(code="x", number=3).save()
bool(Voucher(code="x", number=3))
Tag(name="x").full_clean()
Tag(name="x").validate_unique()
Tag(name="x").clean_fields()
Tag(name="x").save()
Invoice(number="x", order_id=1).clean_fields()
Invoice(number="x", order_id=1).validate_unique()
Order.objects.open()
Order.objects.open().newest()
Order.objects.newest()
Order.objects.keys()
Order.objects.open().keys()
Order.objects.with_customer()
Order.objects.with_customer().first().customer.name
Line.objects.big()
Line.objects.big().quantities()
Line.objects.biggest()
Line.objects.create(order_id=1, product_id=1)
Invoice.objects.all()
Invoice.objects.first()
OpenOrder.objects.all()
OpenOrder.objects.count()
get_user_model().objects.count()
get_user_model().objects.filter(pk=1)
get_user_model()._default_manager.get(pk=1)
Order._default_manager.count()
Order._base_manager.first()
Order._meta.default_manager.exists()
Order.objects.raw("SELECT * FROM market_order")
list(Order.objects.raw("SELECT * FROM market_order"))
Order.objects.raw("SELECT * FROM market_order")[0]
Order.objects.raw("SELECT * FROM market_order").columns
Order.objects.dates("created", "year")
list(Order.objects.dates("created", "year"))
Order.objects.count
ContentType.objects.get_for_model(Order)
ContentType.objects.all()
authenticate(username="ada", password="secret")
get_object_or_404(Order, pk=1)
get_list_or_404(Order)
Basket().get("a")
Basket().count()
Basket().exists()
Basket().filter(a=1).first()
Basket().all()
Basket().update(a=2)
Basket().save()
Basket().delete()
{"a": 1}.get("a")
{"a": 1}.update(b=2)
[1, 2].count(1)
"abc".count("a")
{1}.update({2})
SessionStore().get("a")
SessionStore().create()
SessionStore(session_key="abcdefgh12345678").get("a")
SessionStore(session_key="abcdefgh12345678").session_key
transaction.atomic()
connection.cursor()
connection.vendor
connection.features.supports_transactions
connection.queries
connection.ensure_connection()
"""
ASYNC_FREE = """
await aload_order()
(await aload_order()).status
(await aload_order()).customer.name
(await aload_order()).summary()
(await aload_with_customer()).customer.name
(await aload_with_customer()).summary()
(await aload_with_customer()).product.name
(await aload_customer()).name
(await aload_customer()).order_count
(await aload_customer()).team.name
await sync_to_async(count_orders)()
await sync_to_async(Report)()
(await sync_to_async(Report)()).total
(await sync_to_async(LazyReport)()).total
await sync_to_async(first_order)()
(await sync_to_async(first_order)()).customer.name
(await sync_to_async(first_order)()).label()
await sync_to_async(open_orders)()
list(await sync_to_async(open_orders)())
[order.pk async for order in open_orders()]
[order.customer.name async for order in open_orders()]
[order.customer.name async for order in open_orders().select_related("customer")]
await open_orders().acount()
await Order.objects.anewest()
(await Order.objects.anewest()).status
(await Order.objects.with_customer().afirst()).customer.name
(await Invoice.objects.aget(pk=1)).addressee()
(await Invoice.plain.aget(pk=1)).addressee()
(await Invoice.objects.aget(pk=1)).order.customer.name
(await Invoice.plain.select_related("order").aget(pk=1)).order.label()
await Line.objects.acreate(order_id=1, product_id=1)
await Voucher.objects.acreate(code="x")
await Order(customer_id=1).asave()
await Customer(name="x", email="x@example.com").asave()
await aauthenticate(username="ada", password="secret")
await aget_object_or_404(Order, pk=1)
await threaded(count_orders)()
await offloaded(count_orders)()
await in_thread(count_orders)()
await run_in_pool(count_orders)
await asyncio.to_thread(count_orders)
await asyncio.gather(aload_order(1), aload_order(2))
[order.customer.name for order in await asyncio.gather(aload_order(1), aload_with_customer(2))]
"""


def split(text: str) -> list[str]:
    """The operations of a table, one to a line."""
    return [line for line in text.strip().splitlines() if line]


def blocks(text: str) -> list[str]:
    """The operations of a table of statements."""
    return [block.strip("\n") for block in text.split("---\n")]

"""Models with one of everything that decides whether an attribute, a call or a constructor queries."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import cached_property


class Team(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self):
        return self.name

    def shout(self):
        return self.name.upper()


class Member(AbstractUser):
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")

    def team_name(self):
        return self.team.name


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="edited_%(class)ss",
    )

    class Meta:
        abstract = True

    def editor_name(self):
        return self.editor.username

    def has_editor(self):
        return self.editor_id is not None


class Customer(Stamped):
    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True)
    notes = GenericRelation("market.Note")

    def __str__(self):
        return self.name

    def initial(self):
        return self.name[:1]

    @property
    def order_count(self):
        return self.orders.count()

    @property
    def domain(self):
        return self.email.partition("@")[2]

    @property
    def open_orders(self):
        return self.orders.filter(status="open")

    @cached_property
    def team_label(self):
        return f"team {self.team.name}"

    def latest_order(self):
        return self.orders.order_by("-pk").first()

    async def alatest_order(self):
        return await self.orders.order_by("-pk").afirst()

    async def bad_latest_order(self):
        return self.orders.order_by("-pk").first()

    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])

    def rename_in_memory(self, name):
        self.name = name
        return self

    @classmethod
    def busiest(cls):
        return cls.objects.annotate(n=models.Count("orders")).order_by("-n", "pk").first()

    @classmethod
    def of_team(cls, team_id):
        return cls.objects.filter(team_id=team_id)

    @staticmethod
    def how_many():
        return Customer.objects.count()


class Profile(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self):
        return self.phone


class Badge(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="badge")
    label = models.CharField(max_length=40)

    def __str__(self):
        return f"{self.label} of {self.customer.name}"


class Tag(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self):
        return self.name


class Product(models.Model):
    name = models.CharField(max_length=80)
    price = models.IntegerField(default=1)
    tags = models.ManyToManyField(Tag, related_name="products", blank=True)
    rivals = models.ManyToManyField("self", blank=True)

    def __str__(self):
        return self.name

    def tag_names(self):
        return [tag.name for tag in self.tags.all()]

    def __len__(self):
        return self.tags.count()


class Gadget(Product):
    voltage = models.IntegerField(default=5)
    maker = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="gadgets")

    def maker_name(self):
        return self.maker.name


class OrderQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status="open")

    def with_customer(self):
        return self.select_related("customer")

    def newest(self):
        return self.order_by("-pk").first()

    def keys(self):
        return list(self.order_by("pk").values_list("pk", flat=True))

    def total(self):
        return self.aggregate(n=models.Count("pk"))["n"]

    async def anewest(self):
        return await self.order_by("-pk").afirst()


class Order(Stamped):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    status = models.CharField(max_length=20, default="open")

    objects = OrderQuerySet.as_manager()

    def __str__(self):
        return f"order {self.pk}"

    def label(self):
        return f"{self.pk} ({self.status})"

    def summary(self):
        return f"{self.customer.name}: {self.status}"

    def deep_summary(self):
        return f"deep {self.summary()}"

    @property
    def customer_name(self):
        return self.customer.name

    @property
    def customer_key(self):
        return self.customer_id

    def line_total(self):
        return sum(line.quantity for line in self.line_set.all())

    def is_open(self):
        return self.status == "open"

    async def acustomer_name(self):
        customer = await Customer.objects.aget(pk=self.customer_id)
        return customer.name


class OpenManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(status="open")


class OpenOrder(Order):
    objects = OpenManager()

    class Meta:
        proxy = True

    def close(self):
        self.status = "closed"
        self.save()


class LineQuerySet(models.QuerySet):
    def big(self):
        return self.filter(quantity__gte=2)

    def quantities(self):
        return [line.quantity for line in self.order_by("pk")]


class LineManager(models.Manager.from_queryset(LineQuerySet)):
    def create(self, **values):
        values.setdefault("quantity", 7)
        return super().create(**values)

    def biggest(self):
        return self.order_by("-quantity", "pk").first()


class Line(Stamped):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    quantity = models.IntegerField(default=1)

    objects = LineManager()

    def __str__(self):
        return f"{self.quantity} x {self.product.name}"

    def price(self):
        return self.product.price * self.quantity


class InvoiceManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("order__customer")


class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
    number = models.CharField(max_length=20, unique=True)

    objects = InvoiceManager()
    plain = models.Manager()

    def __str__(self):
        return self.number

    def addressee(self):
        return self.order.customer.name


class Note(models.Model):
    text = models.TextField()
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

    def __str__(self):
        return self.text


def next_number():
    """A default that queries."""
    return (Voucher.objects.aggregate(n=models.Max("number"))["n"] or 0) + 1


class Voucher(models.Model):
    code = models.CharField(max_length=20)
    number = models.IntegerField(default=next_number)

    def save(self, *args, **kwargs):
        self.code = f"{self.code}-{Tag.objects.count()}"
        super().save(*args, **kwargs)

    def __bool__(self):
        return self.number > 0

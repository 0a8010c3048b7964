from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    notes = GenericRelation("shop.Note")

    def __str__(self):
        return self.name


class Profile(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self):
        return self.phone


class Tag(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self):
        return self.name


class Product(models.Model):
    name = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    tags = models.ManyToManyField(Tag, related_name="products", blank=True)

    def __str__(self):
        return self.name


class OrderQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status="open")

    def newest(self):
        return self.order_by("-created").first()


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, blank=True)
    status = models.CharField(max_length=20, default="open")
    created = models.DateTimeField(auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    def __str__(self):
        return f"order {self.pk}"

    def label(self):
        return f"{self.pk} ({self.status})"


class Note(models.Model):
    text = models.TextField()
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

    def __str__(self):
        return self.text

"""The rows that every program finds, the same in every process: results are compared as texts."""

import datetime

from django.contrib.auth.hashers import make_password

from .models import (
    Badge,
    Customer,
    Gadget,
    Invoice,
    Line,
    Member,
    Note,
    Order,
    Product,
    Profile,
    Tag,
    Team,
    Voucher,
)


def create():
    """Fill the tables."""
    teams = [Team.objects.create(name=name) for name in ("Red", "Blue")]
    Member.objects.create_superuser("ada", "ada@example.com", "secret", team=teams[0])
    member = Member.objects.create_user("bob", "bob@example.com", "secret", team=teams[1])
    tags = [Tag.objects.create(name=f"tag {n}") for n in range(1, 4)]
    for number, name in enumerate(["Grace", "Alan", "Edsger"], 1):
        team = teams[number % 2]
        customer = Customer.objects.create(
            name=name, email=f"{name.lower()}@example.com", team=team, editor=member
        )
        Profile.objects.create(customer=customer, phone=f"555-010{number}")
        product = Product.objects.create(name=f"Product {number}", price=number * 10)
        product.tags.add(*tags[:number])
        first = Order.objects.create(customer=customer, product=product, editor=member)
        second = Order.objects.create(customer=customer, status="closed", parent=first, editor=member)
        for order in (first, second):
            Line.objects.create(order=order, product=product, quantity=number, editor=member)
            Invoice.objects.create(order=order, number=f"INV-{order.pk}")
        Note.objects.create(text=f"note {number}", target=customer)
    Badge.objects.create(customer_id=1, label="gold")
    Gadget.objects.create(name="Gadget", price=5, maker=teams[0])
    Voucher.objects.create(code="A")
    for model in (Customer, Order, Line):
        for row in model.objects.all():
            at = datetime.datetime(2024, 1, row.pk, tzinfo=datetime.timezone.utc)
            model.objects.filter(pk=row.pk).update(created=at)
    Member.objects.update(password=make_password("secret", salt="salt"))

"""The rows that every example finds."""

from django.contrib.auth.models import User

from .models import Customer, Note, Order, Product, Profile, Tag


def create():
    User.objects.create_superuser("ada", "ada@example.com", "secret")
    for number, name in enumerate(["Grace", "Alan", "Edsger"], 1):
        customer = Customer.objects.create(name=name, email=f"{name.lower()}@example.com")
        Profile.objects.create(customer=customer, phone=f"555-010{number}")
        product = Product.objects.create(name=f"Product {number}", price=number * 10)
        product.tags.add(Tag.objects.create(name=f"tag {number}"))
        Order.objects.create(customer=customer, product=product)
        Order.objects.create(customer=customer, status="closed")
        Note.objects.create(text=f"note {number}", target=customer)

from django.db import models
from django.utils.translation import ugettext_lazy as _


class Customer(models.Model):
    name = models.CharField(_("name"), max_length=100)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)  # noqa: DUR4005

    class Meta:
        index_together = [("customer", "paid")]

"""Serializers of Django REST framework and response schemas of Ninja: what they read, as both do when they run.

Each statement below was run with Django 5.2, Django REST framework 3.18, adrf 0.1.14 and Ninja 1.7.1: those with a
mark raise, the others do not.
"""

from __future__ import annotations

from tests.flow.support import check

MODELS = """\
from django.db import models


class Team(models.Model):
    name = models.CharField(max_length=9)


class Customer(models.Model):
    name = models.CharField(max_length=9)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)

    @property
    def team_name(self):
        return self.team.name


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    status = models.CharField(max_length=9)

    def title(self):
        return self.customer.name
"""

SERIALIZERS = """\
from asgiref.sync import sync_to_async
from rest_framework import serializers
from adrf.serializers import ModelSerializer as AsyncModelSerializer

from shopapp.models import Customer, Order, Team


class TeamSerializer(serializers.ModelSerializer):
    class Meta:
        model = Team
        fields = ["id", "name"]


class CustomerSerializer(serializers.ModelSerializer):
    team = TeamSerializer()

    class Meta:
        model = Customer
        fields = ["id", "name", "team"]


class PlainSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "status", "customer"]


class SourceSerializer(serializers.ModelSerializer):
    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Order
        fields = ["id", "customer_name"]


class MethodSerializer(serializers.ModelSerializer):
    who = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = ["id", "who"]

    def get_who(self, order):
        return order.customer.name


class TitleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "title"]


class OrdersSerializer(serializers.ModelSerializer):
    orders = PlainSerializer(many=True)

    class Meta:
        model = Customer
        fields = ["id", "orders"]


class KeysSerializer(serializers.ModelSerializer):
    class Meta:
        model = Customer
        fields = ["id", "orders"]


class AsyncSourceSerializer(AsyncModelSerializer):
    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Order
        fields = ["id", "customer_name"]


async def plain():
    order = await Order.objects.aget(pk=1)
    return PlainSerializer(order).data


async def source():
    order = await Order.objects.aget(pk=1)
    return SourceSerializer(order).data  #! call


async def source_fetched():
    order = await Order.objects.select_related("customer").aget(pk=1)
    return SourceSerializer(order).data


async def method():
    order = await Order.objects.aget(pk=1)
    return MethodSerializer(order).data  #! call


async def method_fetched():
    order = await Order.objects.select_related("customer").aget(pk=1)
    return MethodSerializer(order).data


async def title():
    order = await Order.objects.aget(pk=1)
    return TitleSerializer(order).data  #! call


async def nested():
    customer = await Customer.objects.aget(pk=1)
    return CustomerSerializer(customer).data  #! call


async def nested_fetched():
    customer = await Customer.objects.select_related("team").aget(pk=1)
    return CustomerSerializer(customer).data


async def many_queryset():
    return PlainSerializer(Order.objects.all(), many=True).data  #! call


async def many_list():
    return PlainSerializer([order async for order in Order.objects.all()], many=True).data


async def many_list_source():
    orders = [order async for order in Order.objects.all()]
    return SourceSerializer(orders, many=True).data  #! call


async def reverse():
    customer = await Customer.objects.aget(pk=1)
    return OrdersSerializer(customer).data  #! call


async def reverse_prefetched():
    customer = await Customer.objects.prefetch_related("orders").aget(pk=1)
    return OrdersSerializer(customer).data


async def keys():
    customer = await Customer.objects.aget(pk=1)
    return KeysSerializer(customer).data  #! call


async def bridge():
    order = await Order.objects.aget(pk=1)
    return await sync_to_async(lambda: SourceSerializer(order).data)()


async def made():
    order = await Order.objects.aget(pk=1)
    return SourceSerializer(order)


async def adata():
    order = await Order.objects.aget(pk=1)
    return await AsyncSourceSerializer(order).adata


async def adrf_data():
    order = await Order.objects.aget(pk=1)
    return AsyncSourceSerializer(order).data  #! call


async def input():
    serializer = PlainSerializer(data={"status": "x"})
    return serializer.initial_data
"""

OPERATIONS = """\
from ninja import Field, ModelSchema, NinjaAPI, Schema

from shopapp.models import Customer, Order

api = NinjaAPI()


class TeamOut(Schema):
    name: str


class CustomerOut(Schema):
    name: str
    team: TeamOut


class FlatOut(Schema):
    name: str


class OrderOut(ModelSchema):
    class Meta:
        model = Order
        fields = ["id", "status", "customer"]


class AliasOut(Schema):
    id: int
    who: str = Field(..., alias="customer.name")


class ResolvedOut(Schema):
    id: int
    who: str

    @staticmethod
    def resolve_who(obj):
        return obj.customer.name


class ListOut(Schema):
    name: str
    orders: list[OrderOut]


@api.get("/n01", response=CustomerOut)
async def n01(request):
    return await Customer.objects.aget(pk=1)  #! call


@api.get("/n02", response=CustomerOut)
async def n02(request):
    return await Customer.objects.select_related("team").aget(pk=1)


@api.get("/n03", response=FlatOut)
async def n03(request):
    return await Customer.objects.aget(pk=1)


@api.get("/n04", response=list[FlatOut])
async def n04(request):
    return Customer.objects.all()  #! evaluate


@api.get("/n05", response=list[FlatOut])
async def n05(request):
    return [customer async for customer in Customer.objects.all()]


@api.get("/n06", response=list[CustomerOut])
async def n06(request):
    return [customer async for customer in Customer.objects.all()]  #! call


@api.get("/n07", response=OrderOut)
async def n07(request):
    return await Order.objects.aget(pk=1)


@api.get("/n08", response=AliasOut)
async def n08(request):
    return await Order.objects.aget(pk=1)  #! call


@api.get("/n09", response=ResolvedOut)
async def n09(request):
    return await Order.objects.aget(pk=1)  #! call


@api.get("/n10", response={200: ResolvedOut, 404: FlatOut})
async def n10(request):
    order = await Order.objects.select_related("customer").aget(pk=1)
    return order


@api.get("/n11", response=ListOut)
async def n11(request):
    return await Customer.objects.aget(pk=1)  #! call


@api.get("/n12", response=ListOut)
async def n12(request):
    return await Customer.objects.prefetch_related("orders").aget(pk=1)


@api.get("/n13", response={200: CustomerOut})
async def n13(request):
    customer = await Customer.objects.aget(pk=1)
    return 200, customer  #! call


@api.get("/n14", response=list[FlatOut])
def n14(request):
    return Customer.objects.all()
"""


def test_serializers() -> None:
    """Relations, sources, methods and properties are read where `.data` is; keys are there."""
    check(SERIALIZERS, {"shopapp/__init__.py": "", "shopapp/models.py": MODELS})


def test_response_schemas() -> None:
    """Async operations write their response on the event loop, sync ones in a thread."""
    check(OPERATIONS, {"shopapp/__init__.py": "", "shopapp/models.py": MODELS})

"""GraphQL servers on the event loop: what they read of objects that resolvers return.

Each statement below was run with Django 5.2, Strawberry 0.327, strawberry-django 0.91, Ariadne 1.1 and Graphene-Django
3.2: a selection of every field makes those with a mark raise, the others do not.
"""

from __future__ import annotations

import pytest

from tests.flow.support import check
from tests.flow.test_responses import MODELS

FILES = {"shopapp/__init__.py": "", "shopapp/models.py": MODELS}

STRAWBERRY = """\
import strawberry
from typing import List, Optional
from shopapp.models import Customer, Order, Team

@strawberry.type
class TeamType:
    name: str

@strawberry.type
class CustomerType:
    name: str
    team: TeamType

@strawberry.type
class NamedType:
    team_name: str

@strawberry.type
class OrderType:
    status: str
    customer: CustomerType

@strawberry.type
class KeyType:
    status: str
    customer_id: int

@strawberry.type
class OwnType:
    status: str

    @strawberry.field
    async def customer(self) -> CustomerType:
        return await Customer.objects.select_related("team").aget(pk=self.customer_id)

@strawberry.type
class Query:
    @strawberry.field
    async def order(self) -> OrderType:
        return await Order.objects.aget()  #! call

    @strawberry.field
    async def half(self) -> Optional[OrderType]:
        return await Order.objects.select_related("customer").afirst()  #! call

    @strawberry.field
    async def whole(self) -> OrderType:
        return await Order.objects.select_related("customer__team").aget()

    @strawberry.field
    async def named(self) -> NamedType:
        return await Customer.objects.aget()  #! call

    @strawberry.field
    async def key(self) -> KeyType:
        return await Order.objects.aget()

    @strawberry.field
    async def own(self) -> OwnType:
        return await Order.objects.aget()

    @strawberry.field
    async def rows(self) -> list[KeyType]:
        return Order.objects.all()  #! evaluate

    @strawberry.field
    async def listed(self) -> List[OrderType]:
        return [order async for order in Order.objects.all()]  #! call

    @strawberry.field
    async def fetched(self) -> List[OrderType]:
        return [order async for order in Order.objects.select_related("customer__team")]

async def a_test() -> None:
    await Query().order()
"""

ON_DJANGO = """\
import strawberry
import strawberry_django
from strawberry import auto
from shopapp.models import Order

@strawberry_django.type(Order)
class OrderType:
    status: auto
    customer: "CustomerType"

@strawberry.type
class Query:
    orders: list[OrderType] = strawberry_django.field()

    @strawberry.field
    async def order(self) -> OrderType:
        return await Order.objects.aget()

    @strawberry_django.field
    async def threaded(self) -> list[OrderType]:
        return Order.objects.all()

    @strawberry.field
    async def rows(self) -> list[OrderType]:
        return Order.objects.all()  #! evaluate
"""

GRAPHENE = """\
import graphene
from graphene_django import DjangoObjectType
from shopapp.models import Customer, Order, Team

class CustomerType(DjangoObjectType):
    class Meta:
        model = Customer
        fields = ["name"]

class OrderType(DjangoObjectType):
    class Meta:
        model = Order
        fields = "__all__"

class BareType(DjangoObjectType):
    class Meta:
        model = Order
        fields = ["status"]

class OwnType(graphene.ObjectType):
    customer = graphene.Field(CustomerType)

    async def resolve_customer(root, info):
        return await Customer.objects.aget(pk=root.customer_id)

class ReadType(graphene.ObjectType):
    customer = graphene.Field(CustomerType)

class BuyerType(graphene.ObjectType):
    orders = graphene.List(BareType)

class Query(graphene.ObjectType):
    order = graphene.Field(OrderType)
    bare = graphene.Field(BareType)
    own = graphene.Field(OwnType)
    read = graphene.Field(ReadType)
    orders = graphene.List(graphene.NonNull(lambda: OrderType))
    joined = graphene.List(OrderType)

    async def resolve_order(root, info):
        return await Order.objects.aget()  #! call

    async def resolve_bare(root, info):
        return await Order.objects.aget()

    async def resolve_own(root, info):
        return await Order.objects.aget()

    async def resolve_read(root, info):
        return await Order.objects.aget()  #! call

    async def resolve_orders(root, info):
        return Order.objects.select_related("customer")  #! evaluate

    async def resolve_joined(root, info):
        return [order async for order in Order.objects.select_related("customer")]
"""

GRAPHENE_ALL = """\
import graphene
from graphene_django import DjangoObjectType
from shopapp.models import Customer, Order

class CustomerType(DjangoObjectType):
    class Meta:
        model = Customer
        fields = ("name", "orders")

class OrderType(DjangoObjectType):
    class Meta:
        model = Order
        exclude = ["customer"]

class Query(graphene.ObjectType):
    customer = graphene.Field(CustomerType)
    warm = graphene.Field(CustomerType)

    async def resolve_customer(root, info):
        return await Customer.objects.aget()  #! call

    async def resolve_warm(root, info):
        return await Customer.objects.prefetch_related("orders").aget()
"""

ARIADNE = '''\
from ariadne import ObjectType, QueryType, gql, make_executable_schema
from shopapp.models import Customer, Order

type_defs = gql("""
type Query { order: Order!, joined: Order, rows(first: Int = 3): [Bare!]!, bare: Bare, own: Own }
"The customer: { of an order }"
type Customer { name: String! }
type Order { status: String!  customer: Customer! }
type Bare { status: String customerId: Int }
type Own { customer: Customer }
""")
query, own = QueryType(), ObjectType("Own")
query = QueryType()
own = ObjectType("Own")

@query.field("order")
async def resolve_order(root, info):
    return await Order.objects.aget()  #! call

@query.field("joined")
async def resolve_joined(root, info):
    return await Order.objects.select_related("customer").aget()

@query.field("bare")
async def resolve_bare(root, info):
    return await Order.objects.aget()

@query.field("own")
async def resolve_own(root, info):
    return await Order.objects.aget()

@query.field("rows")
async def resolve_rows(root, info, first=3):
    return Order.objects.all()[:first]  #! evaluate

@own.field("customer")
async def resolve_customer(root, info):
    return await Customer.objects.aget(pk=root.customer_id)
'''


@pytest.mark.parametrize("text", [STRAWBERRY, ON_DJANGO, GRAPHENE, GRAPHENE_ALL, ARIADNE])
def test_what_is_read_of_an_object_that_a_resolver_returns(text: str) -> None:
    """Lists are iterated, and fields without a resolver are attributes of the object, on the loop."""
    check(text, FILES)


def test_names_are_converted_where_the_schema_says_so() -> None:
    """`teamName` is no attribute; with `convert_names_case` it is the property `team_name`, which queries."""
    text = ARIADNE[: ARIADNE.index("type_defs")] + (
        'type_defs = "type Query { who: Who } type Who { teamName: String }"\n'
        "query = QueryType()\n\n"
        '@query.field("who")\n'
        "async def who(root, info):\n"
        "    return await Customer.objects.aget()"
    )
    check(text + "\n\nschema = make_executable_schema(type_defs, query)\n", FILES)
    converted = "schema = make_executable_schema(type_defs, query, convert_names_case=True)\n"
    check(text + "  #! call\n\n" + converted, FILES)


def test_a_schema_may_stand_in_files_of_its_own() -> None:
    """`load_schema_from_path` names a file or a folder."""
    text = ARIADNE[: ARIADNE.index("type_defs")] + (
        'from ariadne import load_schema_from_path\ntype_defs = load_schema_from_path("schema/")\n'
        "query = QueryType()\n\n"
        '@query.field("order")\n'
        "async def order(root, info):\n"
        "    return await Order.objects.aget()  #! call\n"
    )
    sdl = "type Query { order: Order }\n# type Order { nothing: Int }\ntype Order { customer: Customer }\n"
    check(text, {**FILES, "schema/order.graphql": sdl})


def test_sync_resolvers_run_where_the_schema_is_served() -> None:
    """An ASGI application says nothing about it: a sync view executes the schema in a thread."""
    text = (
        "import strawberry\nfrom shopapp.models import Order\n\n"
        "@strawberry.type\nclass OrderType:\n    status: str\n\n"
        "@strawberry.type\nclass Query:\n    @strawberry.field\n    def orders(self) -> list[OrderType]:\n"
        "        return Order.objects.all()"
    )
    asgi = {"asgi.py": "from django.core.asgi import get_asgi_application\n"}
    sync = {
        "urls.py": "from strawberry.django.views import GraphQLView\nview = GraphQLView.as_view(schema=1)\n"
    }
    both = {
        "urls.py": "from strawberry.django.views import AsyncGraphQLView\nv = AsyncGraphQLView.as_view()\n"
    }
    check(text + "\n", {**FILES, **asgi, **sync})
    check(text + "  #! evaluate\n", {**FILES, **asgi, **both})

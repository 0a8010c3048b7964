from django.http import JsonResponse
from django.utils.encoding import force_text

from shop.models import Order


def latest_order():
    return Order.objects.latest("pk")


async def order_detail(request, pk):
    order = Order.objects.get(pk=pk)
    return JsonResponse({"id": order.pk, "note": force_text(request.GET.get("note", ""))})


async def latest(request):
    order = latest_order()
    return JsonResponse({"id": order.pk})


async def unpaid(request):
    orders = await Order.objects.filter(paid=False).aiterator()
    return JsonResponse({"orders": [order.pk for order in orders]})

from django.http import JsonResponse
from django.utils.encoding import force_text

from shop.models import Order


async def order_detail(request, pk):
    order = Order.objects.get(pk=pk)
    return JsonResponse({"id": order.pk, "note": force_text(request.GET.get("note", ""))})


async def unpaid(request):
    orders = [order.pk async for order in Order.objects.filter(paid=False)]
    return JsonResponse({"orders": orders})

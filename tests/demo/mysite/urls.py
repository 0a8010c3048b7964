from django.conf.urls import url

from shop import views

urlpatterns = [
    url(r"^orders/(?P<pk>\d+)/$", views.order_detail, name="order-detail"),
]

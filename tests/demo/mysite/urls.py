from django.conf.urls import url

from shop import views

urlpatterns = [
    url(r"^orders/latest/$", views.latest),
    url(r"^orders/unpaid/$", views.unpaid),
    url(r"^orders/(?P<pk>\d+)/$", views.order_detail),
]

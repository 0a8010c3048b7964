"""No routes: examples call their views."""

urlpatterns = []

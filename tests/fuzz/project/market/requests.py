"""Requests as the middleware leaves them: a session that is not loaded, a user that is not fetched."""

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model, login
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory


def _respond(request):
    return HttpResponse()


def make_request(path: str = "/") -> HttpRequest:
    """A request with the session cookie of a user who is logged in."""
    first = RequestFactory().get("/")
    SessionMiddleware(_respond).process_request(first)
    user = get_user_model().objects.get(pk=2)
    login(first, user, "django.contrib.auth.backends.ModelBackend")
    first.session["cart"] = [1, 2]
    first.session.save()
    request = RequestFactory().get(path)
    request.COOKIES["sessionid"] = first.session.session_key
    for middleware in (SessionMiddleware, AuthenticationMiddleware):
        middleware(_respond).process_request(request)
    return request


amake_request = sync_to_async(make_request)

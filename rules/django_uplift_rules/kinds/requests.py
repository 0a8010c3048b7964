"""Requests, and the names of their headers."""

from __future__ import annotations

REQUESTS = frozenset(
    {
        "django.http.HttpRequest",
        "django.core.handlers.wsgi.WSGIRequest",
        "django.core.handlers.asgi.ASGIRequest",
        "rest_framework.request.Request",
    }
)


def header_of(key: str) -> str | None:
    """The header that a key of ``META`` (or a test client's keyword) stands for; None for any other.

    ``HTTP_CONTENT_TYPE`` is none: Django keeps that header without the prefix.
    """
    if not key.startswith("HTTP_") or key in ("HTTP_", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
        return None
    return key.removeprefix("HTTP_").replace("_", "-").lower() if key.isupper() and key.isascii() else None

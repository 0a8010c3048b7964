"""Packages that the analysis knows by their names: what their source says would only hide what tables say."""

from __future__ import annotations

KNOWN_BY_NAME = frozenset(
    {
        "adrf", "aiohttp", "anyio", "ariadne", "asgiref", "asyncer", "cbs", "celery", "channels", "configurations",
        "django", "fastapi", "graphene", "graphene_django", "gunicorn", "httpx", "ninja", "ninja_extra", "pytest",
        "pytest_django", "requests", "rest_framework", "starlette", "strawberry", "strawberry_django", "structlog",
        "typing_extensions", "uvicorn",
    }
)  # fmt: skip
"""Top-level packages of which only models are read."""

_DEFINITIONS = frozenset({"models", "managers", "querysets", "query"})


def is_read(module: str) -> bool:
    """Whether an installed module may be read as source.

    Django's own never is: what its functions do was measured, and stands in tables.
    """
    top, *rest = module.split(".")
    if top not in KNOWN_BY_NAME:
        return True
    return top != "django" and not _DEFINITIONS.isdisjoint(rest)

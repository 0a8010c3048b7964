"""Packages that the analysis knows by their names: what their source says would only hide what tables say."""

from __future__ import annotations

KNOWN_BY_NAME = frozenset(
    {
        "adrf", "aiohttp", "anthropic", "anyio", "ariadne", "asgiref", "asyncer", "boto3", "botocore", "cbs",
        "celery", "channels", "configurations", "django", "django_redis", "elasticsearch", "fastapi", "graphene",
        "graphene_django", "groq", "gunicorn", "httpx", "minio", "mistralai", "more_itertools", "ninja",
        "ninja_extra", "openai", "pytest", "pytest_django", "reactpy", "redis", "requests", "rest_framework",
        "starlette", "strawberry", "strawberry_django", "stripe", "structlog", "twilio", "typing_extensions",
        "uvicorn",
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

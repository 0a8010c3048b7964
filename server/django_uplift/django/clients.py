"""Clients of services whose calls wait for the network: Redis, object stores, brokers, language models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Client(NamedTuple):
    """A client's class. `waits` are the methods that ask the server; without them all do but the `quick` ones."""

    server: str
    waits: frozenset[str] = frozenset()
    quick: frozenset[str] = frozenset()
    makes: Mapping[str, str] = {}
    """The classes of what its methods give."""
    is_nested: bool = False
    """Whether its methods stand in namespaces: ``client.chat.completions.create()``."""

    def asks(self, method: str) -> bool:
        """Whether a method waits for the server."""
        if method.startswith("_"):
            return False
        return method in self.waits if self.waits else method not in self.quick and method not in self.makes


_VERBS = frozenset(
    {"create", "parse", "stream", "retrieve", "list", "generate", "generate_content", "fetch", "embed"}
)
_MODEL = Client("the model's server", _VERBS, is_nested=True)

CLIENTS: dict[str, Client] = {
    "redis.Redis": Client(
        "the Redis server",
        quick=frozenset({
            "register_script", "get_encoder", "get_connection_kwargs", "set_response_callback", "close", "from_pool",
            "get_retry", "set_retry", "parse_response", "load_external_module", "auto_close_connection_pool",
        }),
        makes={"pipeline": "redis.client.Pipeline", "lock": "redis.lock.Lock", "pubsub": "redis.client.PubSub"},
    ),
    "redis.client.Pipeline": Client("the Redis server", frozenset({"execute", "watch", "immediate_execute_command"})),
    "redis.client.PubSub": Client(
        "the Redis server",
        frozenset({"subscribe", "psubscribe", "unsubscribe", "punsubscribe", "get_message", "listen", "ping"}),
    ),
    "redis.lock.Lock": Client(
        "the Redis server", frozenset({"acquire", "release", "extend", "reacquire", "locked", "owned"})
    ),
    "botocore.client.BaseClient": Client(
        "AWS",
        quick=frozenset({
            "generate_presigned_url", "generate_presigned_post", "get_paginator", "get_waiter", "can_paginate", "close",
        }),
    ),
    "boto3.Session": Client(
        "AWS", frozenset({"get_credentials"}), makes={"client": "botocore.client.BaseClient"}
    ),
    "celery.canvas.Signature": Client("the message broker", frozenset({"delay", "apply_async"})),
    "celery.Celery": Client("the message broker", frozenset({"send_task"})),
    "minio.Minio": Client(
        "the object store",
        quick=frozenset({"presigned_get_object", "presigned_put_object", "trace_on", "trace_off", "set_app_info"}),
    ),
    "elasticsearch.Elasticsearch": Client(
        "Elasticsearch",
        frozenset({"search", "index", "get", "update", "delete", "bulk", "count", "msearch", "ping"}),
    ),
    **dict.fromkeys(
        ("openai.OpenAI", "openai.AzureOpenAI", "anthropic.Anthropic", "groq.Groq", "mistralai.Mistral"), _MODEL
    ),
    "twilio.rest.Client": Client("Twilio", frozenset({"create", "fetch", "list"}), is_nested=True),
}  # fmt: skip
ALIASES = {
    **dict.fromkeys(
        ("redis.StrictRedis", "redis.client.Redis", "redis.client.StrictRedis", "redis.RedisCluster",
         "redis.cluster.RedisCluster"),
        "redis.Redis",
    ),
    "boto3.session.Session": "boto3.Session",
    "celery.app.base.Celery": "celery.Celery",
    "celery.Signature": "celery.canvas.Signature",
}  # fmt: skip
"""Other names of these classes."""
MAKERS = {
    **dict.fromkeys(
        ("redis.from_url", "redis.Redis.from_url", "redis.StrictRedis.from_url", "django_redis.get_redis_connection"),
        "redis.Redis",
    ),
    "boto3.client": "botocore.client.BaseClient",
    **dict.fromkeys(
        ("celery.signature", "celery.chain", "celery.group", "celery.chord", "celery.canvas.signature",
         "celery.canvas.chain", "celery.canvas.group", "celery.canvas.chord"),
        "celery.canvas.Signature",
    ),
}  # fmt: skip
"""Functions, and the classes of what they give."""
_STRIPE = frozenset({"create", "retrieve", "list", "modify", "delete", "search", "cancel", "pay", "confirm"})


def client_of(cls: str) -> Client | None:
    """What is known of a client's class."""
    return CLIENTS.get(ALIASES.get(cls, cls))


def server_of(function: str) -> str:
    """The server for which a function of a package waits; '' if it is none that we know."""
    package, _, rest = function.partition(".")
    if package == "stripe" and rest.count(".") >= 1 and rest.rpartition(".")[2] in _STRIPE:
        return "Stripe"
    return ""

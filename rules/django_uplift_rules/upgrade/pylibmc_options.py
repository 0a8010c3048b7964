import ast

from django_uplift.api import Context, Found, Rule, Setting

_BACKEND = "django.core.cache.backends.memcached.PyLibMCCache"
_CLIENT_TAKES = frozenset({"behaviors", "binary", "username", "password"})


class PylibmcOptions(Rule):
    """`OPTIONS` goes to the client as it is; behaviours have a dictionary of their own in it."""

    settings = ("CACHES",)

    def prefilter(self, data: bytes) -> bool:
        """The backend stands in the file."""
        return b"PyLibMCCache" in data

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """Each cache of that backend."""
        if not isinstance(setting.value, ast.Dict):
            return
        for cache in setting.value.values:
            told = _items(cache)
            backend = told.get("BACKEND")
            if isinstance(backend, ast.Constant) and backend.value == _BACKEND and "OPTIONS" in told:
                options = told["OPTIONS"]
                for key in options.keys if isinstance(options, ast.Dict) else ():
                    if isinstance(key, ast.Constant) and str(key.value) not in _CLIENT_TAKES:
                        message = (
                            f"The pylibmc behaviour {key.value!s} as an option of its own {self.since(ctx.target)}: "
                            'set it in OPTIONS["behaviors"]'
                        )
                        yield self.finding(ctx, key, message)


def _items(node: ast.expr) -> dict[str, ast.expr]:
    if not isinstance(node, ast.Dict):
        return {}
    return {
        key.value: value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


rule = PylibmcOptions(
    "DUR2111",
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)

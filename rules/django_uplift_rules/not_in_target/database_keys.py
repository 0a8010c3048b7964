from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Found, Release, Rule, Setting, Severity

# Keys of an entry that came later: ignored before.
_NEWER_KEYS = {"CONN_HEALTH_CHECKS": Release(4, 1)}

# Keys of OPTIONS that a backend takes out for itself, and since when: before, the driver gets them and fails.
_NEWER_OPTIONS = {
    "postgresql": {
        "assume_role": Release(4, 2),
        "server_side_binding": Release(4, 2),
        "pool": Release(5, 1),
    },
    "postgis": {
        "assume_role": Release(4, 2),
        "server_side_binding": Release(4, 2),
        "pool": Release(5, 1),
    },
    "sqlite3": {"init_command": Release(5, 1), "transaction_mode": Release(5, 1)},
    "spatialite": {"init_command": Release(5, 1), "transaction_mode": Release(5, 1)},
    "oracle": {"pool": Release(5, 2)},
}
_POOLED = {backend: known["pool"] for backend, known in _NEWER_OPTIONS.items() if "pool" in known}
_LOOKED_AT = tuple(
    name.encode() for name in {"POOL", *_NEWER_KEYS, *(o for known in _NEWER_OPTIONS.values() for o in known)}
)
_BACKENDS = ("django.db.backends.", "django.contrib.gis.db.backends.")


class DatabaseKeys(Rule):
    """Keys of DATABASES that the target does not know, and pooling in the wrong place."""

    settings = ("DATABASES",)
    default_severity = Severity.ERROR

    def prefilter(self, data: bytes) -> bool:
        """Whether a key stands there that is looked at."""
        return any(key in data for key in _LOOKED_AT)

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The whole of DATABASES, as a literal."""
        if isinstance(setting.value, ast.Dict):
            for entry in setting.value.values:
                if isinstance(entry, ast.Dict):
                    yield from self._entry(entry, ctx)

    def _entry(self, entry: ast.Dict, ctx: Context) -> Iterator[Finding]:
        keys = _keys(entry)
        backend = _backend(keys)
        if backend is None:
            return
        if "POOL" in keys and not ctx.excused(keys["POOL"][0]):
            since = _POOLED.get(backend)
            where = (
                f"set it in OPTIONS['pool'], from Django {since} on" if since else "this backend has no pool"
            )
            yield self.finding(ctx, keys["POOL"][0], f"Django ignores the key POOL of a database: {where}")
        for name, since in _NEWER_KEYS.items():
            if name in keys and ctx.target < since and not ctx.excused(keys[name][0]):
                message = (
                    f"The key {name} of a database has no effect before Django {since}, "
                    f"the target is {ctx.target}: it is silently ignored"
                )
                yield self.finding(ctx, keys[name][0], message, severity=Severity.WARNING)
        options = keys.get("OPTIONS")
        if options is not None and isinstance(options[1], ast.Dict):
            yield from self._options(backend, _keys(options[1]), keys, ctx)

    def _options(
        self,
        backend: str,
        options: dict[str, tuple[ast.expr, ast.expr]],
        keys: dict[str, tuple[ast.expr, ast.expr]],
        ctx: Context,
    ) -> Iterator[Finding]:
        for name, since in _NEWER_OPTIONS.get(backend, {}).items():
            if name in options and ctx.target < since and not ctx.excused(options[name][0]):
                message = (
                    f"The database option {name} needs Django {since}, the target is {ctx.target}: "
                    "there the driver gets it, and refuses to connect"
                )
                yield self.finding(ctx, options[name][0], message)
        age = keys.get("CONN_MAX_AGE")
        if "pool" in options and age is not None and _is_on(options["pool"][1]) and _lasts(age[1]):
            message = "CONN_MAX_AGE must be 0 with OPTIONS['pool']: Django refuses to start with both"
            if ctx.target >= _POOLED.get(backend, ctx.target) and not ctx.excused(age[0]):
                yield self.finding(ctx, age[0], message)


def _keys(node: ast.Dict) -> dict[str, tuple[ast.expr, ast.expr]]:
    return {
        key.value: (key, value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _backend(keys: dict[str, tuple[ast.expr, ast.expr]]) -> str | None:
    """The last component of a backend of Django's own; others may read what keys they like."""
    engine = keys["ENGINE"][1] if "ENGINE" in keys else None
    if isinstance(engine, ast.Constant) and isinstance(engine.value, str):
        for package in _BACKENDS:
            if engine.value.startswith(package):
                return engine.value[len(package) :]
    return None


def _is_on(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) or (isinstance(value, ast.Constant) and value.value is True)


def _lasts(value: ast.expr) -> bool:
    """Whether connections are kept: a positive number, or None."""
    if not isinstance(value, ast.Constant):
        return False
    return value.value is None or (isinstance(value.value, int) and value.value > 0)


rule = DatabaseKeys("DUN0007")

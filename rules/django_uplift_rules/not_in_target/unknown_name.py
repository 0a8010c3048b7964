from __future__ import annotations

import difflib
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Lack, Lacking, names_table
from django_uplift_rules.not_in_target import MissingName, explained, place, uses

# Names that guides and assistants make up, and what was meant.
_MEANT = {
    "django.db.models.functions.JSONExtract": (
        "name the key in the lookup, as in data__key, or use django.db.models.fields.json.KT"
    ),
    "django.db.models.functions.JSONBExtract": (
        "name the key in the lookup, as in data__key, or use django.db.models.fields.json.KT"
    ),
    "django.db.models.AsyncManager": "managers have the asynchronous methods themselves, such as aget()",
    "django.db.models.AsyncQuerySet": "querysets have the asynchronous methods themselves, such as aget()",
    "django.views.AsyncView": "a View whose handlers are coroutines is asynchronous",
    "django.views.generic.AsyncView": "a View whose handlers are coroutines is asynchronous",
    "django.utils.asyncio.sync_to_async": "it is asgiref.sync.sync_to_async",
    "django.utils.asyncio.async_to_sync": "it is asgiref.sync.async_to_sync",
}


class UnknownName(MissingName):
    """An import or an attribute access of something that no release has."""

    lack = Lack.UNKNOWN

    def missing(self, found: Lacking, ctx: Context) -> Iterator[Finding]:
        """One finding a place."""
        if explained(found, ctx):
            # Older than the table: a deprecation rule knows more about it.
            return
        releases = names_table().releases
        message = f"{found.name} is in no Django release from {releases[0]} to {releases[-1]}"
        if advice := _advice(found.name, ctx):
            message = f"{message}: {advice}"
        yield self.finding(ctx, place(found, ctx), message, uses=uses(found, ctx))


def _advice(name: str, ctx: Context) -> str:
    table = names_table()
    if name in _MEANT:
        return _MEANT[name]
    module, _, member = name.rpartition(".")
    if homes := table.homes(member, ctx.target):
        found = [f"{home}.{member}" for home in homes[:2] if not homes[0].startswith(f"{home}.")]
        return f"it is {' or '.join(found[:1] if homes[1:2] and homes[1].startswith(homes[0]) else found)}"
    here = {known.decode() for known in table.members(module, ctx.target) or ()}
    prefix = f"{module}.".encode()
    here |= {m[len(prefix) :].decode() for m in table.modules(ctx.target) if m.startswith(prefix)}
    near = difflib.get_close_matches(member, sorted(here), n=1, cutoff=0.75)
    return f"did you mean {module}.{near[0]}?" if near else ""


rule = UnknownName("DUN0002")
